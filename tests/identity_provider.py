"""A real OpenID Connect provider on loopback, in a process of its own; users are given to it by its API."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import requests

from crm.cli.embedded import free_port

_PROGRAMME = """
import sys, warnings
warnings.simplefilter("ignore")
from oidc_provider_mock import app
app(require_nonce=True).run(host="127.0.0.1", port=int(sys.argv[1]))
"""


@dataclass(frozen=True, slots=True)
class Provider:
    issuer: str

    def knows(self, sub: str, **claims: object) -> None:
        answer = requests.put(f"{self.issuer}/users/{sub}", json=claims, timeout=10)
        answer.raise_for_status()

    def consents(self, address: str, sub: str) -> str:
        """What a person does there: choose who they are. Returns the address they are sent back to."""
        with requests.Session() as browser:
            browser.get(address, timeout=10).raise_for_status()
            answer = browser.post(address, data={"sub": sub}, timeout=10, allow_redirects=False)
        assert answer.status_code in {302, 303}, answer.text[:500]
        return answer.headers["Location"]


@contextmanager
def identity_provider() -> Iterator[Provider]:
    port = free_port()
    server = subprocess.Popen(
        [sys.executable, "-c", _PROGRAMME, str(port)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    issuer = f"http://127.0.0.1:{port}"
    try:
        _wait(issuer)
        yield Provider(issuer)
    finally:
        server.terminate()
        server.wait()


def _wait(issuer: str) -> None:
    for _ in range(200):
        try:
            requests.get(f"{issuer}/.well-known/openid-configuration", timeout=1).raise_for_status()
        except requests.RequestException:
            time.sleep(0.1)
        else:
            return
    raise TimeoutError("the identity provider did not start")
