"""An antivirus that speaks INSTREAM is asked of each file before anything opens it."""

from __future__ import annotations

import socketserver
import struct
import threading
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest

from crm.attachments import Checked, FileRefused, check_file
from crm.attachments.scanning import answers
from crm.foundation.settings import Files
from tests.attachments import pictures

VIRUS = b"X5O!P%@AP-TEST-OF-OURS"
PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"


class _Clamd(socketserver.StreamRequestHandler):
    """As clamd answers: a command ended by a zero, pieces with their length, nothing to end with."""

    def handle(self) -> None:
        command = b""
        while not command.endswith(b"\0"):
            command += self.rfile.read(1)
        if command == b"zPING\0":
            self.wfile.write(b"PONG\0")
            return
        assert command == b"zINSTREAM\0"
        heard = b""
        while length := struct.unpack("!I", self.rfile.read(4))[0]:
            heard += self.rfile.read(length)
        self.server.heard.append(heard)  # type: ignore[attr-defined]
        limit = b"INSTREAM size limit exceeded. ERROR\0"
        found = b"stream: Test.Virus FOUND\0" if VIRUS in heard else b"stream: OK\0"
        self.wfile.write(limit if len(heard) > 3_000_000 else found)


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = daemon_threads = True


@pytest.fixture
def clamd() -> Iterator[_Server]:
    with _Server(("127.0.0.1", 0), _Clamd) as server:
        server.heard = []  # type: ignore[attr-defined]
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def _check(content: bytes, scanner: str, name: str = "plan.pdf", **told: object) -> Checked:
    return check_file(BytesIO(content), name, Files(scanner=scanner, timeout_seconds=2, **told))  # type: ignore[arg-type]


def _at(server: _Server) -> str:
    return f"127.0.0.1:{server.server_address[1]}"


def test_a_file_goes_on_once_it_was_read_whole(clamd: _Server) -> None:
    sent = pictures.photo(1200, 900)
    assert _check(sent, _at(clamd), "photo.jpg").media_type == "image/jpeg"
    assert clamd.heard == [sent], "as it was sent, before it is redrawn"  # type: ignore[attr-defined]
    assert answers(_at(clamd), 2)


def test_what_is_infected_is_refused(clamd: _Server) -> None:
    with pytest.raises(FileRefused) as refused:
        _check(PDF + VIRUS, _at(clamd))
    assert (refused.value.reason, refused.value.name) == ("virus", "plan.pdf")


def test_a_local_socket_serves_as_well(tmp_path: Path) -> None:
    class Local(socketserver.ThreadingUnixStreamServer):
        daemon_threads = True

    with Local(str(tmp_path / "clamd.ctl"), _Clamd) as server:
        server.heard = []  # type: ignore[attr-defined]
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        with pytest.raises(FileRefused):
            _check(PDF + VIRUS, f"unix:{tmp_path / 'clamd.ctl'}")
        assert _check(PDF, f"unix:{tmp_path / 'clamd.ctl'}").media_type == "application/pdf"
        server.shutdown()
        thread.join()


def test_away_it_is_said_or_let_through_as_the_house_wishes() -> None:
    nobody = "127.0.0.1:9"
    with pytest.raises(FileRefused) as refused:
        _check(PDF, nobody)
    assert refused.value.reason == "not_scanned"
    assert _check(PDF, nobody, without_scanner="accept").content == PDF
    assert not answers(nobody, 1)


def test_what_it_could_not_read_was_not_scanned(clamd: _Server) -> None:
    with pytest.raises(FileRefused) as refused:
        _check(PDF + b" " * 3_000_001, _at(clamd))
    assert refused.value.reason == "not_scanned"


@pytest.mark.parametrize("wrong", ["clamd", "host:", "host:port", "/run/clamd.ctl"])
def test_an_address_that_means_nothing_stops_the_programme_at_once(wrong: str) -> None:
    with pytest.raises(ValueError, match="scanner"):
        Files(scanner=wrong)
