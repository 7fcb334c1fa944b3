"""What comes back from outside. A link decides which case; its holder never names one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import sqlalchemy as sa

from crm.access import Permission, require
from crm.cases import CaseSheet, Rulebook, case_by_id, one_case, take_back_referred
from crm.cases.orders import Order, order_by_id
from crm.foundation import Invalid, NotFound, UnitOfWork, clean
from crm.guests.events import GuestLinkSeen, OpinionGiven, ReferralAnswered
from crm.guests.given import MOST_WORDS
from crm.guests.models import GuestLink
from crm.guests.purposes import FINAL, Answer, Purpose, possible
from crm.guests.said import Said
from crm.guests.standing import Standing, standing
from crm.guests.working import work_on_case, work_on_order
from crm.interactions import add_note

_LONGEST_NAME = 120
_WORDLESS = frozenset({Answer.TAKEN, Answer.PLANNED})


@dataclass(frozen=True, slots=True)
class _Held:
    """The link, locked, its case, and the order it is about if there is one."""

    link: GuestLink
    case: CaseSheet
    order: Order | None
    book: Rulebook


def note_reading(uow: UnitOfWork, link_id: int) -> None:
    """Each opening is kept: by whom cannot be known, when can."""
    require(uow.actor, Permission.GUEST_ANSWER)
    seen = sa.update(GuestLink).where(GuestLink.id == link_id)
    uow.session.execute(
        seen.values(
            first_seen_at=sa.func.coalesce(GuestLink.first_seen_at, uow.now),
            last_seen_at=uow.now,
            seen_count=GuestLink.seen_count + 1,
        ).execution_options(synchronize_session=False)
    )
    uow.record(GuestLinkSeen(subject_id=link_id))


def answer_link(uow: UnitOfWork, book: Rulebook, link_id: int, said: Said) -> None:
    """
    Raises:
        NotFound: it opens nothing any more, or this was answered already.
        Invalid: no name, no words where some are owed, no day, no photo nor why.
        Conflict: the case moved at this very moment.
    """
    require(uow.actor, Permission.GUEST_ANSWER)
    held = _hold(uow, book, link_id)
    if uow.actor.kind == "guest" and uow.actor.id != link_id:
        raise NotFound(link=link_id)
    if standing(held.link, held.case, uow.now, held.order) is not Standing.OPEN:
        raise NotFound(link=link_id)
    _answer(uow, held, said)


def note_answer(uow: UnitOfWork, book: Rulebook, reference: str, link_id: int, said: Said) -> None:
    """What a body said by telephone or by letter to an agent: the same, by hand. Only of a referral.

    Raises:
        NotFound, Invalid, Conflict: as above.
    """
    case = one_case(uow.session, uow.actor, reference)
    require(uow.actor, Permission.CASE_CLOSE, case)
    held = _hold(uow, book, link_id)
    if held.link.case_id != case.id or held.link.purpose != Purpose.REFERRAL:
        raise NotFound(link=link_id)
    if standing(held.link, held.case, uow.now) not in {Standing.OPEN, Standing.EXPIRED}:
        raise NotFound(link=link_id)
    _answer(uow, held, said)


def _hold(uow: UnitOfWork, book: Rulebook, link_id: int) -> _Held:
    link = uow.session.get(GuestLink, link_id, with_for_update=True)
    if link is None:
        raise NotFound(link=link_id)
    order = order_by_id(uow.session, link.order_id) if link.order_id is not None else None
    return _Held(link, case_by_id(uow.session, link.case_id), order, book)


def _answer(uow: UnitOfWork, held: _Held, said: Said) -> None:
    link = held.link
    before = Answer(link.answer) if link.answer else None
    if said.answer not in possible(Purpose(link.purpose), before):
        raise NotFound(link=link.id)
    _check(said)
    link.answer, link.answered_at = said.answer, uow.now
    link.planned_on = said.planned_on or link.planned_on
    if said.answer in FINAL:
        link.ended_at = uow.now
    _FOLLOWING[Purpose(link.purpose)](uow, held, said)


def _check(said: Said) -> None:
    wrong: dict[str, str] = {}
    if not clean(said.name):
        wrong["name"] = "required"
    if not clean(said.text) and said.answer not in _WORDLESS:
        wrong["text"] = "required"
    if len(said.text) > MOST_WORDS or len(said.name) > _LONGEST_NAME:
        wrong["text"] = "too_long"
    if said.answer is Answer.PLANNED and said.planned_on is None:
        wrong["planned_on"] = "required"
    if wrong:
        raise Invalid(wrong)


def _signed(link: GuestLink, said: Said) -> str:
    return "\n".join(filter(None, (clean(said.text), f"— {clean(said.name)}, {link.organization}")))


def _opinion(uow: UnitOfWork, held: _Held, said: Said) -> None:
    link, case = held.link, held.case
    link.reply_id = add_note(uow, case, case.id, _signed(link, said), kind="opinion")
    uow.record(OpinionGiven(subject_id=case.id, link_id=link.id, interaction_id=link.reply_id))


def _referral(uow: UnitOfWork, held: _Held, said: Said) -> None:
    link, case = held.link, held.case
    link.reply_id = add_note(uow, case, case.id, _signed(link, said), kind="referral_answer")
    uow.record(
        ReferralAnswered(
            subject_id=case.id, link_id=link.id, answer=str(said.answer), interaction_id=link.reply_id
        )
    )
    if said.answer is Answer.REFUSED:
        take_back_referred(uow, held.book, case.reference)


def _work(uow: UnitOfWork, held: _Held, said: Said) -> None:
    words = _signed(held.link, said)
    if held.order is not None:
        work_on_order(uow, held.order, said, words)
    else:
        work_on_case(uow, held.case, said, words)


_FOLLOWING: Mapping[Purpose, Callable[[UnitOfWork, _Held, Said], None]] = {
    Purpose.OPINION: _opinion,
    Purpose.REFERRAL: _referral,
    Purpose.WORK: _work,
}
