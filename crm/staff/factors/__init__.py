"""What agents show besides their password: an application's code, a passkey, a recovery code."""

from crm.staff.factors.ceremonies import Site
from crm.staff.factors.due import second_due
from crm.staff.factors.enrolling import (
    OfferedApplication,
    add_application,
    add_key,
    enrolled,
    offer_application,
    offer_key,
    offered_again,
    renew_recovery_codes,
    withdraw_application,
    withdraw_key,
)
from crm.staff.factors.owner import Halfway
from crm.staff.factors.proving import ask_for_key, prove_by_code, prove_by_key
from crm.staff.factors.queries import LastReset, factors_of, last_resets, protected_accounts
from crm.staff.factors.resetting import RESET_MOTIVES, reset_second_factor
from crm.staff.factors.sealing import Seal

__all__ = [
    "RESET_MOTIVES",
    "Halfway",
    "LastReset",
    "OfferedApplication",
    "Seal",
    "Site",
    "add_application",
    "add_key",
    "ask_for_key",
    "enrolled",
    "factors_of",
    "last_resets",
    "offer_application",
    "offer_key",
    "offered_again",
    "protected_accounts",
    "prove_by_code",
    "prove_by_key",
    "renew_recovery_codes",
    "reset_second_factor",
    "second_due",
    "withdraw_application",
    "withdraw_key",
]
