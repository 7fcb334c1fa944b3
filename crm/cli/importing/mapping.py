"""The mapping file: which column says what, and which of our codes each of its words is. Typed."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from datetime import date as Day  # `date` is the name of a column here
from pathlib import Path
from typing import Annotated, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, model_validator

from crm.cases import CaseState, NoAnswerReason, Outcome
from crm.catalogue import told
from crm.foundation import Invalid
from crm.interactions import CHANNELS

Channel = Annotated[str, AfterValidator(lambda code: _known_channel(code))]
Kind = Literal["report", "information", "complaint", "suggestion", "praise", "document", "rights"]


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Columns(_Section):
    """Names of columns. Without `id`, what a line says is its identity (equal lines count as many rows)."""

    id: str = ""
    object: str
    address: str = ""
    postcode: str = ""
    insee: str = ""
    sector: str = ""
    lon: str = ""
    lat: str = ""

    @model_validator(mode="after")
    def _both(self) -> Columns:
        if bool(self.lon) != bool(self.lat):
            raise ValueError("lon et lat vont ensemble")
        return self


class Received(_Section):
    """When the usager addressed the service: a date, or a month with a weekday and an hour.

    With a month and a weekday only, the week is drawn from the row itself: always the same one.
    """

    date: str = ""
    format: str = "%Y-%m-%d"
    month: str = ""
    weekday: str = ""
    hour: str = ""
    earliest: Day

    @model_validator(mode="after")
    def _one_way(self) -> Received:
        if bool(self.date) == bool(self.month):
            raise ValueError("donner soit date, soit month (avec weekday et hour)")
        return self


class Box(_Section):
    """Where the coordinates may be."""

    west: float
    south: float
    east: float
    north: float

    def holds(self, lon: float, lat: float) -> bool:
        return self.west <= lon <= self.east and self.south <= lat <= self.north


class Words(_Section):
    """Words of a column → our codes. `default` stands for an empty cell, or without a column for all."""

    column: str = ""
    separator: str = ""
    default: str = ""
    words: dict[str, str] = Field(default_factory=dict)


class ChannelWords(Words):
    default: Annotated[str, AfterValidator(lambda code: code and _known_channel(code))] = ""
    words: dict[str, Channel] = Field(default_factory=dict)


class KindWords(Words):
    default: Kind = "report"
    words: dict[str, Kind] = Field(default_factory=dict)  # type: ignore[assignment]


class Standing(_Section):
    """Where a case stood. `outcome` empty: the file does not say."""

    state: CaseState
    outcome: Outcome | None = None
    no_answer_reason: NoAnswerReason | None = None

    @model_validator(mode="after")
    def _closed_is_explained(self) -> Standing:
        if self.state is CaseState.CLOSED and self.no_answer_reason is None:
            raise ValueError("une demande close dit pourquoi il n’y a pas de réponse (no_answer_reason)")
        return self


class States(_Section):
    column: str = ""
    default: Standing | None = None
    words: dict[str, Standing] = Field(default_factory=dict)


class Categories(_Section):
    """Their types become domains, their sub-types categories; `same_as`: those we have already."""

    prefix: str = Field(pattern=r"^[A-Z0-9]{2,6}$")
    domain: str = ""
    domain_label: str = ""
    label: str
    delay_days: int = Field(default=10, ge=1, le=365)
    same_as: dict[str, str] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _one_domain(self) -> Categories:
        if bool(self.domain) == bool(self.domain_label):
            raise ValueError("donner soit domain (une colonne), soit domain_label (le même pour toutes)")
        return self


class UnitsOfOrigin(_Section):
    """Who had the cases. `default`: the service when the file names none."""

    organization: str
    organization_name: str
    kind: Literal["metropole", "commune", "contractor", "concession", "state", "landlord", "other"] = "other"
    column: str = ""
    default: str = ""


class Mapping(_Section):
    source: str = Field(pattern=r"^[a-z0-9-]{2,40}$")
    time_zone: Annotated[str, AfterValidator(lambda name: _known_zone(name))] = "Europe/Paris"
    columns: Columns
    received: Received
    box: Box | None = None
    category: Categories
    unit: UnitsOfOrigin
    channel: ChannelWords
    kind: KindWords = KindWords()
    state: States

    @model_validator(mode="after")
    def _says_enough(self) -> Mapping:
        if not self.channel.column and not self.channel.default:
            raise ValueError("channel : donner une colonne ou une valeur par défaut")
        if not self.state.column and self.state.default is None:
            raise ValueError("state : donner une colonne ou une valeur par défaut")
        if not (self.unit.column or self.unit.default):
            raise ValueError("unit : donner une colonne ou un service par défaut")
        return self

    def needed(self) -> list[str]:
        """The columns without which the file cannot be read, each once."""
        return list(dict.fromkeys(name for name in self._named() if name))

    def _named(self) -> Iterator[str]:
        yield from self.columns.model_dump().values()
        received = self.received
        yield from (received.date, received.month, received.weekday, received.hour)
        yield from (self.category.domain, self.category.label, self.unit.column)
        yield from (self.channel.column, self.kind.column, self.state.column)


def read_mapping(path: Path) -> Mapping:
    """
    Raises:
        Invalid: names every mistake of the file at once.
    """
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as wrong:
        raise Invalid({path.name: f"n’est pas un fichier TOML lisible ({wrong})"}) from None
    try:
        return Mapping.model_validate(raw)
    except ValidationError as wrong:
        said = told(path.name, raw, wrong)
    raise Invalid({where: what.removeprefix("Value error, ") for where, what in said.items()})


def _known_channel(code: str) -> str:
    if code not in CHANNELS or code == "internal":
        known = ", ".join(sorted(CHANNELS.keys() - {"internal"}))
        raise ValueError(f"canal inconnu « {code} » ; nos canaux : {known}")
    return code


def _known_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        raise ValueError(f"fuseau horaire inconnu « {name} »") from None
    return name
