"""The languages that a synthesis is written in."""

from pathlib import Path

from ..texts import Catalogue, Texts

CATALOGUE = Catalogue(Path(__file__).with_name("translations"), "synthesis")


def texts_in(language: str) -> Texts:
    """The words of a synthesis in a language; English for one that nobody translated into."""
    return CATALOGUE.texts(language)
