"""Between the password and the second factor: nobody is logged in, and this browser may finish."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any, TypeVar, cast
from urllib.parse import urlsplit

from flask import flash, redirect, request, session, url_for
from flask.typing import ResponseReturnValue

from crm.access import AGENT_ROLES
from crm.foundation import PARIS, NotAllowed, NotFound, Settings, SettingsError
from crm.http import gettext as _
from crm.http import wiring
from crm.staff import LoggedIn
from crm.staff.factors import Halfway, Seal, Site

View = TypeVar("View", bound=Callable[..., Any])

_KEY = "halfway"
_MINUTES = 10
_LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


def stop_halfway(let_in: LoggedIn, account: str, back: str) -> None:
    """Whoever was logged in here no longer is; the cookie says who is expected, and gives no right."""
    session.clear()
    session["language"] = let_in.language
    session[_KEY] = {
        "agent": let_in.agent_id,
        "epoch": let_in.session_epoch,
        "due": let_in.due,
        "since": int(wiring().clock.now().timestamp()),
        "account": account,
        "back": back,
    }


def expected(due: str) -> Halfway:
    """Who is expected here to do that.

    Raises:
        NotFound: nobody, or they took too long.
    """
    kept = session.get(_KEY)
    if not kept or kept["due"] != due:
        raise NotFound()
    if wiring().clock.now().timestamp() - kept["since"] > _MINUTES * 60:
        raise NotFound()
    return Halfway(kept["agent"], kept["epoch"])


def from_the_password(view: View) -> View:
    """Whoever is no longer expected begins again, whatever the step."""

    @wraps(view)
    def guarded(*args: Any, **kwargs: Any) -> ResponseReturnValue:
        try:
            return cast(ResponseReturnValue, view(*args, **kwargs))
        except (NotFound, NotAllowed):
            session.pop(_KEY, None)
            flash(_("Trop de temps a passé depuis le mot de passe. Recommencez."), "warn")
            return redirect(url_for("entrance.login"), 303)

    return cast(View, guarded)


def account_expected() -> str:
    """Under which their tries are counted, as at the first step."""
    return str((session.get(_KEY) or {}).get("account", ""))


def way_back() -> str:
    return str((session.get(_KEY) or {}).get("back", ""))


def bound_roles(settings: Settings, now: datetime) -> frozenset[str]:
    """Roles that must have a second factor by now; in a demonstration nobody must."""
    told = settings.second_factor
    if settings.demo or (told.since is not None and now.astimezone(PARIS).date() < told.since):
        return frozenset()
    return frozenset(told.roles)


def check_roles(settings: Settings) -> None:
    """A role mistyped would protect nobody, and nobody would know.

    Raises:
        SettingsError.
    """
    unknown = sorted(set(settings.second_factor.roles) - set(AGENT_ROLES))
    if unknown:
        raise SettingsError([f"second_factor.roles : rôle inconnu ({', '.join(unknown)})"])


def bound_now() -> frozenset[str]:
    return bound_roles(wiring().settings, wiring().clock.now())


def seal() -> Seal:
    return Seal(wiring().settings.secret_key.get_secret_value())


def site_here() -> Site | None:
    """Where passkeys are good: at our public address alone; None on a page opened by another one.

    Browsers tie no key to an IP address: on one machine, « localhost » stands for 127.0.0.1.
    """
    site = _site()
    here = urlsplit(f"//{request.host}").hostname
    return site if site and site.host == here else None


def site_elsewhere() -> str:
    """Where passkeys are good, when it is not by the address of this page."""
    site = _site()
    return site.origin if site and site_here() is None else ""


def key_site() -> Site:
    """
    Raises:
        NotFound: not here.
    """
    site = site_here()
    if site is None:
        raise NotFound()
    return site


def _site() -> Site | None:
    centre = wiring().settings.centre
    address = urlsplit(centre.site_url)
    host = "localhost" if address.hostname in _LOOPBACK else address.hostname
    if not host or host.replace(".", "").isdigit():
        return None
    port = f":{address.port}" if address.port else ""
    return Site(host, f"{address.scheme}://{host}{port}", centre.name)
