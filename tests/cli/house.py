"""A small house under the real supervisor: `python -m tests.cli.house VAR PORT`. Real servers, toy parts."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from crm.cli.embedded import Embedded
from crm.cli.parts import Part
from crm.cli.supervisor import StopAsked, Supervisor, stopping_by_signal

_WEB = """
import http.server, sys
class Alive(http.server.BaseHTTPRequestHandler):
    def do_GET(self): self.send_response(200); self.end_headers()
    def log_message(self, *a): pass
class Server(http.server.HTTPServer): allow_reuse_address = True
Server(("127.0.0.1", int(sys.argv[1])), Alive).serve_forever()
"""
_STUBBORN = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(600)"


def _say(words: str) -> None:
    sys.stdout.write(words + "\n")
    sys.stdout.flush()


def main() -> None:
    var, port = Path(sys.argv[1]), int(sys.argv[2])
    embedded = Embedded(var, tied=True)
    supervisor = Supervisor(embedded, var / "log", port, _say)
    parts = [
        Part("web", (sys.executable, "-c", _WEB, str(port)), 1, 5),
        Part("stubborn", (sys.executable, "-c", _STUBBORN), 2, 0.5),
    ]
    try:
        with stopping_by_signal():
            embedded.start()
            supervisor.start(parts, os.environ)
            supervisor.watch()
    except StopAsked:
        _say("stopping")
    finally:
        supervisor.stop()
        embedded.stop()
    _say("stopped")


if __name__ == "__main__":
    main()
