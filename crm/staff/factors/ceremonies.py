"""What a browser and we say to each other of a passkey (Web Authentication, level 2)."""

from __future__ import annotations

import json
import secrets
from collections.abc import Sequence
from dataclasses import dataclass

import webauthn
from webauthn.helpers import base64url_to_bytes
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

# Whatever a forger may send in the place of an answer: not JSON, endlessly nested, of other shapes.
_WRONG = (WebAuthnException, ValueError, TypeError, KeyError, AttributeError, RecursionError)
_VERIFIED = UserVerificationRequirement.REQUIRED  # a finger, a face or a PIN, not the touch of whoever passes


@dataclass(frozen=True, slots=True)
class Site:
    """Where passkeys are good.

    Args:
        host: the name to which browsers tie them; never an IP address.
        origin: the same as browsers write it, with its scheme and port.
        name: what devices call us.
    """

    host: str
    origin: str
    name: str


@dataclass(frozen=True, slots=True)
class MadeKey:
    credential_id: bytes
    public_key: bytes
    sign_count: int


def new_challenge() -> bytes:
    return secrets.token_bytes(32)


def making(site: Site, agent_id: int, email: str, challenge: bytes, known: Sequence[bytes]) -> str:
    """What the browser needs to make a key, as JSON. A device that has one of the `known` makes no other."""
    options = webauthn.generate_registration_options(
        rp_id=site.host,
        rp_name=site.name,
        user_id=f"agent-{agent_id}".encode(),
        user_name=email,
        challenge=challenge,
        exclude_credentials=[PublicKeyCredentialDescriptor(id=one) for one in known],
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.DISCOURAGED, user_verification=_VERIFIED
        ),
    )
    return webauthn.options_to_json(options)


def showing(site: Site, challenge: bytes, known: Sequence[bytes]) -> str:
    """What the browser needs to show that it has one of the keys, as JSON."""
    options = webauthn.generate_authentication_options(
        rp_id=site.host,
        challenge=challenge,
        allow_credentials=[PublicKeyCredentialDescriptor(id=one) for one in known],
        user_verification=_VERIFIED,
    )
    return webauthn.options_to_json(options)


def made_key(site: Site, challenge: bytes, answer: str) -> MadeKey | None:
    """The key that the browser made, its answer checked; None for any other answer."""
    try:
        made = webauthn.verify_registration_response(
            credential=answer,
            expected_challenge=challenge,
            expected_rp_id=site.host,
            expected_origin=site.origin,
            require_user_verification=True,
        )
    except _WRONG:
        return None
    return MadeKey(made.credential_id, made.credential_public_key, made.sign_count)


def named_in(answer: str) -> bytes | None:
    """Which key the answer says that it is of; nothing is checked yet."""
    try:
        return base64url_to_bytes(str(json.loads(answer)["rawId"]))
    except _WRONG:
        return None


def count_shown(site: Site, challenge: bytes, answer: str, key: MadeKey) -> int | None:
    """The key's new counter, its answer checked; None for a wrong one, or a counter that did not go up."""
    try:
        shown = webauthn.verify_authentication_response(
            credential=answer,
            expected_challenge=challenge,
            expected_rp_id=site.host,
            expected_origin=site.origin,
            credential_public_key=key.public_key,
            credential_current_sign_count=key.sign_count,
            require_user_verification=True,
        )
    except _WRONG:
        return None
    return shown.new_sign_count
