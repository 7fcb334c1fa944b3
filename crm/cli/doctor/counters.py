"""The counters that are kept: counted again, mended, and said."""

from __future__ import annotations

from sqlalchemy.exc import DBAPIError

from crm.cli.doctor.findings import Finding, good, information, wrong
from crm.foundation import SYSTEM, Settings, SystemClock, Units, open_engine, session_factory
from crm.reporting import keep_volumes, repair_volumes


def board(settings: Settings) -> Finding:
    """Hours not yet kept are no fault: the timetable keeps them when it runs."""
    engine = open_engine(settings.database_url, forked=True)
    try:
        with Units(session_factory(engine), SystemClock(), {}).begin(SYSTEM) as uow:
            keep_volumes(uow)
            mended = repair_volumes(uow)
    except DBAPIError:
        return wrong("Les compteurs du tableau n’ont pas pu être recomptés", "Voyez ce qui précède.")
    finally:
        engine.dispose()
    if not mended:
        return good("Compteurs du tableau de bord justes")
    return information(
        f"Compteurs du tableau de bord : {mended} heures étaient fausses, elles sont réparées",
        "Si cela revient, cherchez ce qui écrit dans la table cases sans passer par le programme.",
    )
