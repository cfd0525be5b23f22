import hashlib
import io
import json
import zipfile

import pytest

from tests.synthesis_material import a_material
from whatworks import __version__
from whatworks.labels.synthesis.products import KINDS, Basis, Wanted, products
from whatworks.labels.synthesis.reproduce import LIBRARIES, Origin, reproduce_json

pytestmark = pytest.mark.slow

ORIGIN = Origin("key", "5e" * 32, {"screening": {"screeners": 2}}, "whatworks synthesize -o DIR")


@pytest.fixture(scope="module")
def basis():
    return Basis(a_material(), None, None)


@pytest.fixture(scope="module")
def made(basis):
    return products(basis, Wanted())


def test_everything_is_made_and_every_figure_in_three_forms(made):
    figures = sorted(name for name in made if name.startswith("figures/"))
    assert set(made) - set(figures) == {"synthesis.xlsx", "report.docx", "report.html"}
    assert len(figures) == 7 * 3
    assert {name.rpartition(".")[2] for name in figures} == {"svg", "png", "csv"}
    assert made["figures/screening-flow.csv"].startswith("\ufeffStep,Reason".encode())


def test_two_runs_give_the_same_bytes(basis, made):
    again = products(basis, Wanted())
    assert [name for name in made if made[name] != again[name]] == []
    assert list(made) == list(again)


def test_only_what_is_asked_for_is_made(basis, made):
    steps = []
    some = products(basis, Wanted(kinds=("xlsx",)), lambda done, all_: steps.append((done, all_)))
    assert some == {"synthesis.xlsx": made["synthesis.xlsx"]}
    assert steps == [(1, 2), (2, 2)]


def test_the_figures_stand_in_the_report_in_both_forms(made):
    page = made["report.html"].decode()
    assert page.count("<svg") == 7
    with zipfile.ZipFile(io.BytesIO(made["report.docx"])) as parts:
        drawings = [name for name in parts.namelist() if name.endswith(".png")]
    assert len(drawings) == 7


def test_reproduce_says_from_what_the_products_were_made(basis, made):
    content = reproduce_json(basis.material, ORIGIN, made)
    assert content == reproduce_json(basis.material, ORIGIN, dict(reversed(made.items())))
    said = json.loads(content)
    assert said["log"] == {"decisions": 1274, "head": "5f" * 32}
    assert said["codebook"]["sha256"] == "5e" * 32
    assert [one["fingerprint"] for one in said["models"]] == [
        "fingerprint of bundled",
        "fingerprint of round 2",
    ]
    assert said["as_of"] == "2026-11-28T16:20:00.000000Z"
    assert said["versions"]["whatworks"] == __version__
    assert set(LIBRARIES) < set(said["versions"])
    assert said["settings"] == {"screening": {"screeners": 2}}
    assert {name: hashlib.sha256(one).hexdigest() for name, one in made.items()} == (
        said["products"]
    )


def test_all_kinds_can_be_left_out_but_one(basis):
    for kind in KINDS:
        names = products(basis, Wanted(kinds=(kind,), language="es"))
        assert len(names) == (21 if kind == "figures" else 1)
