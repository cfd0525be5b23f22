"""Words that stand for values: probabilities, verdicts, times."""

from ...labels.decisions import Verdict
from ...labels.exchange.words import in_words
from ...labels.texts import mark
from ...models.nearest import Nearness
from ...models.why import Strength

# The words of ``in_words``, so that they are translated.
PROBABILITIES = (
    mark("very likely"),
    mark("likely"),
    mark("more likely than not"),
    mark("possible"),
    mark("unlikely"),
    mark("very unlikely"),
)
VERDICTS = {
    Verdict.CONFIRM: mark("confirmed"),
    Verdict.CORRECT: mark("corrected"),
    Verdict.REJECT: mark("no finding"),
    Verdict.UNSURE: mark("unsure"),
    Verdict.UNDO: mark("taken back"),
}
SOURCES = {
    "web": mark("in the browser"),
    "terminal": mark("in the terminal"),
    "spreadsheet": mark("in a spreadsheet"),
    "import": mark("imported"),
}
NEARNESS = {
    Nearness.VERY: mark("very similar"),
    Nearness.CLOSE: mark("similar"),
    Nearness.SOME: mark("somewhat similar"),
    Nearness.LITTLE: mark("not very similar"),
}
STRENGTHS = {
    Strength.STRONG: mark("much less likely without it"),
    Strength.CLEAR: mark("less likely without it"),
    Strength.SOME: mark("a little less likely without it"),
}

__all__ = ["NEARNESS", "PROBABILITIES", "SOURCES", "STRENGTHS", "VERDICTS", "in_words"]
