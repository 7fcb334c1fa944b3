"""How far each commune is on its way in: what a person said, beside what the facts say by themselves."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from crm.foundation import Base


class JoiningStep(Base):
    """A step that nothing but a person can vouch for."""

    __tablename__ = "joining_steps"

    insee: Mapped[str] = mapped_column(sa.String(5), sa.ForeignKey("communes.insee"), primary_key=True)
    step: Mapped[str] = mapped_column(primary_key=True)  # one of MANUAL
    said_at: Mapped[datetime]
    said_by: Mapped[int | None] = mapped_column(sa.BigInteger)
