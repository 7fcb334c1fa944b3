"""Who acts. Workers act too, so the actor is handed down, never looked up."""

from __future__ import annotations

from dataclasses import dataclass, field, replace


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """Someone or something that does an act.

    Args:
        kind: `agent`, `resident`, `partner` (a machine with a key) or `system`.
        id: the agent's or the key's id; None for residents and the system.
        unit_ids: the agent's own, and those that they stand by for.
        stands_by: those of them that the agent is only on call for: reach is given by it, and never taken.
        places: INSEE codes of the communes whose desk the agent keeps.
    """

    kind: str
    id: int | None = None
    organization_id: int | None = None
    roles: frozenset[str] = field(default_factory=frozenset)
    unit_ids: frozenset[int] = field(default_factory=frozenset)
    stands_by: frozenset[int] = field(default_factory=frozenset)
    places: frozenset[str] = field(default_factory=frozenset)

    @property
    def own_units(self) -> frozenset[int]:
        """Those that the agent belongs to, on call or not."""
        return self.unit_ids - self.stands_by

    @property
    def shared(self) -> Actor:
        """What decides what is seen, without who they are: colleagues share statements and numbers by it.

        Demands whose readers are named are then nobody's: one number would tell of them.
        """
        return replace(self, id=None, organization_id=None)


SYSTEM = Actor(kind="system", roles=frozenset({"system"}))
RESIDENT = Actor(kind="resident", roles=frozenset({"resident"}))
