"""The ways to ask outside that a demand allows now."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from flask_login import current_user

from crm.access import Permission, allows
from crm.cases import WITH_UNIT, CaseSheet, steps_from
from crm.cases.orders import Order
from crm.guests import CONTRACTOR
from crm.http import gettext as _
from crm.http import wiring
from crm.staff import UnitCard
from crm.web.cases.verbs import may_send


@dataclass(frozen=True, slots=True)
class Offered:
    """One of the ways to ask outside, open to this agent on this case.

    Args:
        order: number of the work order that it is about; None for the whole demand.
    """

    slug: str
    label: str
    hint: str
    order: int | None = None


def offered(case: CaseSheet, orders: Sequence[Order]) -> list[Offered]:
    """What the case allows now."""
    actor, ways = current_user.actor, []
    verbs = {step.verb for step in steps_from(case.state, has_unit=case.unit_id is not None)}
    if "refer" in verbs and allows(actor, Permission.CASE_CLOSE, case) and may_send(case):
        hint = _("Un autre organisme est compétent : il reçoit la demande, l’usager sait à qui s’adresser.")
        ways.append(Offered("transmission", _("Transmettre"), hint))
    if case.closed_at is None and allows(actor, Permission.GUEST_ASK, case):
        hint = _("Un spécialiste, dans n’importe quelle administration, répond sans compte.")
        ways.append(Offered("avis", _("Demander un avis"), hint))
        ways += _contractors(case, orders)
    return ways


def _contractors(case: CaseSheet, orders: Sequence[Order]) -> Iterator[Offered]:
    if contractor(case) is not None:
        hint = _("Il voit le travail, le date, et rend compte avec une photo.")
        yield Offered("prestataire", _("Envoyer un lien au prestataire"), hint)
    for order in orders:
        worker = contractor(case, order)
        if worker is not None:
            label = _("Envoyer un lien au prestataire : intervention n° %(number)d", number=order.number)
            yield Offered("prestataire", label, worker.name, order.number)


def contractor(case: CaseSheet, order: Order | None = None) -> UnitCard | None:
    """The contractor's unit that has the demand, or this order of it, to do now."""
    unit_id, at_work = case.unit_id, case.state in WITH_UNIT
    if order is not None:
        unit_id, at_work = order.unit_id, order.is_open
    unit = wiring().rulebooks.units().get(unit_id or 0)
    return unit if at_work and unit is not None and unit.operation == CONTRACTOR else None
