"""Whatever an editor does to a codebook: no label is lost without a word, none goes astray."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from whatworks.labels.codebook import Codebook, Theme
from whatworks.labels.codebook_changes import Changes, compare
from whatworks.labels.codebook_file import read_codebook

IDS = ("a", "b", "c", "d", "e")


@st.composite
def books(draw: st.DrawFn) -> Codebook:
    """Themes of few ids, with any history."""
    themes = [Theme("z", {"en": "z"}, "Z.")]
    for code_id in draw(st.lists(st.sampled_from(IDS), min_size=1, unique=True)):
        others = st.lists(st.sampled_from([one for one in IDS if one != code_id]), max_size=2)
        said: dict[str, Any] = {
            key: tuple(draw(others))
            for key in ("renamed_from", "merged_from", "split_from", "requeue")
            if draw(st.integers(0, 3)) == 0
        }
        definition = draw(st.sampled_from(["One.", "One.", "Two."]))
        retired = draw(st.integers(0, 5)) == 0
        themes.append(Theme(code_id, {"en": code_id}, definition, retired=retired, **said))
    return Codebook(
        "codes",
        1,
        "",
        (),
        tuple(theme for theme in themes if not theme.retired),
        retired_themes=tuple(theme for theme in themes if theme.retired),
    )


@given(books(), books())
def test_no_code_is_lost_without_a_word(old: Codebook, new: Codebook) -> None:
    changes = compare(old, new)
    translation = changes.translation.get("theme", {})
    listed = {*new.theme_ids, *(theme.id for theme in new.retired_themes)}
    for theme in (*old.themes, *old.retired_themes):
        assert theme.id in listed or theme.id in translation or changes.problems
    if changes.problems:
        return
    for theme in old.themes:
        now = translation.get(theme.id, theme.id)
        assert now is None or now in new.theme_ids, "a label is carried to a code that is in use"
        if now is not None and theme.id not in translation:
            assert new.theme(now).definition == theme.definition or any(
                theme.id != one for one in new.theme(now).merged_from
            ), "a label stays only where it says the same"
    assert set(translation) <= {theme.id for theme in (*old.themes, *old.retired_themes)}
    stale = {code for code in old.theme_ids if translation.get(code, code) is None}
    assert bool(stale) == any("become stale" in sentence for sentence in changes.sentences)


@given(books())
def test_a_codebook_compared_with_itself_does_nothing(same: Codebook) -> None:
    assert compare(same, same) == Changes({}, (), ())


@st.composite
def edits(draw: st.DrawFn) -> tuple[Codebook, Codebook, dict[str, str | None], set[str]]:
    """A codebook, what an editor made of it, and what that means for its labels.

    Last, the codes that were taken out without a word.
    """
    olds = draw(st.lists(st.sampled_from(IDS), min_size=1, unique=True))
    fates = {one: draw(st.sampled_from(
        ["stay", "redefine", "rename", "retire", "split", "narrow", "merge", "requeue", "drop"]
    )) for one in olds}  # fmt: skip
    lines = [(-1, "id: z, definition: Z.")]
    meant: dict[str, str | None] = {}
    merged = [one for one in olds if fates[one] == "merge"]
    for one, fate in fates.items():
        entry = f"id: {one}, definition: {one}."
        place = draw(st.integers(0, 9))
        if fate in ("stay", "narrow", "requeue"):
            lines.append((place, entry))
        elif fate == "redefine":
            lines.append((place, f"id: {one}, definition: Other."))
        elif fate == "rename":
            lines.append((place, f"id: {one}2, definition: {one}., renamed_from: {one}"))
        elif fate == "retire":
            lines.append((place, f"{entry}, retired: true"))
        if fate in ("split", "narrow"):
            lines.append((place, f"id: {one}3, definition: Part., split_from: {one}"))
        if fate == "requeue":
            lines.append((place, f"id: {one}4, definition: Better., requeue: {one}"))
        if fate not in ("stay", "drop"):
            meant[one] = {"rename": f"{one}2", "merge": "m"}.get(fate)
    if merged:
        lines.append((5, f"id: m, definition: M., merged_from: [{', '.join(merged)}]"))
    new = "".join(f"\n- {{{text}}}" for _, text in sorted(lines))
    old = "".join(f"\n- {{id: {one}, definition: {one}.}}" for one in olds)
    dropped = {one for one in olds if fates[one] == "drop"}
    both = [old + "\n- {id: z, definition: Z.}", new]
    before, after = (read_codebook(f"themes:{text}", "codebook.yaml") for text in both)
    return before, after, meant, dropped


@given(edits())
def test_labels_go_where_the_editor_meant_them_to_go(
    edit: tuple[Codebook, Codebook, dict[str, str | None], set[str]],
) -> None:
    old, new, meant, dropped = edit
    changes = compare(old, new)
    assert changes.translation.get("theme", {}) == meant
    assert len(changes.problems) == len(dropped)
    for code_id in dropped:
        assert any(f"'{code_id}' is no longer there" in problem for problem in changes.problems)
