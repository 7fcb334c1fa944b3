"""Choose how to be answered from now on. A new e-mail or mobile counts once its link was followed."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from crm.cases import (
    CaseSheet,
    NewWay,
    ask_new_reach,
    change_answer_way,
    confirm_reach,
    new_reach_token,
    reach_asked,
)
from crm.foundation import RESIDENT, Invalid
from crm.http import language, limiter, public, reading, reason, unit_of_work, wiring
from crm.interactions import Message
from crm.notifications import compose, compose_confirmation
from crm.portal.report.screens import ways, ways_in_words
from crm.portal.tracking.page import NOT_INDEXED, card_of, case_at
from crm.portal.tracking.reaches import BOX_OF, asked, known_ways, masked_reach
from crm.portal.tracking.views import bp

_BY_LINK = frozenset({"email", "sms"})
_BOXES = ("email", "phone", "postal", "name")


@bp.get("/suivi/<token:token>/reponse")
@public
def choose_way(token: str) -> ResponseReturnValue:
    return _page(case_at(token), {}), NOT_INDEXED


@bp.post("/suivi/<token:token>/reponse")
@public
@limiter.limit("30 per hour")
def change_way(token: str) -> ResponseReturnValue:
    case = case_at(token)
    with reading() as session:
        found = asked(request.form, card_of(session, case), ways())
    if found.way is None:
        return _page(case, found.errors), 422, NOT_INDEXED
    by_link = found.is_new and found.way.channel in _BY_LINK
    try:
        _send_link(case, found.way) if by_link else _change(case, found.way)
    except Invalid as refusal:
        return _page(case, {"way": reason(refusal.fields["way"])}), 422, NOT_INDEXED
    return redirect(url_for(".show", token=token, fait="lien" if by_link else "reponse"), 303)


@bp.get("/suivi/confirmer/<token:token>")
@public
def confirm_page(token: str) -> ResponseReturnValue:
    """Shows; only the button acts: mail scanners open links."""
    with reading() as session:
        found = reach_asked(session, token)
    return render_template(
        "portal/tracking/confirm.html",
        here="track",
        reference=found.case.reference,
        way=found.channel,
        reach=masked_reach(found.channel, found.reach),
        token=token,
        done=found.confirmed_at is not None,
    ), NOT_INDEXED


@bp.post("/suivi/confirmer/<token:token>")
@public
@limiter.limit("30 per hour")
def confirm(token: str) -> ResponseReturnValue:
    with reading() as session:
        found = reach_asked(session, token)
        notice = _notice(found.case)
    with unit_of_work(RESIDENT) as uow:
        confirm_reach(uow, token, notice=notice)
    return redirect(url_for(".confirm_page", token=token), 303)


def _change(case: CaseSheet, way: NewWay) -> None:
    notice = _notice(case)
    with unit_of_work(RESIDENT) as uow:
        change_answer_way(uow, case.reference, way, notice=notice)


def _send_link(case: CaseSheet, way: NewWay) -> None:
    known, token = wiring(), new_reach_token()
    link = known.settings.centre.site_url.rstrip("/") + url_for(".confirm_page", token=token)
    with reading() as session:
        message = compose_confirmation(
            session,
            known.settings.centre,
            case,
            known.clock.now(),
            channel=way.channel,
            recipient=way.reach,
            link=link,
            language=language(),
        )
    with unit_of_work(RESIDENT) as uow:
        ask_new_reach(uow, case.reference, way, token=token, link=message)


def _notice(case: CaseSheet) -> Message | None:
    """To where answers went until now: if it was not them, they know at once."""
    known = wiring()
    with reading() as session:
        return compose(session, known.settings.centre, case, "reach_changed", known.clock.now())


def _page(case: CaseSheet, errors: dict[str, str]) -> str:
    with reading() as session:
        card = card_of(session, case)
    known = known_ways(card, ways())
    words = ways_in_words()
    return render_template(
        "portal/tracking/answer_way.html",
        here="track",
        case=case,
        ways=[{"value": way, "label": words[way], "detail": known.get(way, "")} for way in ways()],
        way=request.form.get("way") or (case.answer_channel if case.answer_channel != "none" else ""),
        typed={box: request.form.get(box, "") for box in _BOXES},
        named=bool(card and card.display_name),
        boxes=BOX_OF,
        errors=errors,
    )
