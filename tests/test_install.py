"""What is installed on a user's machine: one import name, with everything it needs."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """The names in the wheel that pip builds from the tree."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "-w", str(folder)]
    subprocess.run([*command, str(ROOT)], check=True, capture_output=True, timeout=300)
    (path,) = folder.glob("whatworks-*.whl")
    with zipfile.ZipFile(path) as archive:
        return archive.namelist()


@pytest.mark.slow
def test_the_wheel_holds_one_top_level_name(wheel: list[str]) -> None:
    names = {name.split("/")[0] for name in wheel}
    assert {name for name in names if not name.endswith(".dist-info")} == {"whatworks"}


@pytest.mark.slow
@pytest.mark.parametrize(
    "name",
    [
        "whatworks/py.typed",
        "whatworks/nlp/readers/pdf.py",
        "whatworks/labels/codebooks/ilo-social-protection.yaml",
        "whatworks/labels/vocabulary/target-groups.yaml",
        "whatworks/labels/store/migrations/env.py",
        "whatworks/labels/store/migrations/versions/revision_0001.py",
        "whatworks/models/starter/config.json",
        "whatworks/models/starter/heads.safetensors",
        "whatworks/models/starter/layers.safetensors",
        "whatworks/models/starter/README.md",
        "whatworks/training/corpus/en.jsonl",
        "whatworks/training/corpus/extension.jsonl",
        "whatworks/cli/samples/cambodia-health-insurance-final-evaluation.pdf",
        "whatworks/cli/samples/synthesis/decisions.csv",
        "whatworks/cli/web/routes/review.py",
        "whatworks/cli/web/static/app.css",
        "whatworks/cli/web/static/htmx.min.js",
        "whatworks/cli/web/static/htmx.LICENSE.txt",
        "whatworks/cli/templates/evaluation.html",
        "whatworks/cli/web/templates/review.html",
        "whatworks/cli/web/translations/fr/LC_MESSAGES/whatworks.mo",
    ],
)
def test_the_wheel_holds_what_a_user_needs(wheel: list[str], name: str) -> None:
    assert name in wheel


@pytest.mark.slow
def test_the_wheel_holds_the_result_page_and_no_tests(wheel: list[str]) -> None:
    assert any(name.startswith("whatworks/labels/exchange/templates/") for name in wheel)
    assert not [name for name in wheel if "test" in name.lower()]
