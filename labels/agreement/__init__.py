"""How far people who decided independently of one another agree.

``independence`` says which decisions count, ``votes`` holds them, ``tables`` makes the figures by
finding type, theme, pair, language and round, ``coefficients`` has the measures, ``distances``
how far two answers lie apart, ``bootstrap`` how sure a figure is. Knows no database:
``labels/store/independent.py`` brings the votes.
"""
