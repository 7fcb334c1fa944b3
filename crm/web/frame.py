"""What surrounds every console page: who is logged in, the work lists, the demonstration mark."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from flask import Flask, request, url_for
from flask_login import current_user
from sqlalchemy.orm import Session

from crm.access import Permission, everywhere
from crm.cases import COUNTED_UP_TO, WRITTEN_TO, queue_counts, readable_exchanges
from crm.cases.orders import order_counts
from crm.foundation import PARIS, Actor
from crm.guests import to_decide_count
from crm.http import gettext as _
from crm.http import holds, language, may_read, reading, wiring
from crm.inbox import to_sort_count
from crm.interactions import Waiting, waiting_for_a_hand
from crm.web.explaining import commune_names, of_place
from crm.web.held import held_message
from crm.web.kept_counts import kept


@dataclass(frozen=True, slots=True)
class NavItem:
    """One line of the list on the left."""

    label: str
    href: str
    group: str = ""
    count: str = ""
    here: bool = False
    tone: str = ""


def counted(number: int) -> str:
    """« 12 », « 1000+ »; nothing for none."""
    if number == 0:
        return ""
    return f"{COUNTED_UP_TO}+" if number > COUNTED_UP_TO else str(number)


def install_frame(app: Flask) -> None:
    app.context_processor(_frame)


def _frame() -> dict[str, Any]:
    settings = wiring().settings
    frame: dict[str, Any] = {"demo": settings.demo, "lang": language(), "centre": settings.centre}
    frame["tiles"] = settings.map.tiles_url
    framed = request.path.startswith("/console") and not _is_a_piece()
    if framed and current_user.is_authenticated and may_read():
        frame |= {"held": held_message(), "agent": _agent(), "nav": _nav()}
    return frame


def _is_a_piece() -> bool:
    """A fragment of a page that is there already: nothing of the frame is asked for at each keystroke."""
    return request.path.startswith("/console/aides/") or "HX-Request" in request.headers


def _agent() -> dict[str, Any]:
    card = current_user.card
    return {
        "id": card.id,
        "name": card.name,
        "email": card.email,
        "detail": card.organization_name,
        "other_language": "en" if language() == "fr" else "fr",
        "density": card.density,
        "shortcuts_on": card.shortcuts_on,
        "own_keys": dict(card.keys),
        "extension": card.extension,
        "helps": _may(Permission.CASE_CREATE),  # calls colleagues, or is called
        "notices": card.notices,
    }


_LISTS = {
    "advisor": ("reponses", "a-qualifier", "contestees", "relancees"),
    "supervisor": ("reponses", "a-qualifier", "contestees", "relancees", "incidents", "en-retard", "toutes"),
    "desk_agent": ("toutes", "en-retard", "relancees", "reponses"),
    "team_lead": ("a-traiter", "urgentes", "en-retard", "relancees", "nouvelles", "interventions-faites"),
    "field_agent": ("a-traiter", "urgentes"),
}


def view_label(view: str) -> str:
    return _view_labels(language())[view]


@lru_cache
def _view_labels(_language: str) -> dict[str, str]:
    return {
        "a-traiter": _("À traiter"),
        "urgentes": _("Urgentes"),
        "en-retard": _("En retard"),
        "aujourdhui": _("Échéance aujourd’hui"),
        "nouvelles": _("Nouvelles"),
        "attente": _("En attente de l’usager"),
        "reponses": _("Réponses à faire"),
        "a-qualifier": _("À qualifier"),
        "contestees": _("« Ce n’est pas fait »"),
        "relancees": _("Relancées"),
        "incidents": _("Incidents"),
        "interventions-faites": _("Interventions faites"),
        "toutes": _every_one(),
    }


def _every_one() -> str:
    """A desk sees its commune and nothing else: the list says which."""
    desk = min(current_user.actor.places, default=None)
    name = commune_names().get(desk, "") if desk else ""
    return _("Demandes %(of_place)s", of_place=of_place(name)) if name else _("Toutes les demandes ouvertes")


_COUNTED = "crm.open_counts"


def open_counts(session: Session, also: tuple[str, ...] = ()) -> dict[str, int]:
    """How many cases the lists on the left hold, and those of `also`: one statement a page for all."""
    environ = request.environ
    if _COUNTED not in environ:
        talks = (WRITTEN_TO,) if _may(Permission.CASE_TALK) else ()
        views = tuple(dict.fromkeys((*_views(), *talks, *also)))
        who, now = current_user.actor, wiring().clock.now()
        reach = (who.roles, who.unit_ids, who.places)  # colleagues count the same
        known = kept((reach, views), lambda: queue_counts(session, who, views, now)) if views else {}
        environ[_COUNTED] = known
    counts: dict[str, int] = environ[_COUNTED]
    return counts


def open_orders() -> int:
    """How many orders this agent's units owe; for whoever reaches the same."""
    who, now = current_user.actor, wiring().clock.now()
    day = now.astimezone(PARIS).date()

    def count() -> int:
        with reading() as session:
            return order_counts(session, who.shared, ("toutes",), day)["toutes"]

    return kept(("orders", who.roles, who.unit_ids, who.places), count)


def _to_decide() -> int:
    """What came back twice and waits for this agent, who coordinates, or for whoever reaches the same."""
    who = current_user.actor

    def count() -> int:
        with reading() as session:
            return to_decide_count(session, who.shared)

    return kept(("to_decide", who.roles, who.unit_ids, who.places), count)


def _by_hand(session: Session, who: Actor) -> Waiting:
    return waiting_for_a_hand(session, readable_exchanges(who.shared))


def _views() -> tuple[str, ...]:
    roles = sorted(current_user.actor.roles)
    return tuple(dict.fromkeys(view for role in roles for view in _LISTS.get(role, ())))


def _nav() -> list[NavItem]:
    views, who = _views(), current_user.actor
    by_hand = everywhere(who, Permission.CALLBACK_DO)
    sorts = _may(Permission.INBOUND_SORT)
    with reading() as session:
        counts = open_counts(session)
        waiting = kept("by_hand", lambda: _by_hand(session, who)) if by_hand else Waiting(0, 0)
        arrived = kept("to_sort", lambda: to_sort_count(session, who.shared)) if sorts else 0
    items: list[NavItem] = []
    if _may(Permission.CASE_CREATE):
        entry = "desk.new" if current_user.actor.places else "intake.new"
        items.append(_item(_("Nouvelle demande"), url_for(entry), tone="act"))
    items += _own_pages()
    if _may(Permission.CASE_CREATE):
        items.append(_item(_("Brouillons"), url_for("drafts.show"), current_user.card.drafts))
    if _may(Permission.CASE_VIEW):
        items.append(_item(_("Pour moi"), url_for("together.for_me"), current_user.card.mentions))
    if sorts:
        items.append(_item(_("Messages à trier"), url_for("inbox.waiting"), arrived))
    if _may(Permission.BOARD_VIEW):
        items.append(_item(_("Tableau de bord"), url_for("reporting.show")))
    items += [_item(view_label(v), _list_address(v), counts[v], _tone(v, counts[v])) for v in views]
    if _may(Permission.CASE_TALK):
        items.append(_item(_("Messages d’usagers"), url_for("messages.waiting"), counts[WRITTEN_TO]))
    items += _kept_lists()
    if by_hand:
        items.append(_item(_("Rappels à faire"), url_for("papers.calls"), waiting.calls))
        items.append(_item(_("Courriers à imprimer"), url_for("papers.letters"), waiting.letters))
    return items + _running_of_the_house()


def _running_of_the_house() -> list[NavItem]:
    """Pages of whoever leads or sets up, in the order of their use."""
    pages = (
        (Permission.INBOUND_STORE, _("Courriers arrivés"), "letters_in.new"),
        (Permission.APPOINTMENT_BOOK, _("Rendez-vous"), "appointments.day"),
        (Permission.OFF_SCRIPT_REVIEW, _("Hors cadre"), "together.review"),
        (Permission.OFF_SCRIPT_REVIEW, _("Accès restreints"), "together.restricted"),
        (Permission.RECEIPT_WATCH, _("Accusés à risque"), "receipts.show"),
        (Permission.GUEST_ASK, _("Transmissions"), "guests.transmissions"),
        (Permission.BOARD_VIEW, _("Prestataires"), "guests.contractors"),
        (Permission.CASE_REDISPATCH, _("Fiches en double"), "contacts.alike"),
        (Permission.STAFF_VIEW, _("Annuaire"), "staff.directory"),
        (Permission.ROUTING_VIEW, _("Administration"), "competence.admin_home"),
        (Permission.READING_VIEW, _("Fiches consultées"), "contacts.read_by"),
        (Permission.SECOND_FACTOR_RESET, _("Protection des comptes"), "protection.others"),
        (Permission.ON_CALL_PLAN, _("Astreintes"), "notices.on_call"),
        (Permission.CALENDAR_MANAGE, _("Calendriers"), "calendars.show"),
        (Permission.DELIVERY_MANAGE, _("Envois en échec"), "deliveries.show"),
        (Permission.WEBHOOK_MANAGE, _("Programmes abonnés"), "webhooks.show"),
        (Permission.KEY_CREATE, _("Clés des partenaires"), "keys.show"),
    )
    group = _("Marche du service")
    counts = {"guests.transmissions": _to_decide() if _may(Permission.CASE_COORDINATE) else 0}
    return [
        _item(label, url_for(page), counts.get(page, 0), group=group)
        for right, label, page in pages
        if _may(right)
    ]


def _own_pages() -> list[NavItem]:
    """Where a desk and the ground begin their day."""
    actor, items = current_user.actor, []
    if actor.places:
        items.append(_item(_("Accueil de la mairie"), url_for("desk.show")))
        items.append(_item(_("À rappeler"), url_for("papers.calls")))
        items.append(_item(_("Liste pour le maire"), url_for("desk.mayor_list")))
    if actor.roles & {"team_lead", "field_agent"}:
        items.append(_item(_("Sur le terrain"), url_for("field.show")))
    if _may(Permission.ORDER_DO):
        items.append(_item(_("Interventions"), url_for("orders.show"), open_orders()))
    if _may(Permission.ROUND_VIEW):
        items.append(_item(_("Tournées"), url_for("rounds.show")))
    return items


def _kept_lists() -> list[NavItem]:
    """Those kept under a name, the agent's own first; the same filters in an address are the same list."""
    here = request.full_path.rstrip("?")
    found = []
    for view in sorted(current_user.card.views, key=lambda one: one.unit_id is not None):
        href = f"{url_for('queues.show', view=view.view)}?{view.query}".rstrip("?")
        group = _("Listes du service") if view.unit_id else _("Mes listes")
        found.append(NavItem(view.name, href, group, "", here == href))
    return found


def _list_address(view: str) -> str:
    """Who moves cases between units empties « À qualifier » where several are entrusted at once."""
    if view == "a-qualifier" and _may(Permission.CASE_REDISPATCH):
        return url_for("dispatch.show")
    return url_for("incidents.show") if view == "incidents" else url_for("queues.show", view=view)


def _may(permission: Permission) -> bool:
    return holds(current_user.actor.roles, frozenset({permission}))


def _tone(view: str, count: int) -> str:
    return "danger" if count and view in {"en-retard", "urgentes", "contestees", "incidents"} else ""


def _item(label: str, href: str, count: int = 0, tone: str = "", group: str = "") -> NavItem:
    return NavItem(label, href, group or _("À faire"), counted(count), request.path == href, tone)
