"""The form of the answer: from one's own draft, else from the unit's report; sent, it closes the case."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from crm.access import Permission, require
from crm.appointments import appointments_to_come
from crm.cases import (
    CaseSheet,
    Ending,
    NoAnswerReason,
    Outcome,
    choosable,
    close_case,
    one_case,
    others_of,
)
from crm.contacts import ContactCard, contact_card, support_needs
from crm.foundation import Conflict, IllegalStep, Invalid, clean
from crm.http import gettext as _
from crm.http import needs, reading, reasons, unit_of_work, whole_number, wiring
from crm.interactions import Message, exchanges
from crm.notifications import Draft, News, answer_drafts, draft_answer, drop_draft, failing_by, reach_of
from crm.promises import adapted_by
from crm.trail import last_fact
from crm.web.answers.blueprint import bp
from crm.web.answers.doubts import doubts_about
from crm.web.answers.drafts import keep_words, words_in
from crm.web.cases.clash import clash_in
from crm.web.cases.pausing import ended_unanswered
from crm.web.cases.presence import present
from crm.web.cases.telling import what_they_read
from crm.web.explaining import category_label
from crm.web.held import hold_seconds, remember_held
from crm.web.ready_words import ready_words
from crm.web.writing import carried, has_failed, written

_WAYS = ("email", "sms", "letter", "phone")


@bp.get("/<reference:reference>/reponse")
@needs(Permission.CASE_VIEW)
def write(reference: str) -> str:
    """One's own draft, else one made for us. `canal` asks for another channel's wording."""
    case, channel = _case(reference), request.args.get("canal")
    typed = _typed(case, _draft(case, channel))
    with reading() as session:
        drafts = answer_drafts(session, case.id)
    mine = next((one for one in drafts if one.agent_id == current_user.actor.id), None)
    if mine and not channel:
        typed |= mine.words
    return _page(case, typed, {}, drafts=drafts, mine=None if channel else mine)


@bp.post("/<reference:reference>/reponse/apercu")
@needs(Permission.CASE_VIEW)
def preview(reference: str) -> str:
    """What the usager will read, and where it goes. Nothing leaves."""
    case = _case(reference)
    keep_words(reference, request.form.to_dict())
    typed = request.form.to_dict()
    news = News(kind="closed", outcome=typed.get("outcome"), report=typed.get("to_followers", ""))
    return _page(case, typed, {}, preview=True, telling=what_they_read(case, news))


@bp.post("/<reference:reference>/reponse")
@needs(Permission.CASE_VIEW)
def send(reference: str) -> ResponseReturnValue:
    typed = request.form.to_dict()
    case = _case(reference)
    try:
        _reader_checked(case, typed)
        with unit_of_work() as uow:
            adapted, seen = adapted_by(wiring().settings.promises), _seen(typed)
            close_case(uow, reference, ending=_ending(case, typed), seen_version=seen, adapted=adapted)
            if not remember_held(uow, case.id, reference, words_in(typed), "answer"):
                drop_draft(uow, reference)
    except Invalid as refusal:
        wrong = reasons(refusal)
        keep_words(reference, typed)
        return _page(case, typed, wrong), 422
    except (Conflict, IllegalStep):
        keep_words(reference, typed)
        return _clashing(reference, typed), 409
    flash(_("Demande %(reference)s : réponse enregistrée, demande close.", reference=reference), "ok")
    return redirect(url_for("queues.show", view="reponses"), 303)


def _clashing(reference: str, typed: dict[str, str]) -> str:
    """What happened since the page was opened, beside what was being written."""
    case = _case(reference)
    with reading() as session:
        clash = clash_in(session, reference, typed, "close", typed.get("body", ""))
    return _page(case, typed, {}, clash=clash)


def _case(reference: str) -> CaseSheet:
    with reading() as session:
        case = one_case(session, current_user.actor, reference)
    require(current_user.actor, Permission.CASE_CLOSE, case)
    return case


def _draft(case: CaseSheet, channel: str | None) -> Draft:
    known = wiring()
    wanted = channel if channel in _WAYS else None
    with reading() as session:
        return draft_answer(session, known.settings.centre, case.id, known.clock.now(), channel=wanted)


def _typed(case: CaseSheet, ready: Draft) -> dict[str, Any]:
    return {
        "channel": ready.channel,
        "recipient": ready.recipient,
        "subject": ready.subject,
        "body": ready.body,
        "outcome": case.outcome or "",
        "seen_version": case.version,
    }


def _seen(typed: dict[str, str]) -> int:
    return whole_number(typed.get("seen_version")) or 0


def _ending(case: CaseSheet, typed: dict[str, str]) -> Ending:
    """
    Raises:
        Invalid: no outcome, an unknown reason, or nobody at the end of the channel.
    """
    if typed.get("outcome") not in set(Outcome):
        raise Invalid({"outcome": "required"})
    outcome = Outcome(typed["outcome"])
    if typed.get("no_answer_reason"):
        if typed["no_answer_reason"] not in set(NoAnswerReason):
            raise Invalid({"no_answer_reason": "unknown"})
        why = NoAnswerReason(typed["no_answer_reason"])
        return Ending(outcome=outcome, no_answer_reason=why, to_followers=typed.get("to_followers", ""))
    answer, to_followers = _message(case, typed), typed.get("to_followers", "")
    motive = _channel_motive(case, answer.channel, typed) if answer else ""
    return Ending(outcome=outcome, answer=answer, to_followers=to_followers, channel_motive=motive)


def _asked_way(case: CaseSheet, card: ContactCard | None) -> str:
    """By which they asked to be answered, while it serves; empty when there is no such wish to go against."""
    return case.answer_channel if reach_of(case, card, case.answer_channel)[0] == case.answer_channel else ""


def _channel_motive(case: CaseSheet, way: str, typed: dict[str, str]) -> str:
    """
    Raises:
        Invalid: it would leave otherwise than they asked, and nobody said why.
    """
    with reading() as session:
        card = contact_card(session, case.contact_id) if case.contact_id else None
    if way == (_asked_way(case, card) or way):
        return ""
    motive = clean(typed.get("channel_motive", ""))
    if not motive:
        raise Invalid({"channel_motive": "say_why_channel"})
    return motive


def _reader_checked(case: CaseSheet, typed: dict[str, str]) -> None:
    """
    Raises:
        Invalid: its reader may not be the person who asked, and nobody looked.
    """
    if not typed.get("channel") or typed.get("no_answer_reason"):
        return
    with reading() as session:
        card = contact_card(session, case.contact_id) if case.contact_id else None
        others = others_of(session, case.id)
    recipient = reach_of(case, card, typed["channel"])[1]
    if not _is_checked(typed, recipient) and doubts_about(case, card, others, recipient):
        raise Invalid({"reader_checked": "confirm_reader"})


def _is_checked(typed: dict[str, Any], recipient: str) -> bool:
    """Ticked for this very reader, not for another channel's; a form ends the lines of a letter otherwise."""
    return str(typed.get("reader_checked", "")).split() == recipient.split()


def _message(case: CaseSheet, typed: dict[str, str]) -> Message | None:
    """To the usager's own address for the channel, never to one typed in the form."""
    wanted = typed.get("channel", "")
    if not wanted:
        return None
    with reading() as session:
        card = contact_card(session, case.contact_id) if case.contact_id else None
    way, recipient = reach_of(case, card, wanted)
    if way != wanted:
        raise Invalid({"channel": "no_way_to_answer"})
    return Message(
        kind="answer",
        channel=way,
        recipient=recipient,
        subject=typed.get("subject", ""),
        body=carried(way, typed.get("body", "")),
        contact_id=case.contact_id,
        held_seconds=hold_seconds(),
    )


def _page(case: CaseSheet, typed: dict[str, Any], wrong: dict[str, str], **more: Any) -> str:
    catalogue, _index = wiring().rulebooks.categories()
    category = catalogue.category(case.category_code or "")
    with reading() as session:
        seen_fact = last_fact(session, "case", case.id)
        more["present"] = present(session, case.id)
        card = contact_card(session, case.contact_id) if case.contact_id else None
        said = exchanges(session, case.id)
        others = others_of(session, case.id)
        more["to_come"] = appointments_to_come(session, case.id, wiring().clock.now())
        has_needs = bool(case.contact_id and support_needs(session, case.contact_id))
    ways = [way for way in _WAYS if card and reach_of(case, card, way)[0] == way]
    recipient = reach_of(case, card, typed.get("channel", ""))[1] if card else ""
    return render_template(
        "web/answers/write.html",
        **{"preview": False, "telling": None, "clash": None, "drafts": (), "mine": None, **more},
        seen_fact=seen_fact,
        me=current_user.actor.id,
        case=case,
        category_label=category_label(case.category_code),
        card=card,
        report=next((one for one in reversed(said) if one.kind == "report"), None),
        snippets=ready_words(category),
        doubts=doubts_about(case, card, others, recipient),
        writing=written(
            typed.get("channel", ""),
            recipient,
            card.display_name if card else "",
            typed.get("body", ""),
            failed=has_failed(card, recipient),
        ),
        typed=defaultdict(str, {**typed, "recipient": recipient}),
        is_checked=_is_checked(typed, recipient),
        wrong=defaultdict(str, wrong),
        ways=ways,
        asked_way=_asked_way(case, card),
        failing=failing_by(card, case.answer_channel),
        outcomes=choosable(catalogue, category, unanswered=ended_unanswered(said, needs=has_needs)),
        reasons=list(NoAnswerReason),
    )
