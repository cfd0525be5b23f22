"""Whether a changed text says what it should, and nothing else than it did."""

from collections.abc import Collection, Mapping
from functools import lru_cache

from ..codebook import Code, Codebook
from ..codebook_file import CodebookFile, examine
from ..codebook_yaml import Problem
from .entries import EditError, TextOnlyError
from .fields import CodeFields, fields_of

FILE_NAME = "codebook.yaml"
KINDS = {"finding_type": "finding type", "theme": "theme"}
"""Kind of code to what it is called."""

Place = tuple[str, str]
"""Kind and id of a code."""


class WrongEditError(EditError):
    """What was asked for would make the codebook wrong."""


@lru_cache(maxsize=16)
def examined(source: str) -> CodebookFile:
    """What a draft's text holds, and all that is wrong with it."""
    return examine(source, FILE_NAME)


def codes_of(book: Codebook, kind: str) -> tuple[Code, ...]:
    """The codes of one kind, retired ones too."""
    if kind == "finding_type":
        return (*book.finding_types, *book.retired_finding_types)
    return (*book.themes, *book.retired_themes)


def sentence(problem: Problem) -> str:
    """A problem without its line, for where no lines are shown."""
    near = f"Nearest: '{problem.nearest}'." if problem.nearest else ""
    return " ".join(filter(None, (problem.what, near, problem.cure)))


def checked(
    before: str,
    after: str,
    said: Mapping[Place, CodeFields],
    touched: Collection[Place],
) -> str:
    """The text after a change, when it can be taken.

    Args:
        before: The text before it.
        after: The one after it.
        said: What codes have to say now.
        touched: Codes that may say something else, or be gone.

    Raises:
        WrongEditError: the codebook would be wrong; the sentences say why.
        TextOnlyError: lines were not what they looked like.
    """
    old, new = examined(before), examined(after)
    known = {(one.what, one.cure) for one in old.problems}
    found = [one for one in new.problems if (one.what, one.cure) not in known]
    if found:
        problems = " ".join(dict.fromkeys(map(sentence, found)))
        raise WrongEditError("%(problems)s", problems=problems)
    if old.codebook is None or new.codebook is None:
        raise TextOnlyError
    for kind in KINDS:
        codes = {one.id: one for one in codes_of(new.codebook, kind)}
        for one in codes_of(old.codebook, kind):
            if (kind, one.id) in touched or (kind, one.id) in said:
                continue
            if one.id not in codes or _says(one) != _says(codes[one.id]):
                raise TextOnlyError
        for (of, code_id), fields in said.items():
            if of == kind and (code_id not in codes or not _is_said(codes[code_id], fields)):
                raise TextOnlyError
    return after


def _says(code: Code) -> tuple[object, ...]:
    """What no change of another code alters."""
    said = code.names, code.definition, code.include, code.exclude, code.examples, code.retired
    return (*said, getattr(code, "section", ""), getattr(code, "words", {}))


def _is_said(code: Code, fields: CodeFields) -> bool:
    now = fields_of(code)
    return (
        dict(now.names) == {"en": next(iter(fields.names.values()), code.id), **fields.names}
        and now.definition.split() == fields.definition.split()
        and now.include == fields.include
        and now.exclude == fields.exclude
        and now.examples == fields.examples
        and now.confused_with == fields.confused_with
        and now.section == fields.section
        and now.colour in (fields.colour, now.colour if not fields.colour else "")
    )
