"""Words among colleagues, a list shared with a unit, one act on many demands."""

from __future__ import annotations

from itertools import islice

import sqlalchemy as sa

from crm.cases import Case, do_row, end_lot, lot_lines, note_to, refuse_row, start_lot
from crm.cases.lots.queries import WAITING
from crm.cli.demo.together.people import AT_WORK, Stage
from crm.foundation import SYSTEM
from crm.staff import save_view


def words_among_colleagues(stage: Stage) -> None:
    """Notes that name somebody; a list shared with a unit; one act on many demands."""
    told = (
        (
            "Samira",
            "eclairage-est",
            "@Hélène Ferrand l’armoire sera changée jeudi, l’usager peut être prévenu.",
        ),
        ("Paul", "voirie-est", "@Hélène Ferrand le propriétaire refuse l’accès : que répondre ?"),
        ("Hélène", "eclairage-est", "@Samira Haddad deuxième appel ce matin, peux-tu regarder ?"),
        ("Hélène", "voirie-est", "@Karim Belkacem j’ai repris cette demande, rappelle l’usager."),
    )
    for rank, (who, unit, words) in enumerate(told):
        for reference in islice(stage.demands(unit, *AT_WORK, again=True, still=5), rank, rank + 1):
            stage.act(4 - rank, stage.who(who), note_to, reference, words)
    shared = stage.unit("eclairage-est")
    lead, name = stage.who("Samira"), "Urgentes du secteur"
    stage.act(0, lead, save_view, name, "a-traiter", "priorite=1", unit_id=shared)
    _lot(stage)


def _lot(stage: Stage) -> None:
    """Six taken up at once, and one that could not be."""
    lead, closed = stage.who("Paul"), sa.select(Case.reference).where(Case.state == "closed")
    chosen = [
        *islice(stage.demands("voirie-est", "assigned", again=True, still=3), 6),
        *stage.session.scalars(closed.order_by(Case.id.desc()).limit(1)),
    ]
    lot_id = stage.act(0, lead, start_lot, "accept", {}, chosen)
    if lot_id is None:
        return
    for line in lot_lines(stage.session, lot_id):
        stage.act(0, lead, do_row, lot_id, line.place)
    for line in lot_lines(stage.session, lot_id, WAITING):
        stage.act(0, lead, refuse_row, lot_id, line.place, "out_of_reach")
    stage.act(0, SYSTEM, end_lot, lot_id)
