"""A draft that the resident holds online too: the form of an agent and the public form hold the same boxes.

The key of the demand travels in the agent's form, signed for that agent: whichever side is quicker, one case.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from flask_login import current_user
from itsdangerous import BadSignature, URLSafeSerializer
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from crm import territory
from crm.cases import Opened
from crm.foundation import fold
from crm.http import wiring, wording
from crm.http.uploads import TOKENS
from crm.intake import Demand
from crm.web.intake.forms import DemandForm

_SAME = ("hint", "insee", "lon", "lat", "family_name", "first_name", "email", "phone", "postal")
_UNKNOWN = "unknown"  # « Je ne sais pas », in the public form
_ANSWER = "q_"


def sign_key(key: str) -> str:
    return str(_signer().dumps([key, current_user.actor.id]))


def shared_key(form: DemandForm) -> str | None:
    """None where nobody else holds this form; and for a key that was signed for somebody else."""
    try:
        key, agent_id = _signer().loads(form.shared.data or "")
    except (BadSignature, ValueError, TypeError):
        return None
    return str(key) if agent_id == current_user.actor.id else None


def under_shared_key(form: DemandForm, demand: Demand) -> Demand:
    key = shared_key(form)
    return replace(demand, key=key) if key else demand


def was_finished_online(form: DemandForm, done: Opened, reference: str) -> bool:
    """The other side was quicker: the case bears another number than the one reserved here."""
    return shared_key(form) is not None and done.reference != reference


def as_typed(session: Session, boxes: Mapping[str, str]) -> dict[str, str]:
    """Boxes of the public form → those of the agent's."""
    told = {name: boxes.get(name, "") for name in ("object", *_SAME, TOKENS)}
    told |= {name: text for name, text in boxes.items() if name.startswith(_ANSWER)}
    category, spot = boxes.get("category", ""), boxes.get("spot", "")
    told["category"] = "" if category == _UNKNOWN else category
    told["place_text"] = boxes.get("place", "")
    told["answer_channel"] = boxes.get("way", "") or "phone"
    if spot[:1] in {"a", "s"} and spot[1:].isdigit():
        return told | {"place": spot}
    return told | _found(session, told["place_text"], told["insee"], has_point=bool(told["lon"]))


def _found(session: Session, text: str, insee: str, *, has_point: bool) -> dict[str, str]:
    """The one address that the words name, as the public form finds it; else the words stay as they are."""
    hits = territory.search_addresses(session, text, insee=insee or None, limit=1) if text else []
    hit = next((one for one in hits if one.street_id and not one.number_unknown), None)
    if hit is None or fold(text) not in fold(hit.label):
        return {}
    found = {
        "place": f"a{hit.address_id}" if hit.address_id else f"s{hit.street_id}",
        "place_text": hit.label,
    }
    if hit.lon is not None and not has_point:
        found |= {"lon": str(hit.lon), "lat": str(hit.lat)}
    return found | {"insee": hit.insee or insee}


def as_boxes(typed: MultiDict[str, str]) -> dict[str, str]:
    """Boxes of the agent's form → those of the public one. Of a sheet chosen in the form, nothing leaves."""
    boxes = {name: typed.get(name, "").strip() for name in ("object", *_SAME, TOKENS)}
    boxes |= {name: text for name, text in typed.items() if name.startswith(_ANSWER)}
    boxes["category"] = typed.get("category") or typed.get("any_category", "")
    boxes["place"] = typed.get("place_text", "").strip()
    boxes["insee"] = boxes["insee"] or typed.get("commune", "")
    boxes["spot"], boxes["spot_for"] = typed.get("place", ""), f"{boxes['insee']}|{boxes['place']}"
    way = typed.get("answer_channel", "")
    return {name: text for name, text in {**boxes, "way": way}.items() if text}


def link_ways() -> list[tuple[str, str]]:
    """By which a link may leave here."""
    ways = ("email", *(("sms",) if "sms" in wiring().channels else ()), "letter")
    return [(way, wording(way, "answer_channel")) for way in ways]


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(wiring().settings.secret_key.get_secret_value(), salt="shared-key")
