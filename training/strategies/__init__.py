"""Query strategies: which passages to read next. They see vectors and probabilities, no database.

interface.py   what a strategy is given, and what it gives back
"""
