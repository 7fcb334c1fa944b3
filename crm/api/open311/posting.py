"""A GeoReport post becomes a demand."""

from __future__ import annotations

import math
import re
import secrets
from dataclasses import replace
from datetime import datetime
from hashlib import sha256

from flask import request
from werkzeug.datastructures import MultiDict

from crm.api.open311.blueprint import Refused
from crm.api.open311.services import service_name
from crm.attachments import Giving, ask_remote_file
from crm.cases import AlreadyRegistered, Opened, case_by_id, opened, reference_of_key
from crm.catalogue import Category
from crm.channels import Refused as NotForUs
from crm.channels import check_url
from crm.contacts import NewContact
from crm.foundation import PARIS, Actor, clean
from crm.http import dates, language, reading, take_files, unit_of_work, wiring
from crm.http import gettext as _
from crm.intake import Demand, PlaceGiven, register_demand

MEDIA = "media"  # the field of photos, as many times as there are
_ATTRIBUTE = re.compile(r"attribute\[([^\]]{1,80})\](?:\[\])?")


def bring_in(form: MultiDict[str, str], category: Category, actor: Actor) -> tuple[Opened, str]:
    """The case, and what to tell the person at once: the promise, and each file that could not be taken.

    Raises:
        Refused: no place where one is needed, coordinates that are nowhere on Earth, an address of a photo
            that is none; or the Idempotency-Key served for another request.
    """
    urls = media_urls(form)
    demand = _demand(form, category, actor)
    taken = take_files(acting=actor, files=MEDIA)
    done = _register(actor, replace(demand, files=taken.tokens), urls)
    return done, " ".join([_notice(done), *taken.refusals])


def known_reference(actor: Actor, token: str) -> str | None:
    """What this partner registered under an Idempotency-Key."""
    with reading() as session:
        return reference_of_key(session, _own_key(actor, token))


def media_urls(form: MultiDict[str, str]) -> list[str]:
    """
    Raises:
        Refused: what is no address of a photo, or too many of them.
    """
    urls = [url.strip() for name in ("media_url", "media_url[]") for url in form.getlist(name) if url.strip()]
    if len(urls) > wiring().settings.files.at_once:
        raise Refused(400, "media_url: too many.")
    for url in urls:
        try:
            check_url(url)
        except NotForUs:
            raise Refused(400, "media_url: an http or https address.") from None
    return urls


def _demand(form: MultiDict[str, str], category: Category, actor: Actor) -> Demand:
    contact = _contact(form)
    return Demand(
        key=_key(actor),
        object=clean(form.get("description", "")) or service_name(category),
        channel="partner_api",
        category_code=category.code,
        answers=_answers(form, category),
        place=_place(form, category),
        contact=contact,
        answer_channel=_way(contact),
    )


def _register(actor: Actor, demand: Demand, urls: list[str]) -> Opened:
    book = wiring().rulebooks.current()
    try:
        with unit_of_work(actor) as uow:
            done = register_demand(uow, book, demand)
            if done.assessment is not None:
                for url in urls:
                    ask_remote_file(uow, done.id, url, Giving(from_usager=True, opens=True))
    except AlreadyRegistered:
        with unit_of_work(actor) as uow:
            known = opened(uow, demand.key)
        if known is None:
            raise
        done = known
    if done.assessment is None:
        _same(done, demand)
    return done


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
    return _own_key(actor, given) if given else f"api-{actor.id}-{secrets.token_urlsafe(24)}"


def _own_key(actor: Actor, given: str) -> str:
    return f"api-{actor.id}-{sha256(given.encode()).hexdigest()}"


def _answers(form: MultiDict[str, str], category: Category) -> dict[str, str]:
    """attribute[code]=value; of several values for one code, the last is kept: no question takes more."""
    found = ((_ATTRIBUTE.fullmatch(name), values) for name, values in form.lists())
    days = {question.key for question in category.questions if question.kind == "date"}
    told = {match[1]: values[-1] for match, values in found if match and values}
    return {code: _day(value) if code in days else value for code, value in told.items()}


def _day(text: str) -> str:
    """The standard's `datetime`: of a moment, its day in Paris."""
    try:
        read = datetime.fromisoformat(text.strip())
    except ValueError:
        return text  # refused with its name
    return (read.astimezone(PARIS) if read.tzinfo else read).date().isoformat()


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
