"""The codebook, suggestions and decisions: who said what about which passage.

Knows passages, not how they were suggested: imports ``nlp`` only.
"""
