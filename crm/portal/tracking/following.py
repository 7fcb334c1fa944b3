"""The page of a demand that one follows: what anybody may know of it, and one's own messages. No more.

Nothing here comes from whoever asked first: not their words, not their exchanges, not their door.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from crm.cases import (
    CaseSheet,
    CaseState,
    Follower,
    PublicStep,
    case_by_id,
    follower_adds,
    follower_by_token,
    follower_contests,
    public_step,
    unfollow_case,
)
from crm.foundation import RESIDENT, IllegalStep, Invalid, UnitOfWork, clean
from crm.http import dates, limiter, public, reading, unit_of_work, wiring
from crm.http import gettext as _
from crm.interactions import Exchange, exchanges_of_follower
from crm.portal.tracking.page import NOT_INDEXED
from crm.portal.tracking.standing import Standing, standing, works_told
from crm.portal.tracking.story import Line, Said, Story
from crm.portal.tracking.views import bp
from crm.portal.words import category_name, street_of
from crm.trail import TrailEntry, timeline, without_taken_back

_DONE = ("suivi", "precision", "rouverte", "terminee", "arret")


@bp.get("/suivi/<token:token>/suiveur")
@public
def followed(token: str) -> ResponseReturnValue:
    """Where the link of a follower leads; `/suivi/<token>` sends here."""
    done = request.args.get("fait", "")
    return follower_page(token, done=done if done in _DONE else ""), NOT_INDEXED


@bp.post("/suivi/<token:token>/suiveur/pas-fait")
@public
@limiter.limit("60 per hour")
def follower_contest(token: str) -> ResponseReturnValue:
    """« Ce n’est pas fait »: the word of whoever follows opens the demand as its author’s does."""
    book, text = wiring().rulebooks.current(), request.form.get("text", "")
    return _done(token, "rouverte", lambda uow: follower_contests(uow, book, token, text))


@bp.post("/suivi/<token:token>/suiveur/precision")
@public
@limiter.limit("60 per hour")
def follower_precise(token: str) -> ResponseReturnValue:
    text = request.form.get("text", "")
    return _done(token, "precision", lambda uow: follower_adds(uow, token, text))


@bp.post("/suivi/<token:token>/suiveur/arret")
@public
@limiter.limit("60 per hour")
def follower_leave(token: str) -> ResponseReturnValue:
    return _done(token, "arret", lambda uow: unfollow_case(uow, token))


def _done(token: str, done: str, act: Callable[[UnitOfWork], None]) -> ResponseReturnValue:
    text = clean(request.form.get("text", ""))
    try:
        with unit_of_work(RESIDENT) as uow:
            act(uow)
    except Invalid:
        error = {"text": _("Écrivez votre précision.")}
        return follower_page(token, errors=error), 422, NOT_INDEXED
    except IllegalStep:
        return follower_page(token, done="terminee", text=text), 409, NOT_INDEXED
    return redirect(url_for(".followed", token=token, fait=done), 303)


def follower_page(token: str, *, errors: dict[str, str] | None = None, done: str = "", text: str = "") -> str:
    """Raises NotFound."""
    catalogue, _index = wiring().rulebooks.categories()
    with reading() as session:
        follower = follower_by_token(session, token)
        case = case_by_id(session, follower.case_id)
        told = _story(session, case, follower)
        street = street_of(session, case.street_id, case.insee)
    return render_template(
        "portal/tracking/follower.html",
        here="track",
        case=case,
        token=token,
        follower=follower,
        title=category_name(catalogue, case.category_code) or _("Un problème signalé"),
        street=street,
        story=told,
        standing=_standing(case, told, wiring().clock.now()),
        unit=wiring().rulebooks.units().get(case.unit_id) if case.unit_id is not None else None,
        errors=errors or {},
        done=done,
        text=text,
    )


def _story(session: Session, case: CaseSheet, follower: Follower) -> Story:
    facts = without_taken_back(timeline(session, "case", case.id))
    said = exchanges_of_follower(session, follower.id)
    return Story(
        lines=[line for fact in reversed(facts) if (line := _line(fact))],
        talk=[_said(one) for one in said if one.body],
        waits=False,
        followed_by="",
        routed_at=_first(facts, "case.routed"),
        accepted_at=_first(facts, "case.accepted") or _first(facts, "case.planned"),
    )


def _first(facts: list[TrailEntry], kind: str) -> datetime | None:
    return next((fact.at for fact in facts if fact.kind == kind), None)


def _said(exchange: Exchange) -> Said:
    mine = exchange.direction == "in"
    who = _("Vous") if mine else wiring().settings.centre.name
    when = exchange.occurred_at
    return Said(dates.moment(when), when.isoformat(), who, exchange.body, mine)


def _line(fact: TrailEntry) -> Line | None:
    text = _sentences(fact).get(fact.kind)
    return Line(fact.at, dates.moment(fact.at), fact.at.isoformat(), text) if text else None


def _sentences(fact: TrailEntry) -> dict[str, str]:
    """The public facts, told to somebody who is not their author."""
    unit = wiring().rulebooks.units().get(int(fact.data.get("unit_id") or 0))
    planned = fact.data.get("planned_on")
    day = dates.day(date.fromisoformat(planned)) if planned else ""
    secured = _("Le danger est écarté. La réparation définitive est prévue le %(day)s.", day=day)
    return {
        "case.opened": _("Le problème est signalé."),
        "case.routed": _("Transmis au service « %(unit)s ».", unit=unit.name) if unit else "",
        "case.accepted": _("Le service prend le problème en charge."),
        "case.planned": _("Intervention prévue le %(day)s.", day=day),
        "case.secured": secured,
        "case.awaits_partner": _("Le service attend la réponse d’un partenaire."),
        "case.resumed": _("Le service reprend le travail."),
        "case.resolved": _("Le service a terminé."),
        "case.closed": _("La réponse est donnée."),
        "case.reopened": _("La demande est rouverte : ce n’était pas réglé."),
        "case.cancelled": _("La demande est annulée."),
    }


def _standing(case: CaseSheet, story: Story, now: datetime) -> Standing:
    """The same card, in words that do not take the reader for the author."""
    shown, step = standing(case, story, now, follower=True), public_step(case.state, case.outcome)
    title, following = _titles().get(step, (shown.title, shown.next))
    if step is PublicStep.IN_HAND and works_told(case, now):
        title, following = shown.title, shown.next
    promise = ""
    if case.closed_at is None and case.due_at > now:
        promise = _("Réponse prévue au plus tard le %(day)s.", day=dates.promise(case.due_at, case.priority))
    return replace(shown, title=title, next=following, promise=promise, contest=_contest(case))


def _contest(case: CaseSheet) -> str:
    return _("Ce n’est pas fait") if case.state in {CaseState.RESOLVED, CaseState.CLOSED} else ""


def _titles() -> dict[PublicStep, tuple[str, str]]:
    nothing = _("Vous n’avez rien à faire : nous vous dirons la suite.")
    return {
        PublicStep.RECEIVED: (_("Le problème est signalé."), nothing),
        PublicStep.TRANSMITTED: (_("Le problème est transmis au service compétent."), nothing),
        PublicStep.IN_HAND: (_("Le service s’en occupe."), nothing),
        PublicStep.YOUR_TURN: (_("Le service attend une précision."), nothing),
        PublicStep.REFERRED: (_("Le problème est transmis à un autre organisme."), nothing),
        PublicStep.CANCELLED: (
            _("Cette demande est annulée."),
            _("Si le problème est toujours là, signalez-le : ce sera une nouvelle demande."),
        ),
    }
