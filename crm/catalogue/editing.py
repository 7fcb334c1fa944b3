"""Changing the catalogue on screen: drafts checked as files are, published into what is asked and told."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from datetime import date
from typing import Any

from crm.access import Permission, require
from crm.catalogue.checking import Bearing, Mistake, category_mistakes, danger_mistakes, outcome_mistakes
from crm.catalogue.contents import CATEGORY, DANGER, OUTCOME, content_in, new_category
from crm.catalogue.models import DangerRow, OutcomeRow
from crm.catalogue.queries import catalogue
from crm.catalogue.writing import put_category, put_one
from crm.foundation import PARIS, Invalid, NotFound, UnitOfWork, clean
from crm.revisions import draft_of, drafts_of, history_of, publish_draft, write_draft

_DOMAIN = re.compile(r"[A-Z]{2,5}")
_DANGER_CODE = re.compile(r"[A-Z0-9]{2,4}")
_MOST_OF_A_DOMAIN = 99


def begin_category(uow: UnitOfWork, domain_code: str, label: str, label_en: str) -> str:
    """A new category, drafted under the next code of its domain; returns the code.

    Raises:
        Invalid: no such domain of ours, no label, or the domain is full.
    """
    require(uow.actor, Permission.CONTENT_EDIT)
    known = catalogue(uow.session, _today(uow))
    wrong = {} if known.domain(domain_code) and _DOMAIN.fullmatch(domain_code) else {"domain": "unknown"}
    given = {"label": clean(label), "label_en": clean(label_en)}
    wrong |= {name: "required" for name, text in given.items() if not text}
    if wrong:
        raise Invalid(wrong)
    taken = {*known.categories, *drafts_of(uow.session, CATEGORY)}
    free = (f"{domain_code}-{n:02d}" for n in range(1, _MOST_OF_A_DOMAIN + 1))
    after = max((code for code in taken if code.startswith(f"{domain_code}-")), default="")
    code = next((one for one in free if one > after and one not in taken), None)
    if code is None:
        raise Invalid({"domain": "domain_full"})
    place = max((c.position for c in known.categories.values() if c.domain_code == domain_code), default=0)
    content = new_category(code, domain_code, given["label"], given["label_en"], place + 1)
    write_draft(uow, CATEGORY, code, content, seen=0)
    return code


def write_category(
    uow: UnitOfWork, content: Mapping[str, Any], *, seen: int, held: Collection[str] = (), note: str = ""
) -> int:
    """Keeps the draft; what is wrong outside of what the form held waits for the publication.

    Args:
        held: the first steps of what the form holds, as `question`; none: nothing is checked.
        note: why it is begun, proposed again when it is published.

    Raises:
        Invalid: mistakes of the form by the way to them, as `question.2.label`.
        Conflict: see `crm.revisions`.
    """
    require(uow.actor, Permission.CONTENT_EDIT)
    known = catalogue(uow.session, _today(uow))
    _refuse(m for m in category_mistakes(content, known) if m.at[0] in held)
    now = content_in(known, CATEGORY, content["code"])
    return write_draft(uow, CATEGORY, content["code"], content, seen=seen, now=now, note=note)


def publish_category(uow: UnitOfWork, code: str, *, note: str, seen: int, bearing: Bearing) -> None:
    """The draft is asked from now on. What it no longer asks still names old answers.

    Raises:
        Invalid: no note, nothing changed, or mistakes (`content`).
        Conflict: see `crm.revisions`.
    """
    require(uow.actor, Permission.CONTENT_EDIT)
    known = catalogue(uow.session, _today(uow))
    draft = draft_of(uow.session, CATEGORY, code)
    _sound(category_mistakes(draft.content, known, bearing) if draft else [])
    put_category(uow.session, publish_draft(uow, CATEGORY, code, note=note, seen=seen))


def begin_danger(uow: UnitOfWork, content: Mapping[str, Any]) -> str:
    """A new danger, drafted under its code, after the others; returns the code.

    Raises:
        Invalid: the code is no code or is taken, or mistakes as in `write_danger`.
    """
    require(uow.actor, Permission.CONTENT_EDIT)
    known, drafts = catalogue(uow.session), drafts_of(uow.session, DANGER)
    code = content["code"]
    mistakes = danger_mistakes(content)
    if not _DANGER_CODE.fullmatch(code):
        mistakes.append(Mistake(("code",), "danger_code"))
    elif code in drafts or known.danger(code):
        mistakes.append(Mistake(("code",), "danger_taken"))
    _refuse(mistakes)
    write_draft(
        uow,
        DANGER,
        code,
        {**content, "is_active": True, "position": len({*drafts, *(one.code for one in known.dangers)}) + 1},
        seen=0,
    )
    return str(code)


def write_danger(uow: UnitOfWork, content: Mapping[str, Any], *, seen: int) -> int:
    """Keeps the draft of a danger. Raises Invalid and Conflict as `write_category` does."""
    require(uow.actor, Permission.CONTENT_EDIT)
    _refuse(danger_mistakes(content))
    now = content_in(catalogue(uow.session), DANGER, content["code"])
    if now is None and draft_of(uow.session, DANGER, content["code"]) is None:
        raise NotFound(danger=content["code"])
    return write_draft(uow, DANGER, content["code"], content, seen=seen, now=now)


def publish_danger(uow: UnitOfWork, code: str, *, note: str, seen: int) -> None:
    """Its words ring from now on. Raises as `publish_category` does."""
    require(uow.actor, Permission.CONTENT_EDIT)
    draft = draft_of(uow.session, DANGER, code)
    _sound(danger_mistakes(draft.content) if draft else [])
    put_one(uow.session, DangerRow, publish_draft(uow, DANGER, code, note=note, seen=seen))


def write_outcome(uow: UnitOfWork, content: Mapping[str, Any], *, seen: int) -> int:
    """Keeps the draft of an outcome's words. Raises Invalid and Conflict as `write_category` does.

    Raises:
        NotFound: no such outcome; none is added, the list is closed.
    """
    require(uow.actor, Permission.CONTENT_EDIT)
    known = catalogue(uow.session)
    now = content_in(known, OUTCOME, content["code"])
    if now is None:
        raise NotFound(outcome=content["code"])
    _refuse(outcome_mistakes(content, known))
    return write_draft(uow, OUTCOME, content["code"], content, seen=seen, now=now)


def publish_outcome(uow: UnitOfWork, code: str, *, note: str, seen: int) -> None:
    """It is named, told and offered so from now on. Raises as `publish_category` does."""
    require(uow.actor, Permission.CONTENT_EDIT)
    draft = draft_of(uow.session, OUTCOME, code)
    _sound(outcome_mistakes(draft.content, catalogue(uow.session)) if draft else [])
    put_one(uow.session, OutcomeRow, publish_draft(uow, OUTCOME, code, note=note, seen=seen))


def take_back(uow: UnitOfWork, subject: str, code: str, number: int, *, seen: int) -> int:
    """A version of before becomes the draft. Raises NotFound, Conflict."""
    require(uow.actor, Permission.CONTENT_EDIT)
    versions = history_of(uow.session, subject, code)
    old = next((one for one in versions if one.number == number), None)
    if old is None:
        raise NotFound(subject=subject, code=code, number=number)
    return write_draft(uow, subject, code, old.content, seen=seen)


def _refuse(mistakes: Iterable[Mistake]) -> None:
    if wrong := {mistake.field: mistake.code for mistake in mistakes}:
        raise Invalid(wrong)


def _sound(mistakes: list[Mistake]) -> None:
    """Asked before the draft is published: `publish_draft` refuses one that changed since."""
    if mistakes:
        raise Invalid({"content": "to_mend_first"})


def _today(uow: UnitOfWork) -> date:
    return uow.now.astimezone(PARIS).date()
