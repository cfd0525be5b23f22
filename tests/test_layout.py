"""The layout that everything else stands on: one import name, and imports that run one way."""

import ast
import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
# From the top: each may import those after it.
ORDER = ["cli", "training", "models", "labels", "nlp"]
SOURCES = sorted(path for folder in ORDER for path in (ROOT / folder).rglob("*.py"))


def imported_folders(path: Path) -> set[str]:
    """The top folders that a module of the package imports, by relative imports."""
    depth = len(path.relative_to(ROOT).parts)
    found = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.level == depth:
            names = [node.module] if node.module else [alias.name for alias in node.names]
            found |= {name.split(".")[0] for name in names}
    return found & set(ORDER)


@pytest.mark.parametrize("folder", ORDER)
def test_each_top_folder_has_its_link_in_the_package(folder: str) -> None:
    link = ROOT / "src" / "whatworks" / folder
    assert link.is_symlink()
    assert link.resolve() == ROOT / folder


def test_no_other_folder_holds_package_code() -> None:
    links = {path.name for path in (ROOT / "src" / "whatworks").iterdir() if path.is_dir()}
    assert links - {"__pycache__"} == set(ORDER)


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_imports_run_one_way(path: Path) -> None:
    own = ORDER.index(path.relative_to(ROOT).parts[0])
    against = [name for name in imported_folders(path) if ORDER.index(name) < own]
    assert not against, f"{path.relative_to(ROOT)} imports {against}"


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_module_imports_the_package_by_its_name(path: Path) -> None:
    names = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            names.add((node.module or "").split(".")[0])
    assert not names & {"whatworks", *ORDER}


def test_every_package_folder_says_what_it_knows() -> None:
    for path in SOURCES:
        if path.name == "__init__.py":
            assert ast.get_docstring(ast.parse(path.read_text("utf-8"))), path


def test_torch_is_pinned_in_the_constraints() -> None:
    lines = (ROOT / "constraints.txt").read_text("utf-8").splitlines()
    assert "torch==2.13.0" in lines


def test_every_dependency_has_a_constraint() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    wanted = project["dependencies"] + project["optional-dependencies"]["dev"]
    pinned = {
        line.split("==")[0].lower().replace("_", "-")
        for line in (ROOT / "constraints.txt").read_text("utf-8").splitlines()
        if "==" in line
    }
    names = {re.split(r"[>=;\[]", one)[0].strip().lower() for one in wanted}
    assert {name.replace("_", "-") for name in names} <= pinned
