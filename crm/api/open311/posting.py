"""A GeoReport post becomes a demand."""

from __future__ import annotations

import math
import re
import secrets
from hashlib import sha256

from flask import request
from werkzeug.datastructures import MultiDict

from crm.api.open311.blueprint import Refused
from crm.api.open311.services import service_name
from crm.cases import AlreadyRegistered, Opened, case_by_id, opened
from crm.catalogue import Category
from crm.contacts import NewContact
from crm.foundation import Actor, clean
from crm.http import dates, language, reading, unit_of_work, wiring
from crm.http import gettext as _
from crm.intake import Demand, PlaceGiven, register_demand

_ATTRIBUTE = re.compile(r"attribute\[([^\]]{1,80})\](?:\[\])?")


def demand_from(form: MultiDict[str, str], category: Category, actor: Actor) -> Demand:
    """
    Raises:
        Refused: no place where one is needed, or coordinates that are nowhere on Earth.
    """
    contact = _contact(form)
    return Demand(
        key=_key(actor),
        object=clean(form.get("description", "")) or service_name(category),
        channel="partner_api",
        category_code=category.code,
        answers=_answers(form),
        place=_place(form, category),
        contact=contact,
        answer_channel=_way(contact),
    )


def register(actor: Actor, demand: Demand, category: Category) -> tuple[Opened, str]:
    """The case, and what to tell the person at once.

    Raises:
        Refused: the Idempotency-Key served for another request.
    """
    book = wiring().rulebooks.current()
    try:
        with unit_of_work(actor) as uow:
            done = register_demand(uow, book, demand)
    except AlreadyRegistered:
        with unit_of_work(actor) as uow:
            known = opened(uow, demand.key)
        if known is None:
            raise
        done = known
    if done.assessment is None:
        _same(done, demand)
    return done, _notice(done)


def _same(done: Opened, demand: Demand) -> None:
    """
    Raises:
        Refused: the key served for something else, which would be lost in silence.
    """
    with reading() as session:
        kept = case_by_id(session, done.id)
    if kept.object != demand.object:  # its category may have been corrected meanwhile
        raise Refused(409, "This Idempotency-Key already served for another request: use a new one.")


def _notice(done: Opened) -> str:
    decision = done.assessment.decision if done.assessment else None
    if decision and decision.advice:
        return decision.advice_en or decision.advice if language() == "en" else decision.advice
    if done.announced_due_at is None:
        return _("Ce sujet dépend d’un autre organisme.")
    return _("Réponse au plus tard %(day)s.", day=dates.full_day(done.announced_due_at))


def _key(actor: Actor) -> str:
    """Two partners never share a key by chance, nor reach the keys of forms and imports."""
    given = request.headers.get("Idempotency-Key", "")
    tail = sha256(given.encode()).hexdigest() if given else secrets.token_urlsafe(24)
    return f"api-{actor.id}-{tail}"


def _answers(form: MultiDict[str, str]) -> dict[str, str]:
    """attribute[code]=value; of several values for one code, the last is kept: no question takes more."""
    found = ((_ATTRIBUTE.fullmatch(name), values) for name, values in form.lists())
    return {match[1]: values[-1] for match, values in found if match and values}


def _place(form: MultiDict[str, str], category: Category) -> PlaceGiven:
    lon, lat = _degrees(form, "long", 180), _degrees(form, "lat", 90)
    if (lon is None) != (lat is None):
        raise Refused(400, "lat and long go together.")
    text = clean(form.get("address_string", ""))
    if lon is None and not text and category.place != "none":
        raise Refused(400, "lat and long, or address_string, are missing.")
    return PlaceGiven(text=text, lon=lon, lat=lat)


def _degrees(form: MultiDict[str, str], name: str, most: float) -> float | None:
    text = form.get(name, "").strip()
    if not text:
        return None
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not abs(value) <= most:
        raise Refused(400, f"{name}: a number of degrees (WGS 84).")
    return value


def _contact(form: MultiDict[str, str]) -> NewContact | None:
    given = {name: clean(form.get(name, ""))[:300] for name in ("first_name", "last_name", "email", "phone")}
    if not any(given.values()):
        return None
    return NewContact(
        first_name=given["first_name"],
        family_name=given["last_name"],
        email=given["email"],
        phone=given["phone"],
        language=language(),
    )


def _way(contact: NewContact | None) -> str:
    if contact is None:
        return "none"
    return "email" if contact.email else "phone" if contact.phone else "none"
