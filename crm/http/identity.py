"""Identity providers by OpenID Connect: one for residents (as FranceConnect), one for agents (as ProConnect).

Both are off until set, and neither is ever the only way in.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import requests
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.flask_client import FlaskOAuth2App, OAuth
from flask import Flask, current_app, redirect
from flask.typing import ResponseReturnValue
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from crm.foundation import CrmError, NotFound, Settings, Unavailable

_KEY = "crm_identity"


class IdentityRefused(CrmError):
    """The provider did not vouch for anybody: given up, out of date, or not what it should be."""

    code = "identity_refused"


def install(app: Flask, settings: Settings) -> None:
    oauth = OAuth(app)
    app.extensions[_KEY] = oauth
    for name, told in (("residents", settings.identity_residents), ("agents", settings.identity_agents)):
        if told.issuer:
            oauth.register(
                name,
                client_id=told.client_id,
                client_secret=told.client_secret.get_secret_value(),
                server_metadata_url=f"{told.issuer.rstrip('/')}/.well-known/openid-configuration",
                authorize_params={"acr_values": told.acr_values} if told.acr_values else None,
                client_kwargs={
                    "scope": told.scope,
                    "code_challenge_method": "S256",
                    "default_timeout": told.timeout_seconds,
                },
            )


def has_provider(name: str) -> bool:
    return _provider(name) is not None


def go_to_provider(name: str, back: str) -> ResponseReturnValue:
    """Send the browser there.

    Args:
        back: our own address, as the provider knows it.

    Raises:
        NotFound: there is none.
        Unavailable: it does not answer.
    """
    client = _required(name)
    try:
        asked = client.create_authorization_url(back)
    except (requests.RequestException, ValueError) as lost:
        raise Unavailable(server="identity", why=type(lost).__name__) from lost
    client.save_authorize_data(redirect_uri=back, **asked)
    return redirect(asked["url"])


def vouched(name: str) -> Mapping[str, Any]:
    """What the provider says of whoever comes back from it, its signature checked.

    Raises:
        IdentityRefused, NotFound, Unavailable.
    """
    client = _required(name)
    try:
        token = client.authorize_access_token()
        claims = dict(token.get("userinfo") or {})
        told = _userinfo(client, token)
    except requests.RequestException as lost:
        raise Unavailable(server="identity", why=type(lost).__name__) from lost
    except (AuthlibBaseError, JoseError, ValueError, RuntimeError) as wrong:
        raise IdentityRefused(reason=type(wrong).__name__) from None
    if not claims.get("sub") or told.get("sub", claims["sub"]) != claims["sub"]:
        raise IdentityRefused(reason="subject")  # OpenID Connect Core, 5.3.2: told of somebody else
    return {**told, **claims}


def _userinfo(client: FlaskOAuth2App, token: Mapping[str, Any]) -> dict[str, Any]:
    """What the token itself does not say; ProConnect signs it, FranceConnect does not."""
    where = client.load_server_metadata().get("userinfo_endpoint")
    if not where:
        return {}
    answer = client.get(where, token=token)
    answer.raise_for_status()
    if "jwt" not in answer.headers.get("Content-Type", ""):
        return dict(answer.json())
    signed = jwt.decode(answer.text, KeySet.import_key_set(client.fetch_jwk_set()))
    return dict(signed.claims)


def _provider(name: str) -> FlaskOAuth2App | None:
    return current_app.extensions[_KEY].create_client(name)


def _required(name: str) -> FlaskOAuth2App:
    client = _provider(name)
    if client is None:
        raise NotFound(provider=name)
    return client
