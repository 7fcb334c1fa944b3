"""A text changed on screen: drafted, published with its reason, taken back by the general one; two people."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from crm.catalogue import load_catalogue
from crm.foundation import SYSTEM, Actor, Conflict, Invalid, NotAllowed, Units
from crm.knowledge import (
    REPLY,
    ReplyTemplate,
    Use,
    choose,
    key_of,
    load_replies,
    publish_reply,
    reply_templates,
    text_in_force,
    versions_of,
    write_reply,
)
from crm.revisions import drop_draft
from tests.catalogue.from_files import FOLDER as CATALOGUE
from tests.knowledge.replies import FOLDER

ADMIN = Actor(kind="agent", id=1, roles=frozenset({"config_admin"}))
DONE: Use = Use("answer", "F")
OWN: Use = Use("answer", "F", "", "ECLA-01")


@pytest.fixture
def ready(units: Units) -> Units:
    with units.begin(SYSTEM) as uow:
        load_catalogue(uow, CATALOGUE)
        load_replies(uow, FOLDER)
    return units


def _now(units: Units, use: Use) -> ReplyTemplate | None:
    with units.reading() as session:
        return text_in_force(session, use)


def _done(units: Units) -> ReplyTemplate:
    found = _now(units, DONE)
    assert found is not None
    return found


def _write(units: Units, text: ReplyTemplate, seen: int = 0, *, is_used: bool = True) -> int:
    with units.begin(ADMIN) as uow:
        return write_reply(uow, text, seen=seen, is_used=is_used)


def _publish(units: Units, use: Use, seen: int, note: str = "Plus court") -> None:
    with units.begin(ADMIN) as uow:
        publish_reply(uow, use, note=note, seen=seen)


def _publish_own(units: Units) -> ReplyTemplate:
    own = replace(_done(units), category_code="ECLA-01", subject="La lampe {reference} éclaire")
    _publish(units, OWN, _write(units, own))
    return own


def test_a_draft_changes_nothing_until_it_is_published(ready: Units) -> None:
    before = _done(ready)
    after = replace(before, subject="C’est fait : {reference}")
    seen = _write(ready, after)
    assert _now(ready, DONE) == before
    _publish(ready, DONE, seen)
    assert _now(ready, DONE) == after
    with ready.reading() as session:
        kept = versions_of(session, REPLY, key_of(DONE))
    assert [card.content["subject"] for card in kept.history] == [after.subject, before.subject]


def test_a_text_of_one_category_wins_there_then_gives_way_to_its_domain_s(ready: Units) -> None:
    own = _publish_own(ready)

    def chosen() -> ReplyTemplate | None:
        with ready.reading() as session:
            texts = reply_templates(session, "answer")
        return choose(
            texts, "answer", outcome="F", category_code="ECLA-01", domain_code="ECLA", channel="letter"
        )

    assert chosen() == own
    _publish(ready, OWN, _write(ready, own, 2, is_used=False), "Celui du domaine suffit")
    general = chosen()
    assert general is not None and (general.outcome, general.domain_code) == ("F", "ECLA")


@pytest.mark.parametrize("use", [Use("answer"), Use("answer", "F", "sms")])
def test_what_nothing_would_replace_is_not_removed(ready: Units, use: Use) -> None:
    """The most general text of a message; a short one, for which a long one is no stand-in."""
    text = _now(ready, use)
    assert text is not None
    seen = _write(ready, text, is_used=False)
    with pytest.raises(Invalid) as refused:
        _publish(ready, use, seen)
    assert refused.value.fields == {"note": "nothing_instead"}
    assert _now(ready, use) == text


@pytest.mark.parametrize("wrong", [{"body": "Bonjour {prenom}"}, {"body": ""}, {"subject": ""}])
def test_a_text_that_cannot_leave_is_kept_as_a_draft_and_never_published(
    ready: Units, wrong: dict[str, str]
) -> None:
    before = _done(ready)
    seen = _write(ready, replace(before, **wrong))
    with pytest.raises(Invalid) as refused:
        _publish(ready, DONE, seen)
    assert refused.value.fields == {"body": "to_correct"}
    assert _now(ready, DONE) == before


def test_a_receipt_never_loses_what_the_law_asks(ready: Units) -> None:
    use: Use = Use("acknowledgement")
    receipt = _now(ready, use)
    assert receipt is not None
    seen = _write(ready, replace(receipt, body=receipt.body.replace("{unit_phone}", "le standard")))
    with pytest.raises(Invalid):
        _publish(ready, use, seen)


def test_a_reason_is_needed_and_the_subject_must_exist(ready: Units) -> None:
    seen = _write(ready, replace(_done(ready), subject="Fait {reference}"))
    with pytest.raises(Invalid) as refused:
        _publish(ready, DONE, seen, note=" ")
    assert refused.value.fields == {"note": "required"}
    with pytest.raises(Invalid):
        _write(ready, replace(_done(ready), category_code="LUNE-01"))


def test_two_people_on_one_text_and_the_second_is_always_told(ready: Units) -> None:
    mine, theirs = (replace(_done(ready), subject=f"{who} {{reference}}") for who in ("Moi", "Eux"))
    _write(ready, theirs)
    with pytest.raises(Conflict):
        _write(ready, mine)
    _publish(ready, DONE, 1)
    for seen in (0, 1):  # opened before theirs was drafted, or before it was published
        with pytest.raises(Conflict):
            _write(ready, mine, seen)
    _write(ready, mine, 2)
    with pytest.raises(Conflict):
        _publish(ready, DONE, 1)
    with pytest.raises(Conflict), ready.begin(ADMIN) as uow:
        drop_draft(uow, REPLY, key_of(DONE), seen=7)
    now = _now(ready, DONE)
    assert now is not None and now.subject == "Eux {reference}"


def test_loading_files_leaves_what_was_published_on_screen(ready: Units, tmp_path: Path) -> None:
    own = _publish_own(ready)
    seen = _write(ready, replace(_done(ready), subject="Brouillon"))
    with ready.begin(SYSTEM) as uow:
        again = load_replies(uow, FOLDER)
    assert again.kept == (OWN,) and again.retired == 0
    assert _now(ready, OWN) == own, "no file names it, and it stays"
    _publish(ready, DONE, seen)
    with ready.begin(SYSTEM) as uow:
        load_replies(uow, FOLDER)
    assert _done(ready).subject == "Brouillon"


def test_only_who_keeps_the_settings_writes_and_publishes(ready: Units) -> None:
    seen = _write(ready, replace(_done(ready), subject="Fait {reference}"))
    for role in ("advisor", "supervisor"):
        other = Actor(kind="agent", id=2, roles=frozenset({role}))
        with ready.begin(other) as uow, pytest.raises(NotAllowed):
            write_reply(uow, _done(ready), seen=seen)
        with ready.begin(other) as uow, pytest.raises(NotAllowed):
            publish_reply(uow, DONE, note="Non", seen=seen)


def test_a_translation_is_published_and_removed_by_itself_and_leaves_the_french(ready: Units) -> None:
    english, french = DONE._replace(language="en"), _done(ready)
    text = _now(ready, english)
    assert text is not None
    shorter = replace(text, body="Done. {reference} {unit} {centre_phone}")
    _publish(ready, english, _write(ready, shorter))
    assert (_now(ready, english), _now(ready, DONE)) == (shorter, french)
    _publish(ready, english, _write(ready, shorter, 2, is_used=False), "Mal traduit")
    assert (_now(ready, english), _now(ready, DONE)) == (None, french)


def test_what_goes_to_other_bodies_has_no_translation(ready: Units) -> None:
    text = ReplyTemplate(message="handover", subject="x", body="x", language="en")
    with pytest.raises(Invalid):
        _write(ready, text)


def test_no_text_speaks_for_another_language(ready: Units) -> None:
    with ready.reading() as session:
        texts = [text for text in reply_templates(session, "answer") if text.channel != "sms"]
    assert choose(texts, "answer", outcome="F", language="en") is not None
    assert choose(texts, "answer", outcome="F", channel="sms", language="en") is None, "it would be long"
    french_only = [text for text in texts if not text.language]
    assert choose(french_only, "answer", outcome="F", language="en") is None
