"""A draft tried before it is published: a sentence, its questions as they will be read, recent demands."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from flask import request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from crm.access import Permission
from crm.catalogue import (
    CATEGORY,
    OUTCOME,
    Catalogue,
    CategoryIndex,
    Compared,
    Danger,
    Working,
    category_from,
    compare_proposals,
    compare_rings,
    dangers_in,
    with_category,
    with_danger,
)
from crm.http import needs, reading, typo, wiring
from crm.reporting import objects_of_late
from crm.web.catalogue.blueprint import ANY, bp
from crm.web.catalogue.frame import framed, read
from crm.web.catalogue.trying_outcomes import as_read, tried

_LONGEST = 2000
_WEEKS, _MOST = 8, 500


@dataclass(frozen=True, slots=True)
class Heard:
    """What is proposed, and what rings, for a sentence."""

    proposed: tuple[tuple[str, str, str], ...]  # code, category, domain
    dangers: tuple[Danger, ...]


@bp.get(f"{ANY}/essai")
@needs(Permission.CONTENT_EDIT)
def trial(thing: str, code: str) -> ResponseReturnValue:
    return _page(thing, code)


@bp.post(f"{ANY}/essai")
@needs(Permission.CONTENT_EDIT)
def try_out(thing: str, code: str) -> ResponseReturnValue:
    """By POST: what is typed to try may be what somebody said."""
    return _page(thing, code, said=request.form.get("said", "")[:_LONGEST], of_late="of_late" in request.form)


def _page(thing: str, code: str, said: str = "", *, of_late: bool = False) -> ResponseReturnValue:
    with reading() as session:
        one = read(session, thing, code)
        if one.subject == OUTCOME:
            return tried(session, one)
        then = _with_draft(one)
        return framed(
            session,
            one,
            "trial",
            "trial",
            said=said,
            heard=(_heard(one.known, said), _heard(then, said)) if said else None,
            compared=_compared(session, one) if of_late else None,
            weeks=_WEEKS,
            draft=category_from(one.content) if one.subject == CATEGORY else None,
            **_blank_answers(),
        )


def _with_draft(one: Working) -> Catalogue:
    add = with_category if one.subject == CATEGORY else with_danger
    return add(one.known, one.content)


def _heard(known: Catalogue, said: str) -> Heard:
    found = CategoryIndex(known).suggest(said)
    return Heard(
        tuple((one.code, typo(one.label), typo(one.domain_label)) for one in found),
        tuple(dangers_in(known, said)),
    )


def tried_before(session: Session, one: Working) -> dict[str, Any]:
    """What whoever publishes a draft sees of it at work, whether they tried it or not."""
    if one.draft is None:
        return {"compared": None, "weeks": _WEEKS, "reads": []}
    if one.subject == OUTCOME:
        return {"compared": None, "weeks": _WEEKS, "reads": as_read(session, one)}
    return {"compared": _compared(session, one), "weeks": _WEEKS, "reads": []}


def _compared(session: Session, one: Working) -> Compared:
    then = _with_draft(one)
    since = wiring().clock.now() - timedelta(weeks=_WEEKS)
    past = objects_of_late(session, since, _MOST)
    if one.subject == CATEGORY:
        return compare_proposals(one.known, then, past)
    return compare_rings(one.known, then, one.code, past)


def _blank_answers() -> dict[str, Any]:
    return {"given": {}, "proposed": [], "repeated": [], "since": None, "wrong": {}}
