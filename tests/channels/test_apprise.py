"""SMS through Apprise, by its json:// provider and a real HTTP server."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from pydantic import SecretStr

from crm.channels import Outbound, Refused, open_channels
from crm.foundation import Settings, SettingsError, Unavailable
from crm.foundation.settings import Sms

pytestmark = pytest.mark.filterwarnings("ignore:'imghdr' is deprecated")  # Apprise's own affair

_MESSAGE = Outbound(id=42, recipient="+33639980001", body="L’été\u202f: demande enregistrée.")


class Provider(ThreadingHTTPServer):
    answer = 200
    taken: list[tuple[str, dict[str, Any]]]


class _Dialogue(BaseHTTPRequestHandler):
    server: Provider

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.taken.append((self.path, asked))
        self.send_response(self.server.answer)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Nothing on the test's output."""


@pytest.fixture
def provider() -> Iterator[Provider]:
    with Provider(("127.0.0.1", 0), _Dialogue) as server:
        server.taken = []
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


def _settings(url: str) -> Settings:
    return Settings(sms=Sms(apprise_url=SecretStr(url)))


def _send(port: int) -> str:
    channels = open_channels(_settings(f"json://cle:secrete@127.0.0.1:{port}/sms/{{to}}"))
    with channels["sms"].open() as sender:
        return sender.send(_MESSAGE)


def test_the_provider_gets_the_number_and_the_text_in_the_cheap_alphabet(provider: Provider) -> None:
    assert _send(provider.server_port) == "42"
    ((path, asked),) = provider.taken
    assert "33639980001" in path
    assert asked["message"] == "L'été : demande enregistrée."


@pytest.mark.parametrize("status", [400, 404, 422])
def test_what_the_provider_refuses_is_final(provider: Provider, status: int) -> None:
    provider.answer = status
    with pytest.raises(Refused) as told:
        _send(provider.server_port)
    assert told.value.reason == f"http_{status}"


@pytest.mark.parametrize("status", [401, 429, 500, 503])
def test_a_busy_provider_or_a_wrong_key_is_tried_again(provider: Provider, status: int) -> None:
    provider.answer = status
    with pytest.raises(Unavailable):
        _send(provider.server_port)


def test_a_provider_that_is_down_is_tried_again() -> None:
    with pytest.raises(Unavailable):
        _send(1)


@pytest.mark.parametrize("url", ["personne://{to}", "json://127.0.0.1/sms", "vide:{to}"])
def test_an_address_that_cannot_work_stops_the_start_and_is_not_shown(url: str) -> None:
    with pytest.raises(SettingsError) as refused:
        open_channels(_settings(url))
    assert url not in str(refused.value)


def test_keys_are_never_shown() -> None:
    assert "secrete" not in repr(open_channels(_settings("json://cle:secrete@127.0.0.1:1/{to}")))
