"""Mails as they come in, whatever does not matter having a value."""

from __future__ import annotations

from email.message import EmailMessage
from uuid import uuid4

from pydantic import SecretStr

from crm.channels import Arrival, Receiver, ThreadNames, Understood, open_receivers, thread_names
from crm.foundation import Settings
from crm.foundation.settings import Mail

SETTINGS = Settings(secret_key=SecretStr("a key of the tests"), mail=Mail(auth_server="mx.rivebois.example"))
NAMES: ThreadNames = thread_names(SETTINGS)
RECEIVER: Receiver = open_receivers(SETTINGS)["email"]
ANA = "ana@usagers.example"


def mail(body: str = "Bonjour,\n\nIl y a un trou.", **headers: str) -> bytes:
    """Underscores of names are hyphens; a header given empty is left out."""
    usual = {
        "From": f"Ana Lopez <{ANA}>",
        "To": "relation@rivebois.example",
        "Subject": "Un trou",
        "Date": "Tue, 15 Sep 2026 09:12:00 +0200",
        "Message-ID": f"<{uuid4()}@usagers.example>",
    }
    given = {name.replace("_", "-"): value for name, value in headers.items()}
    made = EmailMessage()
    for name, value in {**usual, **given}.items():
        if value:
            made[name] = value
    made.set_content(body)
    return made.as_bytes()


def raw(head: str, body: bytes = b"") -> bytes:
    return head.strip().replace("\n", "\r\n").encode("utf-8", "surrogateescape") + b"\r\n\r\n" + body


def read(content: bytes, **about: str) -> Understood:
    return RECEIVER.understand(Arrival(external_id="one", content=content, about=about))
