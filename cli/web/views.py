"""Views in the address bar: which passages one goes through, so that a link can be shared."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from urllib.parse import urlencode

from sqlalchemy import Connection, select

from ...labels.codebook import Codebook
from ...labels.store.schema import round_
from ...labels.store.sources import Source
from ...labels.texts import Texts, mark
from ...labels.worklist import By, Order, Show, View
from .context import Person, Role
from .forms import number_of

LANGUAGES = {
    "en": mark("English"),
    "fr": mark("French"),
    "es": mark("Spanish"),
    "pt": mark("Portuguese"),
    "und": mark("unknown language"),
}
SHOWS = {
    Show.OPEN: mark("To decide"),
    Show.MINE: mark("My decisions"),
    Show.UNSURE: mark("I was unsure"),
    Show.STALE: mark("Stale since the codebook changed"),
    Show.DISAGREED: mark("People disagree"),
    Show.CONFIRMED: mark("Confirmed"),
}
MAX_WORDS = 500
"""Characters of a search; what is beyond them is left out."""
ORDERS = {Order.READING: mark("In reading order"), Order.UNCERTAIN: mark("Most uncertain first")}


@dataclass(frozen=True, slots=True)
class RoundName:
    """A round, as far as a view shows it."""

    id: int
    name: str
    blind: bool
    is_closed: bool


def read_view(params: Mapping[str, str], person: Person) -> View:
    """The view that an address names; what it does not know falls away."""
    show = params.get("state", "")
    if show == Show.DISAGREED and person.role is Role.REVIEWER:
        show = ""
    order = params.get("order", "")
    return View(
        report_id=number_of(params.get("report", "")),
        round_id=number_of(params.get("round", "")),
        label=params.get("label", "")[:200],
        theme=params.get("theme", "")[:200],
        language=params.get("language", "")[:8],
        show=Show(show) if show in set(Show) else Show.OPEN,
        order=Order(order) if order in set(Order) else Order.READING,
        words=" ".join(params.get("q", "")[:MAX_WORDS].split()),
        by=By(by) if (by := params.get("by", "")) in set(By) else By.WORDS,
    )


_NAMES = {"report_id": "report", "round_id": "round", "show": "state", "words": "q"}


def query_of(view: View, **changes: object) -> str:
    """'?report=3&order=uncertain': what to add to an address so that it keeps the view."""
    values = {field.name: getattr(view, field.name) for field in fields(view)} | changes
    if not values["words"]:
        values["by"] = By.WORDS
    default = View()
    given = {
        _NAMES.get(name, name): str(value)
        for name, value in values.items()
        if value != getattr(default, name, None) and value is not None and value != ""
    }
    return f"?{urlencode(given)}" if given else ""


def rounds(connection: Connection) -> list[RoundName]:
    """The rounds that people made, the newest first."""
    query = select(round_).where(round_.c.purpose != "reading").order_by(round_.c.id.desc())
    return [
        RoundName(row.id, row.name, row.blind, row.closed_at is not None)
        for row in connection.execute(query)
    ]


def parts_of(
    view: View,
    texts: Texts,
    codebook: Codebook,
    reports: Mapping[int, Source],
    round_names: Mapping[int, str],
) -> list[tuple[str, str]]:
    """What a view shows, in words, each with the query of the view without it."""
    found: list[tuple[str, str]] = []

    def add(shown: str, /, **without: object) -> None:
        found.append((shown, query_of(view, **without)))

    if view.words:
        by = texts("Like “%(words)s”") if view.by is By.MEANING else texts("With “%(words)s”")
        add(by % {"words": view.words}, words="")
    if view.round_id is not None:
        add(round_names.get(view.round_id, texts("unknown round")), round_id=None)
    if view.report_id is not None:
        report = reports.get(view.report_id)
        add(report.title if report else texts("unknown report"), report_id=None)
    if view.show is not Show.OPEN:
        add(texts(SHOWS[view.show]), show=Show.OPEN)
    for code, codes, name in (
        (view.label, codebook.finding_types, "label"),
        (view.theme, codebook.themes, "theme"),
    ):
        if code:
            names = {one.id: one.name(texts.language) for one in codes}
            add(names.get(code, code), **{name: ""})
    if view.language:
        add(texts(LANGUAGES.get(view.language, view.language)), language="")
    if view.order is not Order.READING:
        add(texts(ORDERS[view.order]), order=Order.READING)
    return found
