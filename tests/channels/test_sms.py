"""SMS by a gateway that answers as gateways do: a real HTTP server on the loopback."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from pydantic import SecretStr

from crm.channels import Outbound, Refused, open_channels
from crm.foundation import Settings, Unavailable
from crm.foundation.settings import Sms


class Gateway(ThreadingHTTPServer):
    answer = 201
    taken: list[dict[str, Any]]


class _Dialogue(BaseHTTPRequestHandler):
    server: Gateway

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.taken.append({**asked, "authorization": self.headers["Authorization"]})
        told = json.dumps({"id": f"prov-{asked['id']}"}).encode()
        self.send_response(self.server.answer)
        self.send_header("Content-Length", str(len(told)))
        self.end_headers()
        self.wfile.write(told)

    def log_message(self, format: str, *args: object) -> None:
        """Nothing on the test's output."""


@pytest.fixture
def gateway() -> Iterator[Gateway]:
    with Gateway(("127.0.0.1", 0), _Dialogue) as server:
        server.taken = []
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


def _settings(port: int) -> Settings:
    url = f"http://127.0.0.1:{port}/sms"
    return Settings(sms=Sms(url=url, token=SecretStr("jeton"), sender="RIVEBOIS", timeout_seconds=1))


_MESSAGE = Outbound(id=42, recipient="+33639980001", body="Métropole : demande enregistrée.")


def _send(gateway: Gateway) -> str:
    with open_channels(_settings(gateway.server_port))["sms"].open() as sender:
        return sender.send(_MESSAGE)


def test_the_gateway_gets_the_text_and_our_id_against_doubles(gateway: Gateway) -> None:
    assert _send(gateway) == "prov-42"
    assert gateway.taken == [
        {
            "id": "42",
            "to": "+33639980001",
            "text": "Métropole : demande enregistrée.",
            "sender": "RIVEBOIS",
            "authorization": "Bearer jeton",
        }
    ]


def test_what_would_cost_twice_is_spelled_otherwise(gateway: Gateway) -> None:
    text = "L’été à Rivebois\u202f: cœur de l’île"
    with open_channels(_settings(gateway.server_port))["sms"].open() as sender:
        sender.send(replace(_MESSAGE, body=text))
    assert gateway.taken[0]["text"] == "L'été à Rivebois : coeur de l'ile"


@pytest.mark.parametrize("status", [400, 404, 422])
def test_what_the_gateway_refuses_is_final(gateway: Gateway, status: int) -> None:
    gateway.answer = status
    with pytest.raises(Refused):
        _send(gateway)


@pytest.mark.parametrize("status", [408, 429, 500, 503, 401])
def test_a_busy_gateway_or_a_wrong_key_is_tried_again(gateway: Gateway, status: int) -> None:
    gateway.answer = status
    with pytest.raises(Unavailable):
        _send(gateway)


def test_a_gateway_that_is_down_is_tried_again() -> None:
    with open_channels(_settings(1))["sms"].open() as sender, pytest.raises(Unavailable):
        sender.send(_MESSAGE)


def test_no_gateway_no_sms_and_the_token_is_never_shown(gateway: Gateway) -> None:
    assert "sms" not in open_channels(Settings())
    assert "jeton" not in repr(open_channels(_settings(gateway.server_port)))
