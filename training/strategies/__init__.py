"""Query strategies: which passages to read next. They see vectors and probabilities, no database.

interface.py    what a strategy is given, and what it gives back
named.py        all of them by name: strategy('default')
default.py      what whatworks takes where nobody says otherwise
chance.py       by lot
uncertainty.py  what the model is least sure of
diversity.py    what is unlike the rest
typical.py      what stands for many
badge.py        what would teach most, each in another way
variance.py     what leaves least to guess about all the rest
density.py      what is unsure and like many
committee.py    where models disagree
rare.py         the hunt for rare labels
balanced.py     another's choice, shared out over languages and reports
beginning.py    typical passages first, where a model has nothing to say yet
"""
