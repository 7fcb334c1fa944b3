"""Mails from the wild: each reaches a defined end, and no word of a reply is lost."""

from __future__ import annotations

from pathlib import Path

import pytest

from crm.channels import Nature, Understood, Unreadable
from crm.channels.mail_folding import fold_reply
from tests.channels.mails import read
from tests.conftest import OPEN_DATA

_MAILS = OPEN_DATA / "mail" / "mikel-mail"
_REPLIES = OPEN_DATA / "mail" / "willdurand"
# Zero-width marks are taken out of the words, and are no words.
_UNSEEN = str.maketrans("", "", "\u200b\ufeff")


@pytest.mark.open_data
def test_the_hundred_raw_mails_are_all_understood() -> None:
    files = sorted(_MAILS.rglob("*.eml"))
    ends: list[Understood | str] = []
    for file in files:
        try:
            ends.append(read(file.read_bytes()))
        except Unreadable as refused:
            ends.append(refused.reason)
    assert len(ends) >= 104 - 2  # those that are not .eml are looked at below
    told = [end for end in ends if isinstance(end, Understood)]
    assert len(told) >= len(files) - 1
    assert all("\x00" not in one.subject for one in told)
    assert sum(one.nature is Nature.BOUNCE for one in told) == 4
    assert sum(one.details.get("status", "").startswith("4.") for one in told) == 2


@pytest.mark.open_data
def test_whatever_else_lies_there_does_not_break_the_reader() -> None:
    for file in (path for path in _MAILS.rglob("*") if path.is_file()):
        try:
            read(file.read_bytes())
        except Unreadable as refused:
            assert refused.reason


@pytest.mark.open_data
@pytest.mark.parametrize("name", sorted(path.name for path in _REPLIES.rglob("*.txt")) or ["none"])
def test_no_word_of_a_reply_is_lost_by_folding(name: str) -> None:
    (path,) = _REPLIES.rglob(name)
    whole = path.read_text(encoding="utf-8", errors="replace").translate(_UNSEEN)
    said, folded = fold_reply(whole)
    assert set(whole.split()) <= set(f"{said} {folded}".split())
    assert said


@pytest.mark.open_data
@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("email_iphone.txt", "Here is another email"),
        ("email_4.txt", "Awesome! I haven't had another problem with it."),
        ("email_unquoted_reply.txt", "This is my reply."),
        ("email_blackberry.txt", "Here is another email"),
    ],
)
def test_a_reply_is_told_from_what_it_quotes(name: str, said: str) -> None:
    (path,) = _REPLIES.rglob(name)
    assert fold_reply(Path(path).read_text(encoding="utf-8"))[0] == said


def test_french_quotes_and_signatures_are_folded() -> None:
    whole = (
        "Oui, c'est bien au 12.\n\nCordialement,\nAna Lopez\n\n"
        "Le mar. 15 sept. 2026 à 10:12, Relation usagers\n<relation@rivebois.example> a écrit :\n"
        "> Où est-ce ?"
    )
    said, folded = fold_reply(whole)
    assert said == "Oui, c'est bien au 12."
    assert "Ana Lopez" in folded and "> Où est-ce ?" in folded


def test_who_answers_line_by_line_is_read_whole() -> None:
    whole = "Le 3 mars 2026, Relation usagers a écrit :\n> Quel numéro ?\nLe 12.\n> Depuis quand ?\nHier."
    assert fold_reply(whole) == (whole, "")


def test_a_reply_below_what_it_quotes_is_not_hidden() -> None:
    whole = "Le 3 mars 2026, Relation usagers a écrit :\n> Quel numéro ?\n\nC'est le 12."
    assert "C'est le 12." in fold_reply(whole)[0]


def test_a_forwarded_mail_without_a_word_is_all_said() -> None:
    whole = "---------- Message transféré ----------\nDe : Paul\nLe trou est là."
    assert fold_reply(whole) == (whole, "")


def test_letters_made_to_slow_the_reader_do_not() -> None:
    for nasty in ("On " + "a " * 60_000, "> " * 60_000, "Le " * 50_000, "-" * 100_000, "\n" * 100_000 + "x"):
        said, folded = fold_reply(nasty)
        assert said or folded
