"""The verbs of the lifecycle, done as a screen would do them, with what each one needs."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa

from crm import cases
from crm.cases import BounceReason, Ending, Outcome, Rulebook, WorkReport
from crm.foundation import PARIS, UnitOfWork
from crm.interactions import Message


def message(kind: str = "answer", body: str = "C’est fait.", **told: Any) -> Message:
    return Message(
        **{"kind": kind, "channel": "email", "recipient": "aicha@exemple.fr", "body": body, **told}
    )


def ending(**told: Any) -> Ending:
    return Ending(**{"outcome": Outcome.DONE, "answer": message(), **told})


def report(**told: Any) -> WorkReport:
    return WorkReport(
        **{"outcome": Outcome.DONE, "text": "Trou rebouché.", "no_photo": "Fait de nuit.", **told}
    )


def version(uow: UnitOfWork, reference: str) -> int:
    uow.session.flush()
    return uow.session.scalars(sa.select(cases.Case.version).where(cases.Case.reference == reference)).one()


def in_days(uow: UnitOfWork, days: int) -> date:
    return uow.now.astimezone(PARIS).date() + timedelta(days=days)


def act(uow: UnitOfWork, book: Rulebook, reference: str, verb: str, **told: Any) -> cases.Case:
    """One verb of the lifecycle, done as a screen would: `told` replaces what it needs."""
    seen = {"seen_version": version(uow, reference)}
    day, words = in_days(uow, 3), "Pour une bonne raison."
    some_unit = next(iter(book.units))
    needs: Mapping[str, dict[str, Any]] = {
        "accept_case": {},
        "plan_case": {"planned_on": day},
        "secure_case": {"planned_on": day, "report": words},
        "ask_requester": {"message": message("question", "Quel numéro ?")},
        "await_partner": {"motive": words},
        "resume_case": {},
        "bounce_case": {"reason": BounceReason.WRONG_UNIT, "motive": words},
        "resolve_case": {"report": report()},
        "close_case": {"ending": ending()},
        "cancel_case": {"reason": words},
        "refer_case": {"unit_id": some_unit},
        "route_case": {"unit_id": some_unit, "motive": words},
        "reopen_case": {"reason": cases.ReopenReason.NOT_DONE, "motive": words},
    }
    names = {"ask": "ask_requester", "await_partner": "await_partner"}
    name = names.get(verb, f"{verb}_case")
    if verb == "reply":
        return cases.add_precision(uow, reference, "Le 12.")
    with_book = (book,) if verb in {"route", "reopen"} else ()
    done: cases.Case = getattr(cases, name)(uow, *with_book, reference, **{**needs[name], **seen, **told})
    uow.session.flush()
    return done
