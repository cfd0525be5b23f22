"""Changing a codebook's file without rewriting it: what is not changed stays letter for letter.

It knows the text of a codebook and the codebook in it; it must not know of projects, of people or
of the database.
"""
