"""A browser without a screen: keeps cookies and sends each form with its token."""

from __future__ import annotations

import re
from typing import Any

from flask import Flask
from werkzeug.test import TestResponse

_TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"|value="([^"]+)"[^>]*name="csrf_token"')
_META = re.compile(r'<meta name="csrf-token" content="([^"]+)"')


class Browser:
    def __init__(self, app: Flask) -> None:
        self.client = app.test_client()
        self._token = ""

    def enter(self, agent_id: int) -> None:
        """As if the password had been given: hashing it is slow on purpose."""
        with self.client.session_transaction() as session:
            session["_user_id"] = f"{agent_id}-0"

    def get(self, path: str, **query: Any) -> TestResponse:
        return self._remember(self.client.get(path, query_string=query or None))

    def post(self, path: str, **fields: Any) -> TestResponse:
        if not self._token and self.get("/login").status_code == 302:
            self._remember(self.client.get("/console/", follow_redirects=True))
        form = {"csrf_token": self._token, **fields}
        answer = self._remember(self.client.post(path, data=form))
        if path == "/login":
            self._token = ""
        return answer

    def forged(self, path: str, **fields: Any) -> TestResponse:
        """Without a token, as another site would send it."""
        return self.client.post(path, data=fields)

    def form(self, path: str) -> dict[str, str]:
        """The hidden fields of a page's main form."""
        html = self.get(path).text
        return dict(re.findall(r'<input type="hidden" name="(?!csrf)(\w+)" value="([^"]*)"', html))

    def _remember(self, answer: TestResponse) -> TestResponse:
        if answer.mimetype == "text/html" and (
            found := _TOKEN.search(answer.text) or _META.search(answer.text)
        ):
            self._token = next(group for group in found.groups() if group)
        return answer
