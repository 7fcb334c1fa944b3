"""Show an extract of a case to somebody outside. Whoever asks chooses each word of it."""

from __future__ import annotations

from dataclasses import asdict, replace
from datetime import date

import sqlalchemy as sa

from crm.access import Permission, require
from crm.cases import WITH_UNIT, CaseSheet, Rulebook, case_by_id, one_case, refer_case
from crm.cases.orders import order_by_id
from crm.catalogue import category_card
from crm.foundation import PARIS, IllegalStep, Invalid, NotFound, UnitOfWork
from crm.guests.events import GuestAsked, GuestLinkRevoked
from crm.guests.given import Asking, checked
from crm.guests.models import GuestLink, GuestMessage
from crm.guests.purposes import Purpose, ends_at, usual_day
from crm.interactions import add_note
from crm.staff import unit_card

LEGAL_BASIS = "CRPA, article L114-2"
CONTRACTOR = "contractor"  # a unit's operation
_NOTES = {Purpose.OPINION: "opinion_asked", Purpose.WORK: "work_sent", Purpose.REFERRAL: "referred_to"}


def ask_opinion(uow: UnitOfWork, reference: str, asking: Asking) -> int:
    """Ask somebody who knows, in whatever administration. Returns the link's id.

    Raises:
        Invalid: nobody to ask, no question, a day that is past or too far, a file of another case.
        IllegalStep: the case has ended.
    """
    case = one_case(uow.session, uow.actor, reference)
    require(uow.actor, Permission.GUEST_ASK, case)
    if case.closed_at is not None:
        raise IllegalStep(verb="ask_opinion", state=case.state)
    return _ask(uow, case, Purpose.OPINION, asking)


def send_work(uow: UnitOfWork, reference: str, asking: Asking) -> int:
    """Give a contractor its own link on what is entrusted to it: a case, or its order of one.

    An earlier link on the same opens nothing any more.

    Raises:
        Invalid: as above; or the unit in charge is no contractor's.
        IllegalStep: nobody has work to do on it now.
    """
    case = one_case(uow.session, uow.actor, reference)
    require(uow.actor, Permission.GUEST_ASK, case)
    unit_id = _worker(uow, case, asking.order_id)
    card = unit_card(uow.session, unit_id)
    if card is None or card.operation != CONTRACTOR:
        raise Invalid({"organization": "not_a_contractor"})
    _replace(uow, case.id, Purpose.WORK, asking.order_id)
    return _ask(uow, case, Purpose.WORK, replace(asking, unit_id=unit_id))


def _worker(uow: UnitOfWork, case: CaseSheet, order_id: int | None) -> int:
    """The unit that has the work to do."""
    if order_id is None:
        if case.state not in WITH_UNIT or case.unit_id is None:
            raise IllegalStep(verb="send_work", state=case.state)
        return case.unit_id
    order = order_by_id(uow.session, order_id)
    if order is None or order.case_id != case.id or not order.is_open:
        raise IllegalStep(verb="send_work", state=order.state if order else case.state)
    return order.unit_id


def refer_outside(
    uow: UnitOfWork, reference: str, asking: Asking, *, book: Rulebook, seen_version: int
) -> int:
    """« Transmettre » (CRPA L114-2): to whom, what, on which basis. It ends with us, the usager is told.

    Returns the link's id. The body answers by it; its refusal brings the demand back.

    Raises:
        Invalid: as above; or a body that is not known to us any more.
        Conflict, IllegalStep, NotAllowed: as any step; twice returned, a coordinator decides.
    """
    case = one_case(uow.session, uow.actor, reference)
    require(uow.actor, Permission.CASE_CLOSE, case)
    known = book.units.get(asking.unit_id) if asking.unit_id is not None else None
    if asking.unit_id is not None and (known is None or not known.is_active):
        raise Invalid({"unit_id": "unknown"})
    kept = checked(uow.session, case, asking, Purpose.REFERRAL, _today(uow))
    _replace(uow, case.id, Purpose.REFERRAL)
    link = _keep(uow, case, Purpose.REFERRAL, kept)
    words_id = add_note(uow, case, case.id, _words(link), kind=_NOTES[Purpose.REFERRAL])
    refer_case(uow, reference, unit_id=asking.unit_id, seen_version=seen_version, interaction_id=words_id)
    return link.id


def prepare_referral(uow: UnitOfWork, case_id: int) -> int | None:
    """The link of a case that was just referred: the one an agent made, else one for the body of the rule.

    The rule read nobody's words: nor does its page show any. None when the referral was taken back meanwhile.
    """
    require(uow.actor, Permission.MESSAGE_SEND)
    if made := uow.session.scalar(_live(case_id, Purpose.REFERRAL)):
        return made
    case = case_by_id(uow.session, case_id)
    unit = unit_card(uow.session, case.unit_id) if case.unit_id is not None else None
    if unit is None or case.outcome != "T":
        return None
    category = category_card(uow.session, case.category_code) if case.category_code else None
    asking = Asking(
        organization=unit.organization_name,
        email=unit.email,
        unit_id=unit.id,
        due_on=usual_day(Purpose.REFERRAL, _today(uow)),
        category=category.label if category else "",
        place=case.place_label,
    )
    link = _keep(uow, case, Purpose.REFERRAL, asking)
    add_note(uow, case, case.id, _words(link), kind=_NOTES[Purpose.REFERRAL])
    return link.id


def note_sent(uow: UnitOfWork, link_id: int, interaction_id: int) -> None:
    """A mail that carries this link is on its way."""
    require(uow.actor, Permission.MESSAGE_SEND)
    uow.session.add(GuestMessage(interaction_id=interaction_id, link_id=link_id))
    sent = sa.update(GuestLink).where(GuestLink.id == link_id, GuestLink.invited_at.is_(None))
    uow.session.execute(sent.values(invited_at=uow.now).execution_options(synchronize_session=False))


def revoke_link(uow: UnitOfWork, reference: str, link_id: int) -> None:
    """From now on it opens nothing. A referral stays made: it is taken back by opening the case again.

    Raises:
        NotFound: no such link on this case, or it is over already.
    """
    case = one_case(uow.session, uow.actor, reference)
    require(uow.actor, Permission.GUEST_ASK, case)
    mine = sa.select(GuestLink.id).where(
        GuestLink.id == link_id, GuestLink.case_id == case.id, GuestLink.ended_at.is_(None)
    )
    if uow.session.scalar(mine) is None:
        raise NotFound(link=link_id)
    _end(uow, link_id)


def close_links(uow: UnitOfWork, reference: str) -> list[str]:
    """Few read the case now: what was sent outside opens nothing any more, but for a unit that reads it.

    Whoever is competent instead of us keeps theirs, unless the case speaks of them. Returns whose they were.
    """
    case = one_case(uow.session, uow.actor, reference)
    require(uow.actor, Permission.CASE_RESTRICT, case)
    readers = set(case.readers or ())
    live = sa.select(GuestLink).where(GuestLink.case_id == case.id, GuestLink.ended_at.is_(None))
    gone = [
        link
        for link in uow.session.scalars(live.order_by(GuestLink.id))
        if f"-u{link.unit_id}" in readers
        or (link.purpose != Purpose.REFERRAL and f"u{link.unit_id}" not in readers)
    ]
    for link in gone:
        _end(uow, link.id)
    return list(dict.fromkeys(link.organization for link in gone))


def _ask(uow: UnitOfWork, case: CaseSheet, purpose: Purpose, asking: Asking) -> int:
    link = _keep(uow, case, purpose, checked(uow.session, case, asking, purpose, _today(uow)))
    note_id = add_note(uow, case, case.id, _words(link), kind=_NOTES[purpose])
    uow.record(GuestAsked(subject_id=case.id, link_id=link.id, purpose=purpose, interaction_id=note_id))
    return link.id


def _today(uow: UnitOfWork) -> date:
    return uow.now.astimezone(PARIS).date()


def _keep(uow: UnitOfWork, case: CaseSheet, purpose: Purpose, asking: Asking) -> GuestLink:
    link = GuestLink(
        **{**asdict(asking), "files": list(asking.files)},
        purpose=purpose,
        case_id=case.id,
        asked_by_id=uow.actor.id if uow.actor.kind == "agent" else None,
        asked_at=uow.now,
        ends_at=ends_at(purpose, asking.due_on),
    )
    uow.session.add(link)
    uow.session.flush()
    return link


def _words(link: GuestLink) -> str:
    """What stands on the timeline: to whom, what, by when."""
    lines = [
        f"À : {link.organization}" + (f", {link.email}" if link.email else ""),
        f"Fondement : {LEGAL_BASIS}" if link.purpose == Purpose.REFERRAL else "",
        link.question,
        f"Extrait montré : {' · '.join(filter(None, (link.category, link.place, link.observed)))}",
        f"Réponse attendue le {link.due_on:%d/%m/%Y}",
    ]
    return "\n".join(filter(None, lines))


def _live(case_id: int, purpose: Purpose) -> sa.Select[int]:
    mine = GuestLink.case_id == case_id, GuestLink.purpose == purpose, GuestLink.ended_at.is_(None)
    return sa.select(GuestLink.id).where(*mine).order_by(GuestLink.id.desc())


def _replace(uow: UnitOfWork, case_id: int, purpose: Purpose, order_id: int | None = None) -> None:
    """One live link at most: what was sent before opens nothing any more."""
    same = _live(case_id, purpose).where(GuestLink.order_id.is_not_distinct_from(order_id))
    for link_id in uow.session.scalars(same).all():
        _end(uow, link_id)


def _end(uow: UnitOfWork, link_id: int) -> None:
    link = uow.session.get_one(GuestLink, link_id, with_for_update=True)
    link.ended_at = link.revoked_at = uow.now
    uow.record(GuestLinkRevoked(subject_id=link.case_id, link_id=link.id, purpose=link.purpose))
