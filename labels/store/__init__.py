"""The project's database: reports, passages, suggestions, decisions, and what follows from them.

Everything that people or models said is only ever added. Knows no model and no screen.
"""
