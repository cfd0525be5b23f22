"""The project folder: made once, found from within, never overwritten."""

from pathlib import Path

import pytest

from tests.stored import add, report_of
from whatworks.labels.codebook_file import codebook_source
from whatworks.labels.project import find_project, init_project, open_project
from whatworks.labels.resolution import Policy
from whatworks.labels.store.codebooks import all_codebooks, current_codebook
from whatworks.labels.store.database import create_store
from whatworks.labels.store.log import current_policy
from whatworks.labels.store.reports import reports
from whatworks.nlp.errors import WhatworksError


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A project."""
    init_project(tmp_path / "water", by="ana")
    return tmp_path / "water"


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_a_new_project_has_settings_codebook_and_database(folder: Path) -> None:
    assert sorted(path.name for path in folder.iterdir()) == [
        "codebook.yaml", "whatworks.db", "whatworks.toml",
    ]  # fmt: skip
    shipped = codebook_source("ilo-social-protection")
    assert (folder / "codebook.yaml").read_text("utf-8") == shipped
    with open_project(folder) as project:
        assert project.folder == folder
        assert project.settings.name == "water"
        assert project.notes == ()
        with project.store.reading() as connection:
            codebook = current_codebook(connection)
            assert reports(connection) == []
    assert (codebook.number, codebook.source, codebook.created_by) == (1, shipped, "ana")


def test_a_project_is_never_made_over_another(folder: Path) -> None:
    before = contents(folder)
    with pytest.raises(WhatworksError, match="this is a project already"):
        init_project(folder, name="Other", codebook="ilo-social-protection")
    assert contents(folder) == before


def test_other_files_stay_as_they_are(tmp_path: Path) -> None:
    (tmp_path / "report.pdf").write_text("mine")
    (tmp_path / "codebook.yaml").write_text("id: mine")
    with pytest.raises(WhatworksError, match=r"codebook\.yaml: .*is not overwritten.*--codebook"):
        init_project(tmp_path)
    assert contents(tmp_path) == {"report.pdf": b"mine", "codebook.yaml": b"id: mine"}


def test_a_codebook_that_lies_there_can_be_used(tmp_path: Path) -> None:
    own = tmp_path / "codebook.yaml"
    own.write_text("# mine\nid: w\nthemes: [{id: a, name: A, definition: About a.}]\n")
    init_project(tmp_path, codebook=own)
    assert own.read_text().startswith("# mine")
    with open_project(tmp_path) as project, project.store.reading() as connection:
        assert current_codebook(connection).codebook.theme_ids == ("a",)


def test_a_wrong_codebook_leaves_nothing_behind(tmp_path: Path) -> None:
    with pytest.raises(WhatworksError, match="Unknown codebook 'ilo-social'"):
        init_project(tmp_path / "new", codebook="ilo-social")
    (tmp_path / "bad.yaml").write_text("themes: 3")
    with pytest.raises(WhatworksError, match=r"bad\.yaml"):
        init_project(tmp_path / "new", codebook=tmp_path / "bad.yaml")
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize("done", ["", "database", "codebook"])
def test_what_was_broken_off_can_be_done_again(
    done: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        if not done:
            patch.setattr("whatworks.labels.project.create_store", broken)
        elif done == "database":
            patch.setattr("whatworks.labels.project.add_codebook", broken)
        else:
            patch.setattr("whatworks.labels.project.settings_text", lambda *_: "not written")
            patch.setattr(Path, "replace", broken)
        with pytest.raises(KeyboardInterrupt):
            init_project(tmp_path)
    with pytest.raises(WhatworksError, match="no project"):
        find_project(tmp_path)
    init_project(tmp_path)
    with open_project(tmp_path) as project, project.store.reading() as connection:
        assert len(all_codebooks(connection)) == 1
    assert sorted(contents(tmp_path)) == ["codebook.yaml", "whatworks.db", "whatworks.toml"]


def test_a_database_in_use_is_no_new_project(folder: Path, tmp_path: Path) -> None:
    with open_project(folder) as project:
        add(project.store, report_of("r.pdf", "A text."))
    address = f"sqlite:///{folder / 'whatworks.db'}"
    with pytest.raises(WhatworksError, match=r"holds a project already.*copy that.*toml"):
        init_project(tmp_path / "second", database=address)
    assert not (tmp_path / "second" / "whatworks.toml").exists()


def test_a_file_that_is_no_database_is_not_overwritten(tmp_path: Path) -> None:
    (tmp_path / "whatworks.db").write_text("my notes")
    with pytest.raises(WhatworksError, match=r"whatworks\.db"):
        init_project(tmp_path)
    assert contents(tmp_path) == {"whatworks.db": b"my notes"}


def test_a_folder_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(WhatworksError, match="the project cannot be made there"):
        init_project(tmp_path / "file" / "project")


def test_a_project_is_found_from_within_and_by_name(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    inner = folder / "reports" / "2019"
    inner.mkdir(parents=True)
    assert find_project(start=inner) == folder
    assert find_project(folder) == folder
    assert find_project(folder / "whatworks.toml") == folder
    monkeypatch.chdir(folder.parent)
    assert find_project(Path("water")) == folder
    monkeypatch.chdir(inner)
    assert find_project() == folder


def test_the_nearest_project_is_taken(folder: Path) -> None:
    init_project(folder / "inner")
    assert find_project(start=folder / "inner") == folder / "inner"


def test_where_there_is_none_the_cure_is_said(tmp_path: Path) -> None:
    with pytest.raises(WhatworksError, match=r"no project in .* or above it.*whatworks init DIR"):
        find_project(start=tmp_path)
    with pytest.raises(WhatworksError, match=r"elsewhere: there is no project here"):
        find_project(tmp_path / "elsewhere")


def test_a_project_can_be_moved(folder: Path, tmp_path: Path) -> None:
    with open_project(folder) as project:
        add(project.store, report_of("r.pdf", "A text."))
    moved = folder.rename(tmp_path / "moved")
    with open_project(moved) as project, project.store.reading() as connection:
        assert [one.name for one in reports(connection)] == ["r.pdf"]


def test_a_database_that_is_not_there_is_said(folder: Path) -> None:
    (folder / "whatworks.db").unlink()
    with (
        pytest.raises(WhatworksError, match=r"whatworks\.db: there is no such database"),
        open_project(folder),
    ):
        pass


def test_a_changed_policy_takes_effect_when_the_project_is_opened(folder: Path) -> None:
    path = folder / "whatworks.toml"
    path.write_text(path.read_text("utf-8").replace('= "one-reviewer"', '= "two-agree"'), "utf-8")
    with open_project(folder) as project:
        assert project.notes == ()
        with project.store.reading() as connection:
            assert current_policy(connection) == Policy("two-agree")


def test_a_second_database_is_used_where_the_address_says_so(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    init_project(tmp_path / "p", database=f"sqlite:///{tmp_path / 'data' / 'w.db'}")
    assert (tmp_path / "data" / "w.db").exists()
    assert not (tmp_path / "p" / "whatworks.db").exists()
    create_store(tmp_path / "data" / "other.db").close()
