"""whatworks.toml: what it may hold, and what is said of the rest."""

import tomllib
from pathlib import Path

import pytest

from whatworks.labels.resolution import Policy
from whatworks.labels.settings import (
    Settings,
    project_database,
    read_settings,
    settings_text,
    use_model,
)
from whatworks.nlp.errors import WhatworksError


def settings(folder: Path, text: str) -> Settings:
    path = folder / "whatworks.toml"
    path.write_text(text, "utf-8")
    return read_settings(path)


def test_a_new_file_holds_the_defaults(tmp_path: Path) -> None:
    assert settings(tmp_path, settings_text("Water")) == Settings("Water")


@pytest.mark.parametrize("name", ['A "quoted" name', "back\\slash", "Évaluation – n° 3", "# no"])
def test_any_name_comes_back(name: str, tmp_path: Path) -> None:
    assert settings(tmp_path, settings_text(name)).name == name


def test_the_comments_of_a_new_file_hold_no_key(tmp_path: Path) -> None:
    raw = tomllib.loads(settings_text("Water", "postgresql://a:${SECRET}@b/c"))
    assert raw["database"] == {"url": "postgresql://a:${SECRET}@b/c"}
    assert list(raw) == ["project", "database", "review", "model", "screening"]


def test_what_is_left_out_has_its_default(tmp_path: Path) -> None:
    found = settings(tmp_path, "")
    assert found == Settings(tmp_path.name)
    assert found.policy == Policy("one-reviewer")


def test_everything_can_be_set(tmp_path: Path) -> None:
    found = settings(
        tmp_path,
        """
        [project]
        name = "Water"
        [database]
        url = "postgresql://ana@host/water"
        [review]
        policy = "two-adjudicated"
        adjudicators = ["zoé", " ana "]
        [model]
        model = "models/water"
        encoder = "bundled"
        """,
    )
    assert found == Settings(
        "Water",
        "postgresql://ana@host/water",
        Policy("two-adjudicated", ("ana", "zoé")),
        "models/water",
        "bundled",
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[reviews]", r"Unknown section 'reviews'\. Nearest: 'review'\. There are \[project\], "),
        ("review = 1", r"'review' is a section\. Write a line \[review\]"),
        ('[review]\npolcy = "x"', r"Unknown key 'polcy'\. Nearest: 'policy'\. \[review\] has "),
        ('policy = "two-agree"', r"'policy' stands outside of its section\. Put it below \[rev"),
        ('[review]\npolicy = "two agree"', r"Unknown policy 'two agree'\. Nearest: 'two-agree'"),
        ("[review]\npolicy = 2", r"'policy' is a text\. Put it in quotes: policy = \"2\""),
        ('[review]\nadjudicators = "ana"', r"'adjudicators' is a list of names"),
        ("[review]\nadjudicators = [1]", r"'adjudicators' is a list of names"),
        ('[review]\nadjudicators = [""]', r"'adjudicators' is a list of names"),
        ('[review]\npolicy = "two-adjudicated"', r"names no adjudicator"),
        ("[review", r"not valid TOML: Expected "),
        ("[review]\n[review]", r"not valid TOML: .*line 2"),
    ],
)
def test_what_is_wrong_is_said_with_the_file(text: str, said: str, tmp_path: Path) -> None:
    with pytest.raises(WhatworksError, match=rf"whatworks\.toml: .*{said}"):
        settings(tmp_path, text)


def test_a_file_that_is_no_text_is_said(tmp_path: Path) -> None:
    path = tmp_path / "whatworks.toml"
    path.write_bytes(b"[project]\nname = '\xe9'")
    with pytest.raises(WhatworksError, match="not UTF-8 text"):
        read_settings(path)
    with pytest.raises(WhatworksError, match=r"missing\.toml: it cannot be read"):
        read_settings(tmp_path / "missing.toml")


def test_a_database_file_is_seen_from_the_project(tmp_path: Path) -> None:
    def found(address: str) -> str | None:
        return project_database(address, tmp_path, "here").database

    assert found("sqlite:///whatworks.db") == str(tmp_path / "whatworks.db")
    assert found("sqlite:///data/w.db") == str(tmp_path / "data" / "w.db")
    assert found("sqlite:////var/w.db") == "/var/w.db"


def test_a_password_comes_from_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SECRET", "p@ss:/?#%")
    url = project_database("postgresql://ana:${SECRET}@host:5433/w", tmp_path, "here")
    assert (url.username, url.password) == ("ana", "p@ss:/?#%")
    assert (url.host, url.port, url.database) == ("host", 5433, "w")
    monkeypatch.setenv("ADDRESS", "postgresql://ana:x@host/w")
    assert project_database("${ADDRESS}", tmp_path, "here").password == "x"


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("postgresql://ana:${NOT_SET}@host/w", "needs the environment variable NOT_SET"),
        ("mysql://ana:hidden@host/w", "'mysql'"),
        ("sqlite://", "names no file"),
        ("sqlite:///:memory:", "names no file"),
        ("postgresql://ana:hidden@host", "names no database"),
        ("hidden", "cannot be understood"),
        ("postgresql://ana:hidden@host:port/w", "cannot be understood"),
        ("", "cannot be understood"),
    ],
)
def test_a_wrong_address_is_said_without_its_password(
    address: str, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("NOT_SET", raising=False)
    with pytest.raises(WhatworksError, match="^here: ") as told:
        project_database(address, tmp_path, "here")
    assert said in str(told.value)
    assert "hidden" not in str(told.value)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('[model]\nmodel = "starter"\n', '[model]\nmodel = "models/heads-1"\n'),
        (
            '# one\n[model] # two\n# three\nmodel   = "a" # four\nencoder = ""\n\n[review]\n'
            'policy = "one-reviewer"\n',
            '# one\n[model] # two\n# three\nmodel = "models/heads-1"\nencoder = ""\n\n[review]\n'
            'policy = "one-reviewer"\n',
        ),
        ('[model]\nencoder = ""\n', '[model]\nmodel = "models/heads-1"\nencoder = ""\n'),
        ('[project]\nname = "A"\n', '[project]\nname = "A"\n\n[model]\nmodel = "models/heads-1"\n'),
    ],
    ids=["named", "among remarks", "not named", "no section"],
)
def test_another_model_is_named_and_all_else_stays(tmp_path: Path, before: str, after: str) -> None:
    path = tmp_path / "whatworks.toml"
    path.write_text(before, "utf-8")
    use_model(path, "models/heads-1")
    assert path.read_text("utf-8") == after
    assert read_settings(path).model == "models/heads-1"
    assert [one.name for one in tmp_path.iterdir()] == ["whatworks.toml"]


def test_a_last_line_without_an_end_is_no_second_section(tmp_path: Path) -> None:
    path = tmp_path / "whatworks.toml"
    path.write_text("[model]", "utf-8")
    use_model(path, "models/heads-1")
    assert path.read_text("utf-8") == '[model]\nmodel = "models/heads-1"\n'


@pytest.mark.parametrize(
    "text", ['model = {model = "starter"}\n', '[model]\n"model" = "starter"\n', "[ model ]\n"]
)
def test_a_file_written_in_another_way_is_left_alone_with_what_to_put(
    tmp_path: Path, text: str
) -> None:
    path = tmp_path / "whatworks.toml"
    path.write_text(text, "utf-8")
    with pytest.raises(WhatworksError, match=r'below \[model\]: model = "models/heads-1"'):
        use_model(path, "models/heads-1")
    assert path.read_text("utf-8") == text


def test_who_may_read_the_settings_stays(tmp_path: Path) -> None:
    path = tmp_path / "whatworks.toml"
    path.write_text("[model]\n", "utf-8")
    path.chmod(0o660)
    use_model(path, "models/heads-1")
    assert path.stat().st_mode & 0o777 == 0o660


def test_a_settings_file_that_is_wrong_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "whatworks.toml"
    path.write_text("[model\n", "utf-8")
    with pytest.raises(WhatworksError, match="not valid TOML"):
        use_model(path, "models/heads-1")
    assert path.read_text("utf-8") == "[model\n"
