"""A browser without scripts: pages as a reader of HTML sees them, forms as they are sent."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from bs4 import BeautifulSoup, Tag
from starlette.testclient import TestClient

from whatworks.cli.web.app import WebOptions, create_app
from whatworks.cli.web.context import Gate
from whatworks.labels.project import Project

ADDRESS = "http://127.0.0.1:8321"
JSON = {"Accept": "application/json"}
PART = {"HX-Request": "true"}


class Answer:
    """What the app said."""

    def __init__(self, response: Any) -> None:
        self.response = response
        self.status: int = response.status_code
        self.text: str = response.text
        self.path: str = response.url.path
        self.query: str = response.url.query.decode()
        self.page = BeautifulSoup(self.text, "html.parser")

    def one(self, selector: str) -> Tag:
        """The only element that fits."""
        found = self.page.select(selector)
        assert len(found) == 1, f"{selector}: {len(found)} in {self.text[:3000]}"
        return found[0]

    def says(self, selector: str) -> str:
        """The text of the only element that fits, its white space made single."""
        return " ".join(self.one(selector).get_text(" ").split())

    @property
    def passage(self) -> str:
        """The id of the passage that is shown."""
        return str(self.one("article.card")["data-passage"])

    @property
    def ticked(self) -> list[str]:
        """The codes that are chosen."""
        return [str(box["value"]) for box in self.page.select("form input[type=checkbox][checked]")]


class Screen:
    """Walks through pages, as one browser does."""

    def __init__(self, client: TestClient) -> None:
        self.client = client

    def get(self, address: str, **headers: str) -> Answer:
        """A page, wherever it leads."""
        return Answer(self.client.get(address, headers=headers))

    def send(
        self,
        page: Answer,
        form: str = "form[data-decide]",
        *,
        headers: Mapping[str, str] | None = None,
        follow: bool = True,
        **fields: Any,
    ) -> Answer:
        """Sends the form of a page as a browser would, with some fields changed."""
        tag = page.one(form)
        values = {**fields_of(tag), **fields}
        response = self.client.post(
            str(tag["action"]), data=values, headers=dict(headers or {}), follow_redirects=follow
        )
        return Answer(response)

    def decide(self, passage: str, *labels: str, query: str = "", **fields: Any) -> dict[str, Any]:
        """What a script is told that decides a passage."""
        page = self.get(f"/passage/{passage}{query}")
        answer = self.send(page, headers=JSON, labels=list(labels), **fields)
        assert answer.status == 200, answer.text
        told: dict[str, Any] = answer.response.json()
        return told


def fields_of(form: Tag) -> dict[str, Sequence[str]]:
    """What a browser sends of a form when its first button is pressed."""
    values: dict[str, list[str]] = {}
    for field in form.select("input, textarea"):
        if not field.get("name") or (
            field.get("type") == "checkbox" and not field.has_attr("checked")
        ):
            continue
        text = field.get_text() if field.name == "textarea" else str(field.get("value", ""))
        values.setdefault(str(field["name"]), []).append(text)
    button = form.select_one("button[name]")
    if button is not None:
        values[str(button["name"])] = [str(button["value"])]
    return dict(values)


@contextmanager
def opened_screen(
    project: Project, name: str = "ana", gate: Gate | None = None, address: str = ADDRESS
) -> Iterator[Screen]:
    """The app as this person sees it."""
    app = create_app(project, options=WebOptions(name, gate=gate))
    with TestClient(app, base_url=address, raise_server_exceptions=False) as client:
        yield Screen(client)
