"""Passwords: what is accepted, how it is kept, how long it takes to say no."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from crm.foundation import Invalid

SHORTEST = 14  # with the lock-out, beyond CNIL deliberation 2022-100
LONGEST = 200  # a longer one only serves to exhaust the server
FEWEST_MARKS = 5  # different characters

_HASHER = PasswordHasher()  # argon2id, RFC 9106 second recommended option


def check_password(password: str) -> None:
    """Refuse a weak password.

    Raises:
        Invalid: `password` → `too_short`, `too_long` or `too_simple`.
    """
    marks = _normal(password)
    if len(marks) < SHORTEST:
        raise Invalid({"password": "too_short"}, shortest=SHORTEST)
    if len(marks) > LONGEST:
        raise Invalid({"password": "too_long"}, longest=LONGEST)
    if len(set(marks)) < FEWEST_MARKS:
        raise Invalid({"password": "too_simple"})


def hash_password(password: str) -> str:
    return _HASHER.hash(_normal(password))


def is_right(password_hash: str | None, password: str) -> bool:
    """Does the password match? Without a hash (nobody by that name) the answer takes as long to be no."""
    typed = _normal(password)[: LONGEST + 1]
    try:
        return _HASHER.verify(password_hash or _nobody(), typed) and password_hash is not None
    except (VerificationError, InvalidHashError):
        return False


def is_outdated(password_hash: str) -> bool:
    """Was it hashed with weaker settings than today's?"""
    return _HASHER.check_needs_rehash(password_hash)


@lru_cache(maxsize=1)
def _nobody() -> str:
    return _HASHER.hash("nobody has this password")


def _normal(password: str) -> str:
    """The same marks whatever the keyboard: é typed as one mark or as two."""
    return unicodedata.normalize("NFC", password)
