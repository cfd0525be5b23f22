"""``whatworks search``: passages by words or by meaning, confirmed or not."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ..labels.views import By
from .classify import language_code
from .projects import AnnotatorOption, ProjectOption, ReportsOption, annotator_name, opened_project
from .round_options import Format, FormatOption, QuietOption, write
from .states import states_of

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from ..labels.project import Project
    from ..labels.worklist import Ints, Passages

EPILOG = """\b
Examples:
  whatworks search 'per diem'
  whatworks search '"late funds" minist' --label obstacle --confirmed
  whatworks search 'Money came too late for the season' --by meaning --language fr
  whatworks search water --report mali-final.pdf --state suggested -o water.xlsx
"""


def search(
    text: Annotated[
        str,
        typer.Argument(
            metavar="TEXT",
            show_default=False,
            help="What to look for. Words: all must be there, 'fund' finds 'funding', and "
            "'\"per diem\"' stands together just so. By meaning: a sentence, in any language.",
        ),
    ],
    by: Annotated[
        By,
        typer.Option(
            "--by",
            metavar="words|meaning",
            help="Passages with these words, or the 100 passages nearest in meaning.",
        ),
    ] = By.WORDS,
    label: Annotated[
        str,
        typer.Option(
            metavar="CODE",
            help="Only with this finding type: confirmed, or suggested where nothing is confirmed.",
        ),
    ] = "",
    theme: Annotated[
        str, typer.Option(metavar="CODE", help="Only with this theme, in the same way.")
    ] = "",
    report: ReportsOption = None,
    language: Annotated[
        str, typer.Option(metavar="CODE", help="Only passages in this language: en, fr, es or pt.")
    ] = "",
    state: Annotated[
        list[str] | None,
        typer.Option(
            "--state",
            metavar="STATE",
            help="Only passages in this state: new, suggested, 'in review', disagreed, confirmed "
            "or stale. May be repeated.",
        ),
    ] = None,
    confirmed: Annotated[
        bool, typer.Option("--confirmed", help="Only confirmed passages: --state confirmed.")
    ] = False,
    limit: Annotated[
        int, typer.Option(min=1, metavar="NUMBER", help="How many to print; a file holds all.")
    ] = 20,
    output: Annotated[
        list[Path] | None,
        typer.Option(
            "-o",
            "--output",
            metavar="FILE",
            help="Also write it here: .csv or .xlsx. May be repeated.",
        ),
    ] = None,
    stream: FormatOption = Format.text,
    annotator: AnnotatorOption = None,
    project: ProjectOption = None,
    quiet: QuietOption = False,
) -> None:
    """Find passages in all reports, confirmed or not.

    Each says whether its labels are confirmed by people or only suggested by a model. You see no
    more than in the review app: what you are still to decide on your own shows no label.
    """
    from ..labels.code_names import find_finding_type, find_theme
    from ..labels.exchange.listing import check_listing, write_listing
    from ..labels.store.search import Finder, Wanted, find_report_id
    from ..labels.store.worklists import Worklist
    from .search_pages import COLUMNS, facts_of, hit_row, search_page

    outputs = output or []
    for path in outputs:
        check_listing(path)
    states = states_of([*(state or []), *(["confirmed"] if confirmed else [])])
    name = annotator_name(annotator)
    with opened_project(project) as opened, opened.store.reading() as connection:
        standing = Worklist().standing(connection, name)
        book = standing.codebook.codebook
        wanted = Wanted(
            label=find_finding_type(book, label) if label else "",
            theme=find_theme(book, theme) if theme else "",
            reports=[find_report_id(connection, one) for one in report or []],
            language=language_code(language or None) or "",
            states=states,
        )
        finder = Finder(connection, standing)
        places = _places(opened, connection, standing.passages, text, by, quiet=quiet)
        found = finder.among(wanted, places)
        if by is By.MEANING:
            from ..models.nearest import MOST_NEAR

            found = found[:MOST_NEAR]
        hits = finder.hits(map(int, found if outputs else found[:limit]))
    for path in outputs:
        about = f"Passages of {opened.settings.name} found by {by}: {text}"
        write_listing(path, COLUMNS, (hit_row(one, book) for one in hits), about)
        typer.echo(f"Written: {path}", err=True)
    shown = hits[:limit]
    facts = [facts_of(one) for one in shown]
    write(stream, search_page(shown, len(found), text, by, book), facts)


def _places(
    project: "Project",
    connection: "Connection",
    passages: "Passages",
    text: str,
    by: By,
    *,
    quiet: bool,
) -> "Ints":
    """The places of what is found, in order."""
    from ..labels.store.indexed_words import indexed_words
    from ..nlp.errors import WhatworksError
    from ..nlp.words import read_query

    query = read_query(text)
    if not query.terms:
        raise WhatworksError(f"'{text}' holds no word to look for. Give one or more words.")
    if by is By.WORDS:
        return indexed_words(connection).index.find(query)
    return _nearest(project, connection, passages, text, quiet=quiet)


def _nearest(
    project: "Project",
    connection: "Connection",
    passages: "Passages",
    text: str,
    *,
    quiet: bool,
) -> "Ints":
    """All places, the nearest first; what was never encoded is encoded now."""
    from ..labels.store.codebooks import current_codebook
    from ..labels.store.passages import passages_of
    from ..models.nearest import stored_vectors
    from ..models.suggester import passage_text
    from .prelabel import project_suggester
    from .progress import counting

    codebook = current_codebook(connection).codebook
    encoder = project_suggester(project, codebook, quiet=quiet)[0].encoder
    vectors = stored_vectors(connection, passages.ids, encoder)
    missing = vectors.missing
    if len(missing):
        ids = [passages.ids[place] for place in missing]
        read = passages_of(connection, ids)
        texts = [passage_text(read[one]) for one in ids]
        with counting("Passages", quiet=quiet) as on_progress:
            vectors.put(missing, encoder.encode(texts, on_progress=on_progress))
    return vectors.by_nearness(encoder.encode([text])[0])
