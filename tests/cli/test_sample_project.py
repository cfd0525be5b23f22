"""The sample project: its flat files, and what is made of them."""

import csv
import json
import shutil
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from whatworks.cli.demo import copy_samples
from whatworks.cli.sample_decisions import check_passages, read_sample_decisions
from whatworks.cli.sample_project import make_sample_project, sample_data
from whatworks.labels.agreement.tables import FINDING_TYPES, THEMES, By, Tables
from whatworks.labels.decisions import State
from whatworks.labels.project import Project, open_project
from whatworks.labels.screening import Screening, flow
from whatworks.labels.settings import read_settings
from whatworks.labels.store.audit import audit
from whatworks.labels.store.codebooks import current_codebook
from whatworks.labels.store.confirmed import confirmed_passages
from whatworks.labels.store.independent import read_independent_votes
from whatworks.labels.store.progress import project_progress
from whatworks.labels.store.register import evaluations
from whatworks.labels.store.screening import screened
from whatworks.models import folder as models
from whatworks.nlp.errors import WhatworksError
from whatworks.nlp.reading import read_report

READERS = {"Amina Diallo", "Bruno Costa"}
ADJUDICATOR = "Chen Li"
GOLD = Path(__file__).parents[1] / "samples" / "gold.jsonl"


DECISIONS = read_sample_decisions(sample_data() / "decisions.csv")


def rows_of(name: str) -> list[dict[str, str]]:
    """All rows of a file of the sample."""
    with (sample_data() / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def reports(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """The sample reports."""
    return copy_samples(tmp_path_factory.mktemp("sample") / "reports")


@pytest.fixture(scope="module")
def tiny(tiny_model: Path) -> Iterator[None]:
    """The tiny model in place of the starter."""
    load = models.load_model
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(models, "load_model", lambda _: load(tiny_model))
        yield


@pytest.fixture(scope="module")
def begun(reports: list[Path], tiny: None) -> Path:
    """The sample project before anybody said anything: broken off at the register."""
    folder = reports[0].parent.parent / "begun"
    data = Path(shutil.copytree(sample_data(), folder.parent / "data"))
    (data / "register.csv").unlink()
    with pytest.raises(WhatworksError):
        make_sample_project(folder, reports, data)
    return folder


@pytest.fixture(scope="module")
def built(begun: Path, reports: list[Path], tiny: None) -> Iterator[Project]:
    """The sample project, made once, in two goes."""
    folder = Path(shutil.copytree(begun, begun.parent / "synthesis"))
    make_sample_project(folder, reports)
    with open_project(folder) as project:
        yield project


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """The flat files, to be spoiled."""
    return Path(shutil.copytree(sample_data(), tmp_path / "data"))


def spoil(file: Path, row: int, old: str, new: str) -> None:
    """Puts something else into a row."""
    lines = file.read_text("utf-8").splitlines(keepends=True)
    assert old in lines[row - 1]
    lines[row - 1] = lines[row - 1].replace(old, new, 1)
    file.write_text("".join(lines), "utf-8")


def test_the_register_has_forty_rows_and_eight_files(reports: list[Path]) -> None:
    rows = rows_of("register.csv")
    assert len(rows) == 40
    assert {row["report"] for row in rows} - {""} == {path.name for path in reports}


def test_every_decision_speaks_of_a_passage_as_it_is_read_today(reports: list[Path]) -> None:
    passages = {one.id: one for path in reports for one in read_report(path).passages}
    check_passages(DECISIONS, passages)
    assert {row.report for row in DECISIONS} == {path.name for path in reports}


def test_two_people_decided_every_passage_and_a_third_settled_what_they_differ_on() -> None:
    said: dict[str, dict[str, tuple[frozenset[str], frozenset[str]]]] = {}
    for row in DECISIONS:
        own = said.setdefault(row.passage_id, {})
        assert row.annotator not in own
        assert row.settles == (row.annotator == ADJUDICATOR)
        own[row.annotator] = frozenset(row.finding_types), frozenset(row.themes)
    assert sum(map(len, said.values())) >= 400
    for own in said.values():
        assert own.keys() - {ADJUDICATOR} == READERS
        differ = own["Amina Diallo"] != own["Bruno Costa"]
        assert differ == (ADJUDICATOR in own)
    differing = sum(ADJUDICATOR in own for own in said.values())
    assert 0.10 <= differing / len(said) <= 0.15


def test_most_answers_are_those_of_the_author_of_the_reports(reports: list[Path]) -> None:
    gold = {
        (row["report"], " ".join(row["text"].split())): set(row["labels"])
        for row in map(json.loads, GOLD.read_text("utf-8").splitlines())
    }
    texts = {
        one.id: (one.report, " ".join(one.text.split()))
        for path in reports
        for one in read_report(path).passages
    }
    # What settles a passage stands behind what the readers say, who else say the same.
    settled = {row.passage_id: set(row.finding_types) for row in DECISIONS}
    pairs = [(gold[texts[one]], own) for one, own in settled.items() if texts[one] in gold]
    assert (len(pairs), sum(one == other for one, other in pairs)) == (216, 201)


def test_seconds_are_those_of_people() -> None:
    seconds = [row.seconds for row in DECISIONS]
    assert min(seconds) >= 3
    assert max(seconds) < 200
    assert max(Counter(seconds).values()) < len(seconds) / 10


def test_every_included_report_was_appraised_and_no_other() -> None:
    verdicts: dict[str, str] = {}
    for row in rows_of("screening.csv"):
        verdicts[row["symbol"] or row["title"]] = row["verdict"]
    appraised = {row["symbol"] or row["title"] for row in rows_of("appraisal.csv")}
    assert len(appraised) == 24
    assert {verdicts[name] for name in appraised} == {"include"}


def test_the_readme_tells_the_numbers_of_the_files() -> None:
    readme = " ".join((sample_data() / "README.md").read_text("utf-8").split())
    passages = {row.passage_id for row in DECISIONS}
    settled = sum(row.settles for row in DECISIONS)
    assert "221 passages of the eight reports" in readme
    assert len(passages) == 221
    assert f"settled {settled} of them: {len(DECISIONS)} decisions" in readme
    conflicts = sum(bool(row["settles"]) for row in rows_of("screening.csv"))
    assert conflicts == 6
    assert "(six times)" in readme


@pytest.mark.slow
def test_24_are_included_of_which_8_have_a_file(built: Project) -> None:
    plan = built.settings.screening
    with built.store.reading() as connection:
        listed = evaluations(connection)
        states = screened(connection, plan, listed)
    told = flow(plan, listed, states, is_screened=True)
    assert (told.identified, told.included, told.without_file) == (40, 24, 16)
    assert (told.open, told.conflicts) == (0, 0)
    assert (told.possible, told.excluded, told.superseded) == (3, 10, 3)
    linked = [one for one in listed if one.report_id is not None]
    assert len(linked) == 8
    assert {states[one.id].state for one in linked} == {Screening.INCLUDED}


@pytest.mark.slow
def test_every_decided_passage_is_confirmed_and_the_log_is_clean(built: Project) -> None:
    found = audit(built.store)
    assert found.found == 0
    assert found.decisions == len(DECISIONS)
    with built.store.reading() as connection:
        counts = project_progress(connection).total
        confirmed = list(confirmed_passages(connection))
        codebook = current_codebook(connection).codebook
    assert len(confirmed) == 221
    assert {one.how for one in confirmed} == {"agreed", "adjudicated"}
    labels = {label for one in confirmed for label in one.labels}
    assert labels == set(codebook.finding_type_ids)
    assert counts.of(State.CONFIRMED) == 221
    assert counts.of(State.DISAGREED) == counts.of(State.IN_REVIEW) == 0


@pytest.mark.slow
def test_the_two_readers_agree_as_two_people_may(built: Project) -> None:
    with built.store.reading() as connection:
        found = read_independent_votes(connection)
    overall = {one.what: one for one in Tables(found.votes).by(By.OVERALL)}
    for what in (FINDING_TYPES, THEMES):
        alpha = overall[what].alpha.value
        assert alpha is not None
        assert 0.6 <= alpha <= 0.95


@pytest.mark.slow
def test_made_twice_nothing_is_added(built: Project, reports: list[Path], tiny: None) -> None:
    before = audit(built.store)
    with built.store.reading() as connection:
        listed = evaluations(connection)
    make_sample_project(built.folder, reports)
    assert audit(built.store) == before
    with built.store.reading() as connection:
        assert evaluations(connection) == listed


def test_settings_that_somebody_changed_are_kept(tmp_path: Path) -> None:
    from whatworks.cli.sample_project import _begin

    _begin(tmp_path / "p", sample_data())
    file = tmp_path / "p" / "whatworks.toml"
    assert read_settings(file).policy.name == "two-adjudicated"
    changed = file.read_text("utf-8").replace("screeners = 2", "screeners = 1")
    file.write_text(changed, "utf-8")
    _begin(tmp_path / "p", sample_data())
    assert file.read_text("utf-8") == changed


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "row", "old", "new", "says"),
    [
        ("decisions.csv", 3, "70fd6f9e4397d100", "0" * 16, "there is no passage 0000000000000000"),
        ("decisions.csv", 3, "Beaucoup", "Peu", "does not begin with 'Peu d’élèves"),
        ("decisions.csv", 9, "participatory-approach", "participation", "Unknown theme"),
        ("decisions.csv", 4, ",11", ",eleven", "'eleven' is no number of seconds"),
        ("register.csv", 5, "Bolivia,", "Bolivai,", "nknown country 'Bolivai'"),
        ("screening.csv", 2, "in-scope", "in-scop", "Nearest: 'in-scope'"),
        ("appraisal.csv", 3, "partly", "part", "Nearest: 'partly'"),
    ],
)
def test_a_wrong_row_is_named_with_its_file(
    name: str,
    row: int,
    old: str,
    new: str,
    says: str,
    data: Path,
    begun: Path,
    reports: list[Path],
    tmp_path: Path,
) -> None:
    spoil(data / name, row, old, new)
    folder = Path(shutil.copytree(begun, tmp_path / "p"))
    with pytest.raises(WhatworksError) as raised:
        make_sample_project(folder, reports, data)
    told = str(raised.value)
    assert name in told
    assert f"row {row}: " in told.lower()
    assert says in told
