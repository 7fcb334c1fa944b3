"""The form of a new demand, and the demand it makes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, time

from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, DateField, HiddenField, SelectField, StringField, TextAreaField
from wtforms.validators import Length, Optional, Regexp

from crm.contacts import NewContact
from crm.foundation import PARIS, Actor
from crm.http import CrmForm, whole_number, wording
from crm.http.uploads import TOKENS, carried_tokens
from crm.intake import LONGEST_MOTIVE, Conversation, Demand, PlaceGiven
from crm.web.intake.names import split_name

_CHANNELS = ("phone", "phone_relay", "desk", "email", "letter", "sms", "social", "relay", "field")
_ANSWERS = ("phone", "sms", "email", "letter", "none")
_KINDS = ("report", "information", "complaint", "suggestion", "praise")
_FOR_WHOM = ("self", "beneficiary", "proxy")
_NUMBER = re.compile(r"[+\d][\d\s./()-]{5,}")


class DemandForm(CrmForm):
    """Shape only: what the demand needs is judged by the action."""

    draft = HiddenField()
    call = HiddenField()
    shared = HiddenField()
    object = TextAreaField()
    category = StringField()
    any_category = StringField()
    place = HiddenField()
    place_text = StringField(validators=[Length(max=300)])
    insee = StringField()
    commune = StringField()
    hint = StringField(validators=[Length(max=500)])
    lon = HiddenField()
    lat = HiddenField()
    contact = HiddenField()
    contact_text = StringField(validators=[Length(max=200)])
    family_name = StringField(validators=[Length(max=200)])
    first_name = StringField(validators=[Length(max=200)])
    phone = StringField(validators=[Length(max=60)])
    email = StringField(validators=[Length(max=320)])
    postal = TextAreaField(validators=[Length(max=600)])
    answer_channel = SelectField(choices=_ANSWERS, validate_choice=True, default="phone")
    channel = SelectField(choices=_CHANNELS, default="phone")
    kind = SelectField(choices=_KINDS, default="report")
    for_whom = SelectField(choices=_FOR_WHOM, default="self")
    other_name = StringField(validators=[Length(max=200)])
    other_reach = StringField(validators=[Length(max=320)])
    off_script = StringField(validators=[Length(max=LONGEST_MOTIVE)])
    received_on = DateField(validators=[Optional()])
    anonymous = BooleanField()
    arrival = HiddenField()
    post_link = StringField(validators=[Optional(), Length(max=500), Regexp(r"https?://\S+\Z")])

    def chosen_category(self) -> str | None:
        return self.category.data or self.any_category.data or None

    def options(self, family: str, codes: tuple[str, ...]) -> list[tuple[str, str]]:
        return [(code, wording(code, family)) for code in codes]

    def answer_options(self) -> list[tuple[str, str]]:
        return self.options("answer_channel", _ANSWERS)

    def channel_options(self) -> list[tuple[str, str]]:
        return self.options("channel", _CHANNELS)

    def whom_options(self) -> list[tuple[str, str]]:
        return self.options("for_whom", _FOR_WHOM)

    def kind_options(self) -> list[tuple[str, str]]:
        return self.options("kind", _KINDS)


def answers_in(form: Mapping[str, str]) -> dict[str, str]:
    """`q_mast=12-045` → `{"mast": "12-045"}`"""
    return {name[2:]: value for name, value in form.items() if name.startswith("q_") and value.strip()}


def place_in(form: Mapping[str, str]) -> PlaceGiven:
    """An address (`a12`) or a street (`s3`) chosen in the list, a point of the map, or words."""
    chosen = form.get("place", "")
    row = whole_number(chosen[1:])
    return PlaceGiven(
        text=form.get("place_text", ""),
        hint=form.get("hint", ""),
        address_id=row if chosen.startswith("a") else None,
        street_id=row if chosen.startswith("s") else None,
        insee=form.get("insee") or form.get("commune") or None,
        lon=_degrees(form.get("lon")),
        lat=_degrees(form.get("lat")),
    )


def _degrees(text: str | None) -> float | None:
    try:
        degrees = float(text or "")
    except ValueError:
        return None
    return degrees if -180 <= degrees <= 180 else None


def demand_from(
    form: DemandForm,
    raw: MultiDict[str, str],
    reference: str,
    actor: Actor,
    conversation: Conversation,
    now: datetime,
) -> Demand:
    received = form.received_on.data
    today = now.astimezone(PARIS).date()
    anonymous = form.anonymous.data
    return Demand(
        key=f"form:{reference}",
        reference=reference,
        object=form.object.data or "",
        channel=form.channel.data,
        kind=form.kind.data,
        category_code=form.chosen_category(),
        answers=answers_in(raw),
        place=place_in(raw),
        contact_id=None if anonymous else whole_number(form.contact.data),
        contact=None if anonymous else _contact(form),
        answer_channel="none" if anonymous else form.answer_channel.data,
        received_at=datetime.combine(received, time(9), tzinfo=PARIS)
        if received and received != today
        else None,
        origin_insee=min(actor.places, default=None),
        conversation=conversation,
        files=carried_tokens(raw.get(TOKENS, "")),
        link=(form.post_link.data or "").strip(),
    )


def _contact(form: DemandForm) -> NewContact | None:
    """What was typed of the usager. A name or a number typed in the search box counts too."""
    told = {
        name: (getattr(form, name).data or "").strip()
        for name in ("family_name", "first_name", "phone", "email")
    }
    postal = tuple(line.strip() for line in (form.postal.data or "").splitlines() if line.strip())
    if whole_number(form.contact.data) is None:
        told = _with_search_text(told, (form.contact_text.data or "").strip())
    if not any(told.values()) and not postal:
        return None
    return NewContact(postal=postal, **told)


def _with_search_text(told: dict[str, str], typed: str) -> dict[str, str]:
    if not typed:
        return told
    if "@" in typed:
        return {**told, "email": told["email"] or typed}
    if _NUMBER.fullmatch(typed):
        return {**told, "phone": told["phone"] or typed}
    if told["family_name"] or told["first_name"]:
        return told
    first, last = split_name(typed)
    return {**told, "first_name": first, "family_name": last}
