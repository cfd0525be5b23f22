"""``whatworks round``: rounds of reading, the audit sample, and when to stop."""

from typing import TYPE_CHECKING, Annotated

import typer

from .classify import language_code
from .projects import AnnotatorOption, ProjectOption, annotator_name, opened_project
from .round_options import (
    EachOption,
    Format,
    FormatOption,
    NameArgument,
    NewPeopleOption,
    OverlapOption,
    QuietOption,
    ReaderOption,
    readers_of,
    share_of,
    write,
)

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from ..labels.store.rounds import StoredRound

app = typer.Typer(
    help="Choose what to read next, round by round, and see when to stop.",
    no_args_is_help=True,
    epilog="\b\nExamples:\n  whatworks round audit --size 200 --annotator Ana --annotator João\n"
    "  whatworks round new 'Round 1' --annotator Ana --annotator João --overlap 20%\n"
    "  whatworks round close 'Round 1'\n  whatworks round status",
)


_STRATEGIES = """\b
Strategies:
  default           would teach most about all labels, rare ones too
  random            by lot; the only one whose finds estimate what there is
  margin            the two likeliest labels are nearly as likely
  least-confidence  the likeliest answer is not likely
  entropy           the probabilities are spread most evenly
  coreset           farthest from all that was read
  kmeans++          by lot, likelier the farther from all that was read
  typiclust         typical of groups of passages of which little was read
  badge             would teach the model most, each in another way
  variance          leaves least to guess about all other passages
  density           unsure, and like many others
  vote-entropy      five models vote differently
  disagreement      five models' probabilities differ
  rare              likely has a label of which few were found; rare:lesson
                    hunts for that one
  balanced          by lot, languages and reports in turn; balanced-NAME
                    does so with another's choice

\b
"""
"""As ``training.strategies.named`` has them: importing it takes longer than help may."""


@app.command(
    epilog=f"{_STRATEGIES}Examples:\n"
    "  whatworks round new 'Round 1' --annotator Ana --annotator João --overlap 20%\n"
    "  whatworks round new 'Round 2' --strategy rare --size 80 --annotator Ana --blind\n"
    "  whatworks round new 'By lot' --strategy random --size 100 --annotator Ana"
)
def new(
    name: NameArgument,
    strategy: Annotated[
        str, typer.Option(metavar="NAME", help="How passages are chosen: see below.")
    ] = "default",
    size: Annotated[int, typer.Option(min=1, metavar="NUMBER", help="How many passages.")] = 50,
    annotator: ReaderOption = None,
    overlap: OverlapOption = "0%",
    each: EachOption = 1,
    blind: Annotated[
        bool, typer.Option("--blind", help="Hide suggestions until the decision is made.")
    ] = False,
    report: Annotated[
        str | None,
        typer.Option(metavar="NAME", show_default="all", help="Only passages of this report."),
    ] = None,
    language: Annotated[
        str, typer.Option(metavar="CODE", help="Only passages in this language: en, fr, es or pt.")
    ] = "",
    skip_repeats: Annotated[
        bool,
        typer.Option(
            "--skip-repeats",
            help="Leave out what nearly repeats a passage that was decided or chosen, such as an "
            "executive summary.",
        ),
    ] = False,
    seed: Annotated[
        int | None,
        typer.Option(
            min=0,
            metavar="NUMBER",
            show_default="a new one",
            help="The same number chooses and deals the same again.",
        ),
    ] = None,
    new_annotators: NewPeopleOption = False,
    made_by: AnnotatorOption = None,
    stream: FormatOption = Format.text,
    project: ProjectOption = None,
    quiet: QuietOption = False,
) -> None:
    """Choose the passages of a new round, and deal them out.

    From all that nobody decided and no open round asks for; the audit sample is never among them.
    Passages without a suggestion get one first.
    """
    from .round_making import Asked, make_round
    from .round_pages import made_facts, made_page

    code = language_code(language or None) or ""
    asked = Asked(name, strategy, size, blind, report, code, skip_repeats, seed)
    readers, by = readers_of(each, overlap), annotator_name(made_by)
    with opened_project(project) as opened:
        made = make_round(
            opened, asked, by, annotator or [], readers, new=new_annotators, quiet=quiet
        )
    write(stream, made_page(made), made_facts(made))


@app.command(
    epilog="\b\nExamples:\n  whatworks round audit --size 200 --annotator Ana --annotator João\n"
    "  whatworks round audit --enlarge 100 --annotator Ana\n"
    "  whatworks round audit --enlarge 0 --annotator Ana"
)
def audit(
    size: Annotated[
        int | None,
        typer.Option(min=1, metavar="NUMBER", show_default=False, help="Draw it: so many."),
    ] = None,
    enlarge: Annotated[
        int | None,
        typer.Option(
            min=0,
            metavar="NUMBER",
            show_default=False,
            help="Draw so many more, from reports that came since too; 0 asks again for what was "
            "left undecided when its round was closed.",
        ),
    ] = None,
    annotator: ReaderOption = None,
    overlap: OverlapOption = "0%",
    each: EachOption = 1,
    not_blind: Annotated[
        bool, typer.Option("--not-blind", help="Show suggestions: they sway people.")
    ] = False,
    name: Annotated[
        str,
        typer.Option(metavar="NAME", show_default="Audit sample", help="The name of its round."),
    ] = "",
    seed: Annotated[
        int | None,
        typer.Option(
            min=0, metavar="NUMBER", show_default="a new one", help="Of the lots of a first draw."
        ),
    ] = None,
    new_annotators: NewPeopleOption = False,
    made_by: AnnotatorOption = None,
    stream: FormatOption = Format.text,
    project: ProjectOption = None,
) -> None:
    """Draw the audit sample, or more of it: all is measured by it.

    By lot from each report and language, once, as a blind round of its own. Nothing is ever
    learned from it, so that it can say how good the model is and how much there is to find.
    """
    from .round_making import draw_audit_round
    from .round_pages import drawn_facts, drawn_page

    if (size is None) == (enlarge is None):
        raise typer.BadParameter("Give --size to draw it, or --enlarge to draw more.")
    readers, by = readers_of(each, overlap), annotator_name(made_by)
    with opened_project(project) as opened:
        done = draw_audit_round(
            opened.store,
            size,
            enlarge,
            by,
            annotator or [],
            readers,
            name=name,
            seed=seed,
            blind=not not_blind,
            new=new_annotators,
        )
    write(stream, drawn_page(done), drawn_facts(done))


@app.command("list", epilog="Example: whatworks round list --format json | jq '.[].name'")
def list_(stream: FormatOption = Format.text, project: ProjectOption = None) -> None:
    """List all rounds, the newest first, and how far each has come."""
    from ..labels.store.rounds import rounds
    from .round_pages import list_page, round_facts

    with opened_project(project) as opened, opened.store.reading() as connection:
        found = rounds(connection)
    write(stream, list_page(found), [round_facts(one) for one in found])


@app.command(
    epilog="\b\nExamples:\n  whatworks round show 'Round 1'\n"
    "  whatworks round show 'Round 1' --format json | jq '.selected[] | {passage, reason}'"
)
def show(
    name: NameArgument, stream: FormatOption = Format.text, project: ProjectOption = None
) -> None:
    """Show who has how much left, and why the passages were chosen."""
    from ..labels.store.closing import still_open
    from ..labels.store.selections import selections_in
    from .round_pages import show_facts, show_page

    with opened_project(project) as opened, opened.store.reading() as connection:
        found = _round(connection, name)
        chosen = selections_in(connection, found.id)
        left = still_open(connection, found.id)
    write(stream, show_page(found, chosen, left), show_facts(found, chosen, left))


@app.command(
    epilog="\b\nExamples:\n  whatworks round status\n"
    "  whatworks round status --format json | jq '.finding_types'"
)
def status(
    target: Annotated[
        str, typer.Option(metavar="SHARE", help="What share of all finds you want to have found.")
    ] = "95%",
    stream: FormatOption = Format.text,
    project: ProjectOption = None,
) -> None:
    """Say how much was found, what is guaranteed, and what to do next.

    Per finding type: found so far, what share of all that is at least, with 95% confidence, what a
    further hour may bring; how good the model is after each round. It never says that you may
    stop without a guarantee behind it.
    """
    from ..labels.store.round_status import round_status
    from .round_status_pages import status_facts, status_page

    share = share_of(target, "--target")
    if not 0 < share <= 1:
        raise typer.BadParameter(f"'{target}' is no share of the finds. Give 95%, or less.")
    with opened_project(project) as opened, opened.store.reading() as connection:
        found = round_status(connection, target=share)
    write(stream, status_page(found), status_facts(found))


@app.command(
    epilog="\b\nExamples:\n  whatworks round close 'Round 1'\n"
    "  whatworks round close 'Round 1' --anyway\n  whatworks round close 'Round 1' --no-train"
)
def close(
    name: NameArgument,
    anyway: Annotated[
        bool,
        typer.Option("--anyway", help="Also half done: what is open is taken back."),
    ] = False,
    train: Annotated[
        bool,
        typer.Option("--train/--no-train", help="Let the model learn from it, and suggest anew."),
    ] = True,
    stream: FormatOption = Format.text,
    project: ProjectOption = None,
    quiet: QuietOption = False,
) -> None:
    """End a round: the model learns from it and suggests anew, in seconds.

    Nothing is decided in a closed round any more. What is open is taken back with --anyway: it
    can be chosen for the next one.
    """
    from ..labels.store.closing import close_round
    from .prelabel import project_suggester
    from .progress import counting
    from .round_learning import learn
    from .round_pages import closed_facts, closed_page

    learned = None
    with opened_project(project) as opened:
        with opened.store.reading() as connection:
            found = _round(connection, name)
        taken = close_round(opened.store, found.id, anyway=anyway)
        if train:
            with counting("Suggestions", quiet=quiet) as on_progress:
                learned = learn(opened, project_suggester, on_progress=on_progress)
    write(stream, closed_page(found, taken, learned), closed_facts(found, taken, learned))


@app.command(
    "take-back",
    epilog="\b\nExamples:\n  whatworks round take-back João\n"
    "  whatworks round take-back João --to Ana --round 'Round 2'",
)
def take_back(
    person: Annotated[str, typer.Argument(metavar="PERSON", show_default=False, help="Who left.")],
    to: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME",
            show_default="those who read in the same rounds",
            help="Who takes over. May be repeated.",
        ),
    ] = None,
    round_name: Annotated[
        str | None,
        typer.Option("--round", metavar="NAME", show_default="all", help="Only in this round."),
    ] = None,
    new_annotators: NewPeopleOption = False,
    stream: FormatOption = Format.text,
    project: ProjectOption = None,
) -> None:
    """Give what waits for somebody who left to others.

    What this person has decided stays theirs, and counts.
    """
    from ..labels.store.assignments import unassign
    from ..labels.store.people import check_people
    from .round_pages import taken_facts, taken_page

    with opened_project(project) as opened:
        with opened.store.reading() as connection:
            check_people(connection, to or [], new=new_annotators)
            round_id = None if round_name is None else _round(connection, round_name).id
        done = unassign(opened.store, person, to or [], round_id=round_id)
    write(stream, taken_page(person, done), taken_facts(done))


def _round(connection: "Connection", name: str) -> "StoredRound":
    from ..labels.store.rounds import find_round

    return find_round(connection, name)
