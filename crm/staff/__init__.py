"""Agents, their rights and their log-in; organisations and the units to which demands are entrusted."""

from crm.staff.actions import (
    LOCK_MINUTES,
    MAX_FAILURES,
    LoggedIn,
    RoleGrant,
    authenticate,
    create_account,
    disable_account,
    load_organizations,
)
from crm.staff.events import (
    AgentCreated,
    AgentDisabled,
    AgentLocked,
    AgentLoggedIn,
    AgentLogInFailed,
    OrganizationsLoaded,
)
from crm.staff.keys import ApiKey, KeyCreated, KeyRevoked, actor_for_key, create_api_key, revoke_api_key
from crm.staff.models import Agent, Grant, Organization, Unit
from crm.staff.past import PastOrganization, keep_past_units
from crm.staff.queries import (
    AgentCard,
    UnitCard,
    UnitChoice,
    UnitDirectory,
    actor_for,
    agent_names,
    unit_card,
    units,
    units_for_choice,
)

__all__ = [
    "LOCK_MINUTES",
    "MAX_FAILURES",
    "Agent",
    "AgentCard",
    "AgentCreated",
    "AgentDisabled",
    "AgentLocked",
    "AgentLogInFailed",
    "AgentLoggedIn",
    "ApiKey",
    "Grant",
    "KeyCreated",
    "KeyRevoked",
    "LoggedIn",
    "Organization",
    "OrganizationsLoaded",
    "PastOrganization",
    "RoleGrant",
    "Unit",
    "UnitCard",
    "UnitChoice",
    "UnitDirectory",
    "actor_for",
    "actor_for_key",
    "agent_names",
    "authenticate",
    "create_account",
    "create_api_key",
    "disable_account",
    "keep_past_units",
    "load_organizations",
    "revoke_api_key",
    "unit_card",
    "units",
    "units_for_choice",
]
