"""Values as lines of YAML, in the style in which codebook files are written by hand."""

import json
import re
import textwrap
import unicodedata
from collections.abc import Mapping, Sequence

import yaml

WIDTH = 100
_STEP = 2
_BREAKS = re.compile("\r\n|[\r\x85\u2028\u2029]")
_WORD = re.compile("[a-z][a-z_-]*")
_NO_WORDS = frozenset(("y", "n", "yes", "no", "on", "off", "true", "false", "null"))
_OTHER_THAN_TEXT = re.compile("[\ufeff\ufffe\uffff]")

HISTORY = ("renamed_from", "merged_from", "split_from", "requeue")
"""Keys by which a code says what it was, or touches, in the version before."""

Plain = str | bool | Sequence["Plain"] | Mapping[str, "Plain"]
"""What a key of a codebook file can hold."""


def clean(text: str) -> str:
    """A text as it was typed, without what no YAML file can hold and without needless spaces."""
    text = _OTHER_THAN_TEXT.sub("", _BREAKS.sub("\n", text))
    text = "".join(s for s in text if s in "\n\t" or unicodedata.category(s) not in ("Cc", "Cs"))
    # Only these: the no-break spaces of French are a part of its spelling.
    lines = [re.sub("[ \t]+", " ", line).strip(" ") for line in text.split("\n")]
    return re.sub("\n{3,}", "\n\n", "\n".join(lines)).strip("\n")


def one_line(text: str) -> str:
    """The same, on one line."""
    return clean(re.sub("\\s*\n\\s*", " ", clean(text)))


def key_lines(key: str, value: Plain, indent: int, *, flow: bool = False) -> list[str]:
    """A key with its value, from the column on.

    Args:
        key: Of a codebook file.
        value: What it is to hold.
        indent: The column.
        flow: Puts lists in brackets, and mappings too where they fit on one line.
    """
    pad, key = " " * indent, scalar(key)
    if isinstance(value, bool):
        return [f"{pad}{key}: {'true' if value else 'false'}"]
    if isinstance(value, str):
        return _text_lines(f"{pad}{key}:", value, indent + _STEP)
    if flow or not value:
        line = f"{pad}{key}: {_flow(value)}"
        if len(line) <= WIDTH or not value:
            return [line]
    if flow and isinstance(value, Sequence):
        return _bracketed(f"{pad}{key}:", value, indent + _STEP)
    if isinstance(value, Mapping):
        inner = [key_lines(k, v, indent + _STEP, flow=flow) for k, v in value.items()]
        return [f"{pad}{key}:", *(line for lines in inner for line in lines)]
    items = [item_lines(one, indent + _STEP) for one in value]
    return [f"{pad}{key}:", *(line for lines in items for line in lines)]


def item_lines(value: Plain, indent: int) -> list[str]:
    """An item of a list, its dash in the column."""
    pad = " " * indent
    if isinstance(value, Mapping):
        lines = [
            line
            for key, inner in value.items()
            for line in key_lines(
                key, inner, indent + _STEP, flow=key in ("names", "goes_with", "words", *HISTORY)
            )
        ]
        return [f"{pad}- {lines[0].strip(' ')}", *lines[1:]]
    assert isinstance(value, str)
    return _text_lines(f"{pad}-", value, indent + _STEP)


def scalar(text: str, *, flow: bool = False) -> str:
    """A text on one line: bare where YAML reads it back as just this, else in quotes.

    >>> scalar("Repairs"), scalar("3.10"), scalar("Prices: who pays")
    ('Repairs', '"3.10"', '"Prices: who pays"')
    """
    if _WORD.fullmatch(text) and text not in _NO_WORDS:
        return text
    quoted = json.dumps(text, ensure_ascii=False)
    if not text or "\n" in text or text != text.strip():
        return quoted
    around = "[{}]\n" if flow else "- {}\n"
    inside = "{{k: {}}}\n" if flow else "k: {}\n"
    bare = all(_reads_back(form.format(text), text) for form in (around, inside))
    return text if bare else quoted


def _reads_back(source: str, text: str) -> bool:
    try:
        node = yaml.compose(source, Loader=yaml.SafeLoader)
    except yaml.YAMLError:
        return False
    if not isinstance(node, yaml.CollectionNode) or len(node.value) != 1:
        return False
    inner = node.value[0][1] if isinstance(node, yaml.MappingNode) else node.value[0]
    return (
        isinstance(inner, yaml.ScalarNode)
        and inner.tag == "tag:yaml.org,2002:str"
        and inner.value == text
    )


def _flow(value: Plain) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return scalar(value, flow=True)
    if isinstance(value, Mapping):
        inner = (f"{scalar(key, flow=True)}: {_flow(one)}" for key, one in value.items())
        return f"{{{', '.join(inner)}}}"
    return f"[{', '.join(_flow(one) for one in value)}]"


def _bracketed(begin: str, items: Sequence[Plain], indent: int) -> list[str]:
    """A list in brackets that takes more than one line; none of its items is broken."""
    whole = [_flow(one).replace(" ", "\0") for one in items]
    lines = textwrap.wrap(
        f"{begin.strip()} [{', '.join(whole)}]",
        WIDTH,
        initial_indent=" " * (len(begin) - len(begin.lstrip())),
        subsequent_indent=" " * indent,
        break_long_words=False,
        break_on_hyphens=False,
    )
    return [line.replace("\0", " ") for line in lines]


def _text_lines(begin: str, text: str, indent: int) -> list[str]:
    """A text after its key or dash: on the same line, or below it."""
    line = f"{begin} {scalar(text)}"
    if "\n" not in text and (len(line) <= WIDTH or " " not in text):
        return [line]
    pad = " " * indent
    if "\n" in text:
        return [f"{begin} |-", *(f"{pad}{one}".rstrip(" ") for one in text.split("\n"))]
    folded = textwrap.wrap(
        text, WIDTH - indent, break_long_words=False, break_on_hyphens=False, tabsize=1
    )
    if " ".join(folded) != text.strip(" "):
        # At the end of a line it drops a word that is a no-break space alone.
        return [line]
    return [f"{begin} >-", *(f"{pad}{one}" for one in folded)]
