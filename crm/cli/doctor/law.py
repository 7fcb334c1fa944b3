"""What receipts of the law need: a text that says it all, services that can be written to and called."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from crm.cases import Case
from crm.cli.doctor.findings import Finding, good, information, wrong
from crm.foundation import Settings, open_engine, session_factory
from crm.knowledge import ACKNOWLEDGEMENT, reply_templates
from crm.staff import Unit

_SHOWN = 10


def receipts(settings: Settings) -> Finding:
    engine = open_engine(settings.database_url, forked=True)
    try:
        with session_factory(engine)() as session:
            texts = reply_templates(session, ACKNOWLEDGEMENT)
            unreachable = session.scalars(_UNREACHABLE.limit(_SHOWN)).all()
    except DBAPIError:
        return wrong("Les accusés de réception n’ont pas pu être examinés", "Voyez ce qui précède.")
    finally:
        engine.dispose()
    if not texts:
        return information(
            "Accusés de réception : aucun texte n’est chargé",
            "Chargez les modèles : crm load replies config/replies (fichier acknowledgement.toml).",
        )
    if unreachable:
        return wrong(
            f"Accusés de réception : services sans téléphone, ou sans adresse ni courriel :"
            f" {', '.join(unreachable)}",
            "Complétez-les, puis crm load organizations. Jusque-là, aucun accusé ne peut les nommer.",
        )
    return good("Accusés de réception : texte chargé, services joignables")


_LACKS = sa.or_(Unit.phone == "", sa.and_(Unit.address == "", Unit.email == ""))
_AT_WORK = sa.exists().where(Case.unit_id == Unit.id, Case.closed_at.is_(None))
# The database refuses an active one; one that was closed may still hold demands.
_UNREACHABLE = sa.select(Unit.name).where(_LACKS, sa.or_(Unit.is_active, _AT_WORK)).order_by(Unit.name)
