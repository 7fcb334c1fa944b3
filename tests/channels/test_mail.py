"""A mail as the recipient's programme reads it."""

from __future__ import annotations

import email
import email.policy
from email.message import EmailMessage
from pathlib import Path
from typing import cast
from uuid import uuid4

import pytest

from crm.channels import Channel, Outbound, Refused, mail_domain, open_channels
from crm.channels.adapters.email import envelope_address
from crm.foundation import Settings, Unavailable
from crm.foundation.settings import Mail
from tests.servers import Servers


def _message(**said: object) -> Outbound:
    given = {"id": 7, "recipient": "ana@usagers.example", "subject": "Votre demande", "body": "Bonjour."}
    message_id = f"<{uuid4()}@rivebois.example>"
    return Outbound(**{"message_id": message_id, **given, **said})  # type: ignore[arg-type]


@pytest.fixture
def channel(servers: Servers) -> Channel:
    mail = Mail(host="127.0.0.1", port=servers.smtp_port, timeout_seconds=3)
    return open_channels(Settings(mail=mail))["email"]


def _kept(servers: Servers, message_id: str) -> list[EmailMessage]:
    raws = [path.read_bytes() for path in sorted(Path(servers.outbox_folder).glob("*.eml"))]
    assert all(b"\n" not in raw.replace(b"\r\n", b"") for raw in raws), "a bare LF went over the wire"
    mails = [email.message_from_bytes(raw, policy=email.policy.default) for raw in raws]
    return [cast(EmailMessage, mail) for mail in mails if mail["Message-ID"] == message_id]


def _text(mail: EmailMessage, kind: str) -> str:
    part = mail.get_body((kind,))
    assert part is not None
    return cast(str, part.get_content())


def test_a_mail_can_be_answered_and_says_that_a_machine_wrote_it(channel: Channel, servers: Servers) -> None:
    message = _message(subject="Éclairage : votre demande", body="Bonjour,\n\nC’est fait.\nÀ bientôt")
    with channel.open() as sender:
        provider_id = sender.send(message)
    (mail,) = _kept(servers, message.message_id)
    assert provider_id == message.message_id
    assert mail["Subject"] == "Éclairage\u00a0: votre demande"
    assert mail["Reply-To"] == "relation@rivebois.example"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["X-Envelope-To"] == "ana@usagers.example"
    assert _text(mail, "plain").splitlines() == ["Bonjour,", "", "C’est fait.", "À bientôt"]
    assert "C’est fait.<br>À bientôt" in _text(mail, "html")


def test_french_is_spaced_as_on_our_screens_and_links_stay_whole(channel: Channel, servers: Servers) -> None:
    said = "Une question ? De 8 h à 19 h : http://127.0.0.1:8000/suivi/AbC-_9 « oui »"
    message = _message(subject="Prêt ?", body=said)
    with channel.open() as sender:
        sender.send(message)
    (mail,) = _kept(servers, message.message_id)
    spaced = (
        "Une question\u202f? De 8\u202fh à 19\u202fh\u00a0: "
        "http://127.0.0.1:8000/suivi/AbC-_9 «\u202foui\u202f»"
    )
    assert mail["Subject"] == "Prêt\u202f?"
    assert _text(mail, "plain").strip() == spaced
    assert "Une question\u202f? De 8\u202fh" in _text(mail, "html")


def test_what_a_person_wrote_is_not_marked_automatic(channel: Channel, servers: Servers) -> None:
    message = _message(automatic=False)
    with channel.open() as sender:
        sender.send(message)
    assert _kept(servers, message.message_id)[0]["Auto-Submitted"] is None


def test_hostile_words_are_inert(channel: Channel, servers: Servers) -> None:
    body = "<script>alert(1)</script> \x00 😀 مرحبا \u202eabc http://evil.example/x\n.\nfin" + "x" * 300_000
    message = _message(subject="Bonjour\r\nBcc: tous@usagers.example\r\n\r\ncoucou", body=body)
    with channel.open() as sender:
        sender.send(message)
    (mail,) = _kept(servers, message.message_id)
    assert mail["Bcc"] is None
    assert mail["X-Envelope-To"] == "ana@usagers.example"
    html = _text(mail, "html")
    assert "<script>" not in html and "&lt;script&gt;" in html and "😀 مرحبا" in html
    assert "href" not in html, "a stranger's address became a link"
    assert "\u202e" not in html and "\x00" not in html
    assert _text(mail, "plain").count("x") >= 300_000


def test_only_our_own_site_becomes_a_link(channel: Channel, servers: Servers) -> None:
    message = _message(body="Suivi : http://127.0.0.1:8000/suivi/AbC-_9. Merci")
    with channel.open() as sender:
        sender.send(message)
    html = _text(_kept(servers, message.message_id)[0], "html")
    assert (
        '<a href="http://127.0.0.1:8000/suivi/AbC-_9">http://127.0.0.1:8000/suivi/AbC-_9</a>. Merci' in html
    )


@pytest.mark.parametrize(
    "typed",
    ["", "ana", "@b.example", "a@", "a b@c.example", "a@b.example, c@d.example", "a@b.example\nRCPT TO:<c@d>",
     "<a@b.example>", "é@b.example", "a@" + "b" * 300],
)  # fmt: skip
def test_what_is_not_one_address_is_refused(typed: str) -> None:
    with pytest.raises(Refused):
        envelope_address(typed)


def test_an_accented_domain_is_written_in_ascii() -> None:
    assert envelope_address(" Ana.Lopez@Écluse.example ") == "Ana.Lopez@xn--cluse-9ra.example"


def test_a_mailbox_that_does_not_exist_is_final_and_the_next_message_still_leaves(
    channel: Channel, servers: Servers
) -> None:
    follower = _message(id=8)
    with channel.open() as sender:
        with pytest.raises(Refused, match="smtp_550"):
            sender.send(_message(recipient="nobody@nowhere.invalid"))
        with pytest.raises(Unavailable):
            sender.send(_message(recipient="ana@busy.invalid"))
        sender.send(follower)
    assert len(_kept(servers, follower.message_id)) == 1


def test_a_server_that_is_down_is_waited_for() -> None:
    channel = open_channels(Settings(mail=Mail(host="127.0.0.1", port=1, timeout_seconds=1)))["email"]
    with channel.open() as sender, pytest.raises(Unavailable):
        sender.send(_message())


def test_a_kept_connection_that_was_dropped_is_opened_again(channel: Channel, servers: Servers) -> None:
    first, second = _message(id=1), _message(id=2)
    with channel.open() as sender:
        sender.send(first)
        sender._server.sock.close()  # type: ignore[attr-defined]
        sender.send(second)
    assert len(_kept(servers, second.message_id)) == 1


def test_our_message_ids_end_with_our_domain() -> None:
    assert mail_domain("Relation usagers <relation@rivebois.example>") == "rivebois.example"
    assert mail_domain("") == "localhost"
