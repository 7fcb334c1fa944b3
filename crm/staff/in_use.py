"""Whether a unit may still be entrusted with something, asked of its row by the transaction that entrusts.

What a process keeps in memory of units may be ten seconds old. The lock is the one that a foreign key takes:
who entrusts and who closes wait for each other, nobody else does.
"""

from __future__ import annotations

from typing import cast

import sqlalchemy as sa
from sqlalchemy.orm import Session

from crm.staff.models import Unit

_U = cast(sa.Table, Unit.__table__).c
IN_USE = (
    sa.select(_U.id)
    .where(_U.id == sa.bindparam("unit_id", type_=_U.id.type), _U.is_active)
    .with_for_update(read=True, key_share=True)
)


def is_in_use(session: Session, unit_id: int) -> bool:
    return session.scalar(IN_USE, {"unit_id": unit_id}) is not None
