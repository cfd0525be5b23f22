"""Projects on the sample reports, with suggestions made from their gold labels: no model reads."""

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path

from tests.cli.web.topics import TopicEncoder
from tests.stored import TYPES, decide, suggestion_of
from whatworks.cli.demo import copy_samples
from whatworks.labels.accounts import Role
from whatworks.labels.project import Project, init_project, open_project
from whatworks.labels.store.accounts import add_account
from whatworks.labels.store.assignments import assign
from whatworks.labels.store.codebooks import current_codebook
from whatworks.labels.store.passages import current_passages
from whatworks.labels.store.reports import add_report
from whatworks.labels.store.rounds import RoundDraft, create_round
from whatworks.labels.store.suggestions import (
    add_model_version,
    add_suggestions,
    latest_suggestions,
)
from whatworks.labels.suggestions import PassageSuggestions
from whatworks.models.prelabel import model_info
from whatworks.nlp.passages import Passage
from whatworks.nlp.reading import read_report

GOLD = Path(__file__).parents[1] / "samples" / "gold.jsonl"
PASSWORDS = {
    "Ana": "purple onion harbour",
    "Ben": "four grey lanterns",
    "Cleo": "seven mild rivers",
}
ROLES = {"Ana": Role.OWNER, "Ben": Role.REVIEWER, "Cleo": Role.ADJUDICATOR}


def build_samples(folder: Path) -> None:
    """The sample reports, each passage with a suggestion, nothing decided."""
    init_project(folder, name="Sample reviews", by="Ana")
    with open_project(folder) as project:
        for path in copy_samples(folder / "reports"):
            digest = hashlib.sha256(path.read_bytes()).hexdigest()
            report = read_report(path, name=path.name)
            add_report(project.store, report, f"reports/{path.name}", digest, "Ana")
        _suggest(project)


def build_team(folder: Path) -> None:
    """Turns it into the project of three people with accounts, where two have to agree."""
    ask_two(folder)
    with open_project(folder) as project:
        for name, role in ROLES.items():
            add_account(project.store, name, role, PASSWORDS[name])


def ask_two(folder: Path) -> None:
    """Two have to decide each passage, and Cleo settles what they disagree on."""
    settings = folder / "whatworks.toml"
    text = settings.read_text("utf-8")
    text = text.replace('policy = "one-reviewer"', 'policy = "two-adjudicated"')
    settings.write_text(text.replace("adjudicators = []", 'adjudicators = ["Cleo"]'), "utf-8")


def build_work(folder: Path) -> None:
    """Half a report of the team's read twice, with disagreements and an open blind round."""
    with open_project(folder) as project:
        store, passages = project.store, passages_in(project)
        with store.reading() as connection:
            suggested = latest_suggestions(connection, [one.id for one in passages[:60]])
        for place, passage in enumerate(passages[:30]):
            answer = suggested[passage.id]
            for person in ("Dora", "Emil"):
                labels, themes = answer.labels, answer.themes
                if person == "Emil" and place % 6 == 1:
                    labels, themes = ("lesson",), ("capacity-building",)
                decide(store, passage, person, *labels, themes=themes if labels else ())
        blind = RoundDraft(
            "Pilot", tuple(one.id for one in passages[30:40]), "by lot", "drawn", 0.1, 7, True
        )
        assign(store, create_round(store, blind, "Ana"), ["Ben"])


def passages_in(project: Project) -> list[Passage]:
    with project.store.reading() as connection:
        return current_passages(connection)


def _suggest(project: Project) -> None:
    """Mostly what the gold labels say; every seventh passage is suggested what it is not."""
    with project.store.reading() as connection:
        codebook = current_codebook(connection)
    encoder = TopicEncoder()
    suggester, _ = encoder.suggester(project, codebook.codebook)
    info = model_info(suggester.model, encoder.name)
    version = add_model_version(project.store, info.name, info.fingerprint, {})
    add_suggestions(project.store, version.id, codebook.id, _suggestions(passages_in(project)))


def _suggestions(passages: Sequence[Passage]) -> list[PassageSuggestions]:
    gold = {}
    for line in GOLD.read_text("utf-8").splitlines():
        row = json.loads(line)
        gold[row["report"], " ".join(row["text"].split())] = row
    made = []
    for place, passage in enumerate(passages):
        row = gold.get((passage.report, " ".join(passage.text.split())), {})
        labels, themes = list(row.get("labels", ())), list(row.get("themes", ()))
        if place % 7 == 3:
            labels = [TYPES[place % len(TYPES)]]
        dice = hashlib.sha256(passage.id.encode()).digest()
        probabilities = {
            code: (0.56 + dice[n] / 640 if code in labels else 0.02 + dice[n] / 900)
            for n, code in enumerate(TYPES)
        }
        chances = {code: 0.3 + dice[8 + n] / 500 for n, code in enumerate(themes)}
        chances = dict(sorted(chances.items(), key=lambda one: -one[1]))
        made.append(suggestion_of(passage, probabilities, chances))
    return made
