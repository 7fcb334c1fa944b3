"""The métropole on the ground: communes, their sectors, streets and addresses."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.orm import Mapped, mapped_column

from crm.foundation import Base

OWNERSHIPS = ("public", "private", "departmental", "state", "unknown")
# Exactly the words of `street_key`: PostgreSQL's own parser would cut « 10e5 » or « 3.5 » its own way.
_WORDS = "array_to_tsvector(string_to_array(name_folded, ' '::text))"


class Commune(Base):
    """A commune; `is_member` is False for a neighbour that does not belong to the métropole."""

    __tablename__ = "communes"

    insee: Mapped[str] = mapped_column(sa.String(5), primary_key=True)
    name: Mapped[str]
    name_folded: Mapped[str]  # as `street_key` writes it
    postcode: Mapped[str] = mapped_column(default="", server_default="")
    is_member: Mapped[bool] = mapped_column(default=True, server_default=sa.true())
    boundary: Mapped[dict[str, Any]]  # GeoJSON geometry, WGS 84
    west: Mapped[float]
    south: Mapped[float]
    east: Mapped[float]
    north: Mapped[float]


class CommuneJoining(Base):
    """When a commune opens, and who decided it. One without a row came with the territory: it is open."""

    __tablename__ = "commune_joinings"

    insee: Mapped[str] = mapped_column(sa.String(5), sa.ForeignKey("communes.insee"), primary_key=True)
    live_on: Mapped[date | None]  # None while it prepares itself
    note: Mapped[str] = mapped_column(default="", server_default="")
    decided_at: Mapped[datetime]
    decided_by: Mapped[int | None] = mapped_column(sa.BigInteger)


class Sector(Base):
    """A part of a commune that has its own competent units."""

    __tablename__ = "sectors"

    code: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    insee: Mapped[str] = mapped_column(sa.ForeignKey("communes.insee"), index=True)
    boundary: Mapped[dict[str, Any]]
    west: Mapped[float]
    south: Mapped[float]
    east: Mapped[float]
    north: Mapped[float]


class Street(Base):
    """A street and who owns it. `lon` and `lat` show one of its addresses, near the middle."""

    __tablename__ = "streets"
    __table_args__ = (
        sa.UniqueConstraint("insee", "code"),
        sa.CheckConstraint(f"ownership IN {OWNERSHIPS}", name="ownership_known"),
        sa.Index("ix_streets_search", "search", postgresql_using="gin"),
        sa.Index(None, "name_folded"),
    )

    id: Mapped[int] = mapped_column(sa.Integer, sa.Identity(), primary_key=True)
    code: Mapped[str]
    insee: Mapped[str] = mapped_column(sa.ForeignKey("communes.insee"))
    name: Mapped[str]
    name_folded: Mapped[str]  # as `street_key` writes it
    ownership: Mapped[str] = mapped_column(default="unknown", server_default="unknown")
    hierarchy: Mapped[str] = mapped_column(default="", server_default="")
    length_m: Mapped[int | None]
    lon: Mapped[float | None]
    lat: Mapped[float | None]
    search: Mapped[str] = mapped_column(TSVECTOR, sa.Computed(_WORDS, persisted=True))


class Address(Base):
    """A numbered door. Number 0 is a place without a number; `entrance` tells doors of one number apart."""

    __tablename__ = "addresses"
    __table_args__ = (
        sa.UniqueConstraint("street_id", "number", "suffix", "entrance"),
        sa.Index("ix_addresses_lat_lon", "lat", "lon"),
    )

    id: Mapped[int] = mapped_column(sa.Integer, sa.Identity(), primary_key=True)
    street_id: Mapped[int] = mapped_column(sa.ForeignKey("streets.id"))
    number: Mapped[int]
    suffix: Mapped[str] = mapped_column(default="", server_default="")
    entrance: Mapped[int] = mapped_column(sa.SmallInteger, default=1, server_default="1")
    insee: Mapped[str] = mapped_column(sa.ForeignKey("communes.insee"))  # wins over the polygon
    postcode: Mapped[str] = mapped_column(default="", server_default="")
    sector_code: Mapped[str | None] = mapped_column(sa.ForeignKey("sectors.code"))
    lon: Mapped[float]
    lat: Mapped[float]
