"""Who may do what on which record: `allows` in Python, `visible` in SQL, tested equal."""

from crm.access.permissions import AGENT_ROLES, GRANTS, Permission, Scope
from crm.access.policy import Reach, allows, everywhere, reach_marks, require, require_everywhere, visible
from crm.access.restriction import UNTOLD, may_read, not_barred

__all__ = [
    "AGENT_ROLES",
    "GRANTS",
    "UNTOLD",
    "Permission",
    "Reach",
    "Scope",
    "allows",
    "everywhere",
    "may_read",
    "not_barred",
    "reach_marks",
    "require",
    "require_everywhere",
    "visible",
]
