"""`crm doctor` on mailboxes: said whether they open, and what to do when they do not."""

from __future__ import annotations

from pydantic import SecretStr

from crm.cli.doctor.findings import Mark
from crm.cli.doctor.mailboxes import mailboxes
from crm.cli.embedded import free_port
from crm.cli.parts import every_part
from crm.foundation import Settings
from crm.foundation.settings import Mailbox


def _box() -> Mailbox:
    return Mailbox(
        host="127.0.0.1",
        port=free_port(),
        user="relation@rivebois.example",
        password=SecretStr("x"),
        security="none",
        timeout_seconds=2,
    )


def test_without_a_box_it_says_that_no_mail_comes_in() -> None:
    (finding,) = mailboxes(Settings())
    assert finding.mark is Mark.INFORMATION and "[[mailboxes]]" in finding.advice


def test_a_box_that_does_not_answer_is_wrong_and_nothing_is_lost() -> None:
    finding, *_ = mailboxes(Settings(mailboxes=(_box(),)))
    assert finding.mark is Mark.WRONG
    assert "relation@rivebois.example" in finding.what and "Rien n’est perdu" in finding.advice


def test_boxes_are_read_only_where_some_are_named() -> None:
    assert "mailboxes" not in {part.name for part in every_part(Settings())}
    assert "mailboxes" in {part.name for part in every_part(Settings(mailboxes=(_box(),)))}
