"""whatworks: suggests what works in evaluation reports; people confirm it.

Folders, each importing only those to its right:
``cli → training → models → labels → nlp``.
"""

__version__ = "0.1.0"
