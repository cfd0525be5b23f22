"""Rounds replayed on passages whose labels are known: what a strategy would have been worth.

material.py   the passages, and how they are divided
files.py      from a file
replay.py     one replay: a strategy, a division, round by round
running.py    all of them, several at a time; what was made is kept
measures.py   what comes of it: curves, labels needed, reading needed
stopping.py   where the stopping rule would have ended the reading
"""
