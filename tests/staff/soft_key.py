"""A passkey made of software: what a device would answer, and what a forger would."""

from __future__ import annotations

import json
from hashlib import sha256
from typing import Any

import cbor2
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from webauthn.helpers import bytes_to_base64url as said

_PRESENT, _VERIFIED, _HOLDS_KEY = 0x01, 0x04, 0x40


class SoftKey:
    """
    Args:
        verifies: whether it makes sure of its owner (finger, PIN).
    """

    def __init__(self, origin: str, *, verifies: bool = True, name: bytes = b"a key") -> None:
        self.origin, self.name, self.count = origin, name, 0
        self._flags = _PRESENT | (_VERIFIED if verifies else 0)
        self._private = ec.generate_private_key(ec.SECP256R1())

    def create(self, options: str) -> str:
        asked = json.loads(options)
        data = self._data(asked["rp"]["id"], self._flags | _HOLDS_KEY) + self._credential()
        sealed = cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": data})
        client = self._client("webauthn.create", asked["challenge"])
        return self._answer({"attestationObject": said(sealed), "clientDataJSON": said(client)})

    def get(self, options: str) -> str:
        self.count += 1
        asked = json.loads(options)
        data = self._data(asked["rpId"], self._flags)
        client = self._client("webauthn.get", asked["challenge"])
        signature = self._private.sign(data + sha256(client).digest(), ec.ECDSA(hashes.SHA256()))
        return self._answer(
            {
                "authenticatorData": said(data),
                "clientDataJSON": said(client),
                "signature": said(signature),
            }
        )

    def _data(self, host: str, flags: int) -> bytes:
        return sha256(host.encode()).digest() + bytes([flags]) + self.count.to_bytes(4, "big")

    def _credential(self) -> bytes:
        numbers = self._private.public_key().public_numbers()
        x, y = numbers.x.to_bytes(32, "big"), numbers.y.to_bytes(32, "big")
        public = cbor2.dumps({1: 2, 3: -7, -1: 1, -2: x, -3: y})
        return bytes(16) + len(self.name).to_bytes(2, "big") + self.name + public

    def _client(self, kind: str, challenge: str) -> bytes:
        return json.dumps({"type": kind, "challenge": challenge, "origin": self.origin}).encode()

    def _answer(self, response: dict[str, Any]) -> str:
        name = said(self.name)
        return json.dumps({"id": name, "rawId": name, "type": "public-key", "response": response})
