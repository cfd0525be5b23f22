"""What suggests: ``interface.py`` says what a suggester is, then one suggester a file.

Imports ``labels`` and ``nlp``; knows nothing of training or of the command line.
"""
