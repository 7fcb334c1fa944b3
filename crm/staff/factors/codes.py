"""Six digits of an application (RFC 6238), and recovery codes."""

from __future__ import annotations

import re
import secrets
from datetime import datetime

import pyotp
from argon2 import PasswordHasher
from pyotp.exceptions import OTPVerificationError

from crm.staff.factors.models import MOST_CODES

_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that is read for another
_SECRET_LETTERS = 11  # 54 bits
# Ten are hashed at once, drawn by us and not chosen by a person: the least that OWASP asks for is enough.
_HASHER = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
_NOT_A_SIGN = re.compile(r"[^0-9a-z]")


def new_secret() -> str:
    return pyotp.random_base32()


def application_address(secret: str, email: str, issuer: str) -> str:
    """What an application reads in the square picture."""
    return pyotp.TOTP(secret, name=email, issuer=issuer).provisioning_uri()


def step_of(secret: str, typed: str, now: datetime, after: int | None) -> int | None:
    """The step of 30 seconds whose code it is, one early or late allowed; None for a wrong or a used one.

    Args:
        after: the step of the last code accepted.
    """
    digits = _normal(typed)
    if not re.fullmatch(r"[0-9]{6}", digits):
        return None
    try:
        step = pyotp.TOTP(secret).verify_and_get_timecode(digits, for_time=now, valid_window=1)
    except OTPVerificationError:
        return None
    return step if after is None or step > after else None


def new_recovery_codes() -> list[str]:
    """`4k7q-x2m9-tfab`: the first digit is the code's rank."""
    drawn = (f"{rank}{''.join(secrets.choice(_LETTERS) for _ in range(_SECRET_LETTERS))}" for rank in _RANKS)
    return ["-".join(code[at : at + 4] for at in range(0, len(code), 4)) for code in drawn]


def recovery_code(typed: str) -> tuple[int, str] | None:
    """Rank and code, as kept, of what looks like one; None for anything else."""
    code = _normal(typed)
    if len(code) != _SECRET_LETTERS + 1 or not code[0].isdigit():
        return None
    return int(code[0]), code


def hash_code(code: str) -> str:
    return _HASHER.hash(code)


_RANKS = range(MOST_CODES)


def _normal(typed: str) -> str:
    return _NOT_A_SIGN.sub("", typed[:60].lower())
