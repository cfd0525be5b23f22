"""The codebook to read, and its next version prepared and applied."""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from bs4 import Tag

from tests.cli.web.screen import Answer, Screen, opened_screen
from tests.cli.web.team import SCRIPT, Team, foreign_parts
from tests.stored import add, decide, report_of
from whatworks.labels.codebook import load_codebook
from whatworks.labels.project import Project
from whatworks.labels.store.assignments import RoundDraft, assign, create_round
from whatworks.labels.store.codebook_drafts import find_draft
from whatworks.labels.store.codebooks import add_codebook, current_codebook
from whatworks.nlp.passages import Passage

pytestmark = pytest.mark.slow

BOOK = load_codebook()
FEES = "/codebook/edit/code/theme/capacity-building"
Fields = dict[str, Sequence[str] | str]


def filled(form: Tag) -> dict[str, list[str]]:
    """What a browser sends of a form that nobody touched."""
    values: dict[str, list[str]] = {}
    for field in form.select("input, textarea, select"):
        name = field.get("name")
        if not name or (field.get("type") == "checkbox" and not field.has_attr("checked")):
            continue
        if field.name == "select":
            chosen = field.select_one("option[selected]") or field.select_one("option")
            value = str(chosen["value"]) if chosen else ""
        elif field.name == "textarea":
            # A browser drops the line end after the tag.
            value = field.get_text().removeprefix("\n").replace("\n", "\r\n")
        else:
            value = str(field.get("value", ""))
        values.setdefault(str(name), []).append(value)
    return values


def sent(screen: Screen, page: Answer, action: str, **fields: Any) -> Answer:
    """Sends the form of a page that goes to an address, some of its fields changed."""
    (form,) = [one for one in page.page.select("form") if one.get("action") == action]
    response = screen.client.post(action, data={**filled(form), **fields})
    return Answer(response)


def changed(screen: Screen, address: str = FEES, **fields: Any) -> Answer:
    return sent(screen, screen.get(address), address, **fields)


def done(screen: Screen, code: str, act: str, kind: str = "theme", **fields: Any) -> Answer:
    address = f"/codebook/edit/code/{kind}/{code}"
    return sent(screen, screen.get(address), f"{address}/{act}", **fields)


def applied(screen: Screen, **fields: Any) -> Answer:
    return sent(screen, screen.get("/codebook/preview"), "/codebook/apply", **fields)


def words(page: Answer, selector: str) -> list[str]:
    return [" ".join(one.get_text(" ").split()) for one in page.page.select(selector)]


def row(page: Answer, code: str) -> str:
    """What the list says of a theme."""
    (link,) = page.page.select(f".codes h3 a[href$='/{code}']")
    found = link.find_parent("li")
    assert found is not None
    return " ".join(found.get_text(" ").split())


def source_of(project: Project, name: str = "ana") -> str | None:
    with project.store.reading() as connection:
        draft = find_draft(connection, name)
    return draft.source if draft else None


def number_of(project: Project) -> int:
    with project.store.reading() as connection:
        return current_codebook(connection).number


@pytest.fixture
def labelled(project: Project, passages: list[Passage]) -> list[Passage]:
    """Five confirmed passages: three about capacity building, two about local presence."""
    for one in passages[:3]:
        decide(project.store, one, "ana", "success_factor", themes=["capacity-building"])
    for one in passages[3:5]:
        decide(project.store, one, "ana", "lesson", themes=["local-presence"])
    return passages[:5]


def test_the_codebook_is_shown_whole_with_what_is_confirmed(
    screen: Screen, labelled: list[Passage]
) -> None:
    page = screen.get("/codebook")
    assert words(page, ".types-list h3") == [code.name() for code in BOOK.finding_types]
    assert words(page, ".codes h3") == [code.name() for code in BOOK.themes]
    assert words(page, "section > h2") == ["Finding types", "What works", "Success factors",
                                           "Obstacles"]  # fmt: skip
    told = row(page, "capacity-building")
    assert "3 confirmed" in told
    assert BOOK.theme("capacity-building").definition in told
    for link in page.page.select(".codebook a[href^='/codebook/code']"):
        assert screen.get(str(link["href"])).status == 200


def test_a_code_has_a_page_with_all_that_is_said_of_it(
    screen: Screen, labelled: list[Passage]
) -> None:
    page = screen.get("/codebook/code/finding_type/success_factor")
    code = BOOK.finding_types[0]
    for text in (code.definition, *code.include, *code.exclude, *code.names.values()):
        assert text in page.says("main")
    assert [one.text for one in code.examples] == [
        one.get_text() for one in page.page.select(".quotes q[lang]")
    ][: len(code.examples)]
    # Said on one of the two, it is shown on both.
    other = screen.get("/codebook/code/finding_type/good_practice")
    assert page.page.select("dl.pairs a[href='/codebook/code/finding_type/good_practice']")
    assert other.page.select("dl.pairs a[href='/codebook/code/finding_type/success_factor']")


def test_a_codes_page_quotes_its_first_confirmed_passages(screen: Screen, project: Project) -> None:
    read = report_of("long.pdf", *(f"Point {n}." for n in range(30)), title="Long report")
    add(project.store, read)
    for one in read.passages:
        decide(project.store, one, "ana", "lesson")
    page = screen.get("/codebook/code/finding_type/lesson")
    assert words(page, "ol.quotes q") == [f"Point {n}." for n in range(20)]
    assert "The first 20 of 30." in page.says("main")
    assert "Long report , page 1" in words(page, "ol.quotes p")[0]
    first = page.page.select_one("ol.quotes a")
    assert first is not None
    assert str(first["href"]) == f"/passage/{read.passages[0].id}"


def test_what_others_confirmed_is_not_shown_to_who_is_still_to_decide(
    project: Project, labelled: list[Passage]
) -> None:
    with opened_screen(project, "ben") as ben:
        address = "/codebook/code/theme/capacity-building"
        assert len(ben.get(address).page.select("ol.quotes li")) == 3
        draft = RoundDraft("second reading", (labelled[0].id,), "by hand", "read twice")
        assign(project.store, create_round(project.store, draft, "ana"), ["ben"])
        page = ben.get(address)
        assert [one["href"] for one in page.page.select("ol.quotes a")] == [
            f"/passage/{one.id}" for one in labelled[1:3]
        ]
        assert page.says(".figure") == "2 confirmed passages"
        assert "2 confirmed" in row(ben.get("/codebook"), "capacity-building")


def test_the_form_of_a_code_that_is_sent_as_it_is_changes_nothing(
    screen: Screen, project: Project
) -> None:
    for kind, codes in (("finding_type", BOOK.finding_types), ("theme", BOOK.themes)):
        for code in codes:
            answer = changed(screen, f"/codebook/edit/code/{kind}/{code.id}")
            assert answer.status == 200, answer.text
    changed(screen, "/codebook/edit/group/obstacles")
    changed(screen, "/codebook/edit/text")
    assert source_of(project) is None


def test_a_change_is_kept_as_a_draft_and_nothing_holds_before_it_is_applied(
    screen: Screen, project: Project, labelled: list[Passage]
) -> None:
    page = changed(screen, definition="Only training.", include="First rule.\r\n\r\nSecond: rule.")
    assert page.path == "/codebook/edit"
    assert "is redefined (definition and when to give it)" in page.says(".draft")
    assert number_of(project) == 1
    with opened_screen(project) as later:
        form = later.get(FEES)
        assert form.one("#definition").get_text() == "Only training."
        assert form.one("#include").get_text() == "First rule.\nSecond: rule."
        assert "Only training." not in later.get("/codebook").text


def test_the_preview_counts_what_applying_then_does(
    screen: Screen, project: Project, labelled: list[Passage]
) -> None:
    changed(screen, definition="Only training.")
    done(screen, "local-presence", "rename", to="local-staff")
    preview = screen.get("/codebook/preview")
    assert preview.says(".effect .figure").startswith("3 confirmed passages become stale")
    assert words(preview, ".effect tbody tr") == ["Capacity building capacity-building 3"]
    assert "2 passages stay confirmed, under the new codes." in preview.says(".effect")
    page = applied(screen)
    assert page.path == "/codebook"
    assert "Version 2 holds now. 3 confirmed passages became stale" in page.says(".notice")
    assert number_of(project) == 2
    assert source_of(project) is None
    assert "Only training." in page.text
    assert "2 confirmed" in row(page, "local-staff")
    assert "0 confirmed" in row(page, "capacity-building")
    assert len(screen.get("/review?state=stale").page.select("article.card")) == 1


def test_labels_stay_where_only_the_wording_is_new(
    screen: Screen, project: Project, labelled: list[Passage]
) -> None:
    changed(screen, definition="Training and coaching, in other words.")
    page = screen.get("/codebook/preview?wording=capacity-building&wording=unheard-of")
    assert "No confirmed passage becomes stale." in page.says(".effect")
    assert [box["value"] for box in page.page.select("input[name=wording][checked]")] == [
        "capacity-building"
    ]
    assert sent(screen, page, "/codebook/apply").path == "/codebook"
    assert "3 confirmed" in row(screen.get("/codebook"), "capacity-building")


def test_the_file_of_the_project_follows_unless_somebody_changed_it(
    screen: Screen, project: Project
) -> None:
    file = project.codebook_file
    changed(screen, definition="Only training.")
    assert "codebook.yaml in the project folder holds it too" in applied(screen).says(".notice")
    assert "definition: Only training." in file.read_text("utf-8")
    assert "# The default codebook" in file.read_text("utf-8"), "remarks stay"
    file.write_text(file.read_text("utf-8") + "# mine\n", "utf-8")
    assert "changed and not applied" in screen.get("/codebook/edit").says("main")
    changed(screen, definition="Training again.")
    assert "was left as it is" in applied(screen).says(".notice")
    assert file.read_text("utf-8").endswith("# mine\n")
    assert "Only training." in file.read_text("utf-8")


def test_what_somebody_applied_meanwhile_is_told_and_brought_in(
    screen: Screen, project: Project, labelled: list[Passage]
) -> None:
    changed(screen, definition="Only training.")
    page = screen.get("/codebook/preview")
    theirs = project.codebook_file.read_text("utf-8").replace(
        "id: local-presence\n", "id: local-staff\n        renamed_from: local-presence\n"
    )
    add_codebook(project.store, theirs, "Eva")
    late = sent(screen, page, "/codebook/apply")
    assert "Version 2 was applied by Eva:" in late.says(".notice.wait")
    assert "'local-presence' is now 'local-staff'" in late.says(".notice.wait")
    assert not late.page.select("form[action='/codebook/apply']")
    assert number_of(project) == 2
    after = sent(screen, late, "/codebook/edit/catch-up")
    assert words(after, ".draft .sentences li") == [
        "Theme 'capacity-building' is redefined (definition); its labels become stale."
    ]
    assert "Version 3 holds now. 3 confirmed" in applied(screen).says(".notice")
    with project.store.reading() as connection:
        book = current_codebook(connection).codebook
    assert "local-staff" in book.theme_ids
    assert book.theme("capacity-building").definition == "Only training."


def test_lines_that_both_changed_are_shown_and_the_drafts_stay(
    screen: Screen, project: Project
) -> None:
    changed(screen, definition="Mine.")
    theirs = project.codebook_file.read_text("utf-8").replace(
        "Training, technical assistance, coaching", "Theirs, coaching"
    )
    add_codebook(project.store, theirs, "Eva")
    page = sent(screen, screen.get("/codebook/edit"), "/codebook/edit/catch-up")
    (clash,) = page.page.select(".clash")
    assert "Mine." in clash.get_text()
    assert "Theirs, coaching" in clash.get_text()
    assert "definition: Mine." in str(source_of(project))


def test_two_windows_on_one_code_lose_nothing_of_either(screen: Screen, project: Project) -> None:
    one, other = screen.get(FEES), screen.get(FEES)
    elsewhere = screen.get("/codebook/edit/code/theme/adaptable-tools")
    sent(screen, one, FEES, definition="First window.")
    behind = sent(screen, other, FEES, definition="Second window.")
    assert behind.status == 409
    assert behind.one("#definition").get_text() == "Second window."
    assert "First window." in behind.says("[role=alert]")
    assert "definition: First window." in str(source_of(project))
    assert sent(screen, behind, FEES).status == 200
    assert "definition: Second window." in str(source_of(project))
    # Another code is no matter of theirs.
    address = "/codebook/edit/code/theme/adaptable-tools"
    assert sent(screen, elsewhere, address, definition="Tools.").status == 200
    assert "definition: Second window." in str(source_of(project))


def test_two_windows_on_the_text_lose_nothing_of_either(screen: Screen, project: Project) -> None:
    page = screen.get("/codebook/edit/text")
    changed(screen, definition="By the form.")
    behind = sent(screen, page, "/codebook/edit/text", source="title: Mine\r\n")
    assert behind.status == 409
    assert "title: Mine" in behind.one("#source").get_text()
    assert "definition: By the form." in behind.one("pre.there").get_text()
    assert "definition: By the form." in str(source_of(project))


def test_a_text_with_mistakes_is_kept_and_each_is_told_with_its_line(
    screen: Screen, project: Project
) -> None:
    text = screen.get("/codebook/edit/text").one("#source").get_text().removeprefix("\n")
    wrong = text.replace("id: local-presence", "id: local presence")
    line = wrong[: wrong.index("id: local presence")].count("\n") + 1
    page = changed(screen, "/codebook/edit/text", source=wrong.replace("\n", "\r\n"))
    assert page.path == "/codebook/edit/text"
    assert f"Line {line}" in page.says(".problems")
    assert "Write 'local-presence'" in page.says(".problems")
    assert source_of(project) == wrong
    preview = screen.get("/codebook/preview")
    assert f"Line {line}" in preview.says(".problems")
    assert not preview.page.select("form[action='/codebook/apply']")
    broken = changed(screen, "/codebook/edit/text", source="themes: [\r\n")
    assert "Not valid YAML" in broken.says(".problems")
    page = screen.get("/codebook/edit")
    assert "cannot be read" in page.says("main")
    assert screen.get("/codebook/preview").status == 200
    assert screen.get(FEES).path == "/codebook/edit/text"
    refused = screen.client.post(
        FEES, data={"csrf": str(page.one("body")["data-csrf"]), "definition": "New."}
    )
    assert refused.status_code == 422
    assert "The text of the draft cannot be read: line" in refused.text
    undone = sent(screen, page, "/codebook/edit/undo")
    assert undone.status == 200
    assert source_of(project) == wrong


def test_a_code_that_goes_without_a_word_cannot_be_applied(screen: Screen) -> None:
    text = screen.get("/codebook/edit/text").one("#source").get_text().removeprefix("\n")
    changed(screen, "/codebook/edit/text", source=text.replace("id: local-presence", "id: b"))
    page = screen.get("/codebook/preview")
    assert "The theme 'local-presence' is no longer there." in page.says("main")
    assert not page.page.select("form[action='/codebook/apply']")


def test_a_draft_is_undone_step_by_step_or_thrown_away(screen: Screen, project: Project) -> None:
    changed(screen, definition="One.")
    changed(screen, definition="Two.")
    page = sent(screen, screen.get("/codebook/edit"), "/codebook/edit/undo")
    assert "definition: One." in str(source_of(project))
    assert "1 step would be gone for good." in page.says(".sure")
    assert sent(screen, page, "/codebook/edit/discard").path == "/codebook"
    assert source_of(project) is None


def test_a_window_that_is_behind_undoes_and_discards_nothing(
    screen: Screen, project: Project
) -> None:
    changed(screen, definition="One.")
    page = screen.get("/codebook/edit")
    changed(screen, definition="Two.")
    sent(screen, page, "/codebook/edit/undo")
    sent(screen, page, "/codebook/edit/discard")
    assert "definition: Two." in str(source_of(project))


def test_what_is_applied_is_what_was_shown(screen: Screen, project: Project) -> None:
    changed(screen, definition="One.")
    page = screen.get("/codebook/preview")
    changed(screen, definition="Two.")
    late = sent(screen, page, "/codebook/apply")
    assert late.status == 409
    assert "changed meanwhile, in another window" in late.says("[role=alert]")
    assert number_of(project) == 1
    assert sent(screen, late, "/codebook/apply").path == "/codebook"
    assert number_of(project) == 2


def test_codes_are_merged_moved_split_retired_and_given_again(
    screen: Screen, project: Project, labelled: list[Passage]
) -> None:
    done(screen, "capacity-building", "merge", to="adaptable-tools")
    done(screen, "social-dialogue", "move", to="group:obstacles")
    done(screen, "gender-neglect", "move", to="theme:unstable-context")
    done(screen, "project-management", "retire")
    done(screen, "obstacle", "rename", "finding_type", to="barrier")
    done(screen, "strategic-alliances", "retire")
    done(screen, "strategic-alliances", "take-up")
    page = done(
        screen, "local-presence", "split", keep="1",
        part_name=["Local staff", "", ""], part_id=["", "", ""],
        part_definition=["People who are there.", "", ""],
    )  # fmt: skip
    assert page.path == "/codebook/edit"
    marked = {
        str(row["id"]): words(Answer2(row), ".tag") for row in page.page.select(".codes li[id]")
    }
    assert marked["theme-capacity-building"] == ["merged"]
    assert marked["theme-adaptable-tools"] == ["merged"]
    assert marked["theme-social-dialogue"] == ["changed"]
    assert marked["theme-project-management"] == ["retired"]
    assert marked["theme-local-presence"] == ["split"]
    assert marked["theme-local-staff"] == ["added"]
    assert marked["theme-strategic-alliances"] == []
    assert marked["finding_type-barrier"] == ["renamed"]
    told = applied(screen).says(".notice")
    assert "2 confirmed passages became stale" in told
    with project.store.reading() as connection:
        book = current_codebook(connection).codebook
    assert book.theme("social-dialogue").group == "obstacles"
    assert book.theme("gender-neglect").parent == "unstable-context"
    assert book.theme("local-staff").definition == "People who are there."
    assert book.finding_type_ids[1] == "barrier"
    history = screen.get("/codebook/history")
    assert words(history, ".versions h2") == ["Version 2", "Version 1"]
    assert "Theme 'capacity-building' is merged into 'adaptable-tools' with its labels." in (
        history.says(".versions > li:first-child")
    )
    assert "The first version: 4 finding types, 23 themes." in history.says(".versions")


class Answer2(Answer):
    """A part of a page, to be asked like one."""

    def __init__(self, tag: Tag) -> None:
        self.page = tag  # type: ignore[assignment]
        self.text = str(tag)


def test_codes_are_added_with_an_id_made_of_the_name(screen: Screen, project: Project) -> None:
    page = changed(
        screen, "/codebook/edit/new/theme", name=["Coûts & tarifs", "", "", "", ""],
        definition="What it costs.", place="theme:local-presence", goes_with=["lesson"],
    )  # fmt: skip
    assert "Theme 'couts-tarifs' is added." in page.says(".draft")
    changed(
        screen, "/codebook/edit/new/theme", name=["Rain", "Pluie", "", "", ""],
        definition="Rain.", new_group="The weather", id="rain",
    )  # fmt: skip
    page = changed(
        screen, "/codebook/edit/new/finding_type", name=["Wish", "", "", "", ""],
        definition="What people wish.",
    )  # fmt: skip
    assert "Finding type 'wish' is added." in page.says(".draft")
    applied(screen)
    with project.store.reading() as connection:
        book = current_codebook(connection).codebook
    assert book.theme("couts-tarifs").parent == "local-presence"
    assert book.theme("couts-tarifs").goes_with == ("lesson",)
    assert book.theme("rain").names == {"en": "Rain", "fr": "Pluie"}
    assert book.groups["the-weather"] == {"en": "The weather"}
    assert book.finding_type_ids[-1] == "wish"


def test_a_form_that_is_refused_comes_back_as_it_was_filled_in(
    screen: Screen, project: Project
) -> None:
    page = changed(
        screen, "/codebook/edit/new/theme", name=["Local presence", "", "", "", ""],
        definition="Again.", example=["One.", ""], id="presence",
    )  # fmt: skip
    assert page.status == 422
    assert "the same name" in page.says(".fields [role=alert]")
    assert page.one("#definition").get_text() == "Again."
    assert page.one("#id")["value"] == "presence"
    assert page.page.select("[name=example]")[0].get_text() == "One."
    page = done(screen, "local-presence", "rename", to="gender-neglect")
    assert page.status == 422
    assert "There is a code 'gender-neglect' already." in page.says(".doing[open] [role=alert]")
    assert page.one(".doing[open] [name=to]")["value"] == "gender-neglect"
    page = done(
        screen, "local-presence", "split",
        part_name=["Half", "", ""], part_id=["", "", ""], part_definition=["Half of it.", "", ""],
    )  # fmt: skip
    assert page.status == 422
    assert "Half of it." in page.says(".doing[open]")
    assert source_of(project) is None


@pytest.mark.parametrize(
    ("address", "fields"),
    [
        ("/codebook/edit/code/theme/nothing", {"definition": "x"}),
        ("/codebook/edit/code/theme/capacity-building/explode", {}),
        ("/codebook/edit/code/theme/nothing/retire", {}),
        ("/codebook/edit/code/widget/capacity-building/retire", {}),
        ("/codebook/edit/new/widget", {"name": "x", "language": "en"}),
        ("/codebook/edit/group/nothing", {"name": "x", "language": "en"}),
        ("/codebook/edit/code/theme/capacity-building/move", {"to": "planet:earth"}),
        ("/codebook/edit/code/theme/capacity-building/move", {"to": "group:nowhere"}),
        ("/codebook/edit/code/theme/capacity-building/merge", {"to": ""}),
    ],
)
def test_odd_addresses_and_fields_are_refused_or_do_no_harm(
    screen: Screen, project: Project, address: str, fields: dict[str, str]
) -> None:
    csrf = str(screen.get("/codebook/edit").one("body")["data-csrf"])
    response = screen.client.post(address, data={"csrf": csrf, **fields})
    assert response.status_code in (200, 404, 422)
    assert number_of(project) == 1
    assert screen.get("/codebook/edit").status == 200
    assert screen.get("/codebook/preview").status == 200


def test_a_name_in_a_language_that_nobody_knows_is_refused(screen: Screen) -> None:
    page = changed(
        screen,
        language=["en", "fr", "es", "pt", "xx: {"],
        name=["Capacity", "", "", "", "Oddly"],
    )
    assert page.status == 422
    assert "Unknown language code 'xx: {'" in page.says("[role=alert]")


def test_only_owners_prepare_and_apply(team: Team) -> None:
    addresses = sorted(
        one for one in team.app.state.paths
        if one.startswith(("/codebook/edit", "/codebook/preview", "/codebook/apply"))
    )  # fmt: skip
    assert len(addresses) > 8
    for name in ("Rosa", "Adam"):
        browser = team.browser(name)
        page = Answer(browser.get("/codebook"))
        assert page.status == 200
        assert not page.page.select("a[href^='/codebook/edit']")
        assert browser.get("/codebook/code/theme/local-presence").status_code == 200
        assert browser.get("/codebook/history").status_code == 200
        for address in addresses:
            there = re.sub("{kind}", "theme", address)
            there = re.sub("{(code|group)_id}", "obstacles", there).replace("{act}", "retire")
            assert 403 in (
                browser.get(there).status_code,
                browser.submit(there).status_code,
            ), there
            assert browser.get(there).status_code in (403, 405)
            assert browser.submit(there).status_code in (403, 405)
    with team.store.reading() as connection:
        assert current_codebook(connection).number == 1


def test_each_owner_has_a_draft_and_knows_of_the_others(team: Team) -> None:
    browser = team.browser("Olga")
    browser.follow_redirects = True
    olga = Screen(browser)
    changed(olga, definition="Olga's.")
    with opened_screen(team.project, "ana") as ana:
        page = ana.get("/codebook/edit")
        assert "Olga has a draft too." in page.says("main")
        assert "Olga's." not in ana.get(FEES).text


def test_markup_in_a_codebook_is_shown_as_text(screen: Screen, project: Project) -> None:
    text = screen.get("/codebook/edit/text").one("#source").get_text().removeprefix("\n")
    bad = text.replace("title: What works in social protection", f"title: '{SCRIPT}'").replace(
        "definition: >-\n          Training", f"definition: >-\n          {SCRIPT} Training"
    )
    bad = bad.replace("en: Capacity building", f"en: '</textarea>{SCRIPT}'")
    assert bad.count(SCRIPT) == 3
    changed(screen, "/codebook/edit/text", source=bad)
    pages = ["/codebook/edit", FEES, "/codebook/edit/text", "/codebook/preview"]
    for address in pages:
        assert foreign_parts(screen.get(address).text) == [], address
    applied(screen)
    for address in ["/codebook", "/codebook/code/theme/capacity-building", "/codebook/history"]:
        page = screen.get(address)
        assert page.status == 200
        assert foreign_parts(page.text) == [], address
    assert SCRIPT in screen.get("/codebook").says("h1")


def test_the_file_of_every_version_can_be_had(screen: Screen, project: Project) -> None:
    changed(screen, definition="Two.")
    applied(screen)
    first = screen.client.get("/codebook/version/1.yaml")
    assert first.headers["content-disposition"] == 'attachment; filename="codebook-1.yaml"'
    assert first.text in Path(project.codebook_file).read_text("utf-8") or "Two." not in first.text
    assert "definition: Two." in screen.client.get("/codebook/version/2.yaml").text
    assert screen.client.get("/codebook/version/3.yaml").status_code == 404


@pytest.mark.parametrize("query", ["applied=x&stale=1", "applied=99999999999999999999&stale=1"])
def test_a_notice_is_of_numbers_alone(screen: Screen, query: str) -> None:
    page = screen.get(f"/codebook?{query}&file={SCRIPT}")
    assert page.status == 200
    assert not page.page.select(".notice")
