"""A subscriber's machine on this very machine: answers as told, keeps what it heard."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Receiver:
    """Args: `answers`: statuses to come; 204 once they are used up."""

    url: str = ""
    answers: list[int] = field(default_factory=list)
    heard: list[tuple[Mapping[str, str], bytes]] = field(default_factory=list)
    taken: list[dict[str, Any]] = field(default_factory=list)

    def kinds(self) -> list[str]:
        """Of what it took, in the order of arrival."""
        return [one["type"] for one in self.taken]


@contextmanager
def receiver() -> Iterator[Receiver]:
    told = Receiver()

    class Answers(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            told.heard.append(({name.lower(): value for name, value in self.headers.items()}, body))
            status = told.answers.pop(0) if told.answers else 204
            if status == 204:
                told.taken.append(json.loads(body))
            self.send_response(status)
            if status == 302:
                self.send_header("Location", told.url + "/ailleurs")
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    told.url = f"http://127.0.0.1:{server.server_port}/crm"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield told
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
