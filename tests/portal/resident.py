"""A browser without script: it reads forms from the pages and sends them back as they stand."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser

from flask.testing import FlaskClient
from werkzeug.test import TestResponse, encode_multipart


@dataclass
class Form:
    action: str = ""
    method: str = "get"
    fields: dict[str, str] = field(default_factory=dict)
    names: set[str] = field(default_factory=set)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.forms: list[Form] = []
        self._box: str | None = None
        self._text = self._select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.forms.append(Form(given.get("action", ""), given.get("method", "get").lower()))
        if not self.forms:
            return
        if name := given.get("name", ""):
            self.forms[-1].names.add(name)
        if tag == "option" and "selected" in given:
            self.forms[-1].fields[self._select] = given.get("value", "")
        elif tag in {"textarea", "select", "input"} and name:
            self._start_box(tag, name, given, "checked" in given)

    def _start_box(self, tag: str, name: str, given: dict[str, str], checked: bool) -> None:
        if tag == "textarea":
            self._box, self._text = name, ""
        elif tag == "select":
            self._select = name
            self.forms[-1].fields[name] = ""
        elif checked or given.get("type") not in {"radio", "checkbox"}:
            self.forms[-1].fields[name] = given.get("value", "")

    def handle_data(self, data: str) -> None:
        if self._box is not None:
            self._text += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea" and self._box is not None:
            # A browser drops one line break at the very beginning.
            self.forms[-1].fields[self._box] = self._text.removeprefix("\n")
            self._box = None


def forms(page: TestResponse) -> list[Form]:
    reader = _Reader()
    reader.feed(page.text)
    return reader.forms


def form_with(page: TestResponse, name: str) -> Form:
    """The form that has a box of this name."""
    return next(form for form in forms(page) if name in form.names)


def send(client: FlaskClient, page: TestResponse, box: str, **typed: str) -> TestResponse:
    """Fill the form that has `box`, and press its main button. The page of photos is passed without any."""
    names = {name for form in forms(page) for name in form.names}
    if "files" in names and box not in names:
        page = send(client, page, "files")
    form = form_with(page, box)
    assert form.method == "post"
    boundary, body = encode_multipart({**form.fields, **typed})
    return client.post(form.action, data=body, content_type=f"multipart/form-data; boundary={boundary}")


def draft(client: FlaskClient, text: str = "Lampadaire éteint devant l’école") -> TestResponse:
    """The second page, once the first was filled."""
    return send(client, client.get("/signaler"), "object", object=text)


def reviewed(
    client: FlaskClient,
    *,
    text: str = "Lampadaire éteint devant l’école",
    category: str = "ECLA-01",
    place: str = "10 rue des Lilas, Aubreval",
    **contact: str,
) -> TestResponse:
    """The last page before sending."""
    page = send(client, draft(client, text), "category", category=category)
    page = send(client, page, "place", place=place)
    if "Est-ce déjà signalé" in page.text:
        page = send(client, page, "apart")  # « Non, c’est autre chose »
    return send(client, page, "way", **(contact or {"way": "email", "email": "lea@exemple.fr"}))


def reported(client: FlaskClient, **told: str) -> str:
    """The secret of the tracking link of a demand just sent."""
    answer = send(client, reviewed(client, **told), "key")
    assert answer.status_code == 303, answer.text
    return answer.location.rpartition("/")[2].partition("?")[0]
