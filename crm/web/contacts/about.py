"""What a sheet says of somebody besides their demands: needs, links, look-alikes, merges, old addresses."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask_login import current_user
from sqlalchemy.orm import Session

from crm import contacts
from crm.access import Permission
from crm.http import holds
from crm.staff import agent_names
from crm.web.contacts.saying import (
    failure_words,
    moved_words,
    needs_said,
    relation_words,
    score_words,
    sign_words,
)


@dataclass(frozen=True, slots=True)
class LookAlike:
    """Somebody who may be the same, seen from a sheet."""

    card: contacts.ContactCard
    score: int
    how_sure: str
    signs: str


@dataclass(frozen=True, slots=True)
class MergeSaid:
    """A merge as the sheet tells it."""

    line: contacts.MergeLine
    by: str
    undone_by: str
    moved: list[tuple[str, int]]


_NOBODY_ELSE = {
    "relations": [],
    "former": [],
    "alike": [],
    "merges": [],
    "may_edit": False,
    "may_merge": False,
}


def about(session: Session, card: contacts.ContactCard) -> dict[str, Any]:
    """For the sheet and the page that corrects it."""
    may_merge = may(Permission.CONTACT_MERGE)
    return _reaching(session, card) | {
        "relations": [
            (one, relation_words(one.kind, is_from=one.is_from))
            for one in contacts.relations_of(session, card.id)
        ],
        "former": contacts.former_points(session, card.id),
        "alike": look_alikes(session, card) if may_merge else [],
        "merges": _merges(session, card.id),
        "may_edit": may(Permission.CONTACT_EDIT),
        "may_merge": may_merge,
    }


def about_outside(session: Session, card: contacts.ContactCard) -> dict[str, Any]:
    """For a sheet opened with a motive: ways to reach and needs, nobody else's name, nothing to correct."""
    return _NOBODY_ELSE | _reaching(session, card)


def _reaching(session: Session, card: contacts.ContactCard) -> dict[str, Any]:
    return {
        "needs": needs_said(contacts.support_needs(session, card.id)),
        "failures": {
            point.id: failure_words(point.failed_reason) for point in card.points if point.failed_at
        },
    }


def may(permission: Permission) -> bool:
    return holds(current_user.actor.roles, frozenset({permission}))


def look_alikes(session: Session, card: contacts.ContactCard) -> list[LookAlike]:
    found = contacts.suggestions_for(session, card)
    return [
        LookAlike(
            one.other if one.one.id == card.id else one.one,
            one.score,
            score_words(one.score),
            signs_said(one.signs),
        )
        for one in found
    ]


def signs_said(signs: tuple[str, ...]) -> str:
    words = sign_words()
    return ", ".join(dict.fromkeys(words.get(sign, sign) for sign in signs))


def _merges(session: Session, contact_id: int) -> list[MergeSaid]:
    lines = contacts.merges_of(session, contact_id)
    ids = {id_ for line in lines for id_ in (line.merged_by_id, line.undone_by_id) if id_ is not None}
    known = agent_names(session, ids) if ids else {}
    return [
        MergeSaid(
            line,
            known.get(line.merged_by_id or 0, ""),
            known.get(line.undone_by_id or 0, ""),
            moved_words(line.moved),
        )
        for line in lines
    ]
