"""What every agent may have to say to the next caller, whatever the call is about: read once for all."""

from __future__ import annotations

from dataclasses import dataclass

from flask import url_for
from flask_login import current_user

from crm.cases.together.counting import known_incidents
from crm.http import reading, wiring
from crm.web.explaining import category_label, commune_names
from crm.web.kept_counts import kept


@dataclass(frozen=True, slots=True)
class Known:
    """One incident to say. `where` and `what` tell which callers it is for."""

    reference: str
    what: str
    where: str
    say: str
    href: str


def incidents_to_say() -> list[Known]:
    who, now = current_user.actor, wiring().clock.now()

    def read() -> list[Known]:
        names = commune_names()
        with reading() as session:
            found = known_incidents(session, who, now)
        return [
            Known(
                one.reference,
                category_label(one.category_code),
                names.get(one.insee or "", "") or one.place_label,
                one.announcement,
                url_for("incidents.one", incident_id=one.id),
            )
            for one in found
        ]

    return kept(("incidents to say", who.roles, who.unit_ids, who.places), read)
