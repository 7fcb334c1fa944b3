"""How often one address may try. Counted in Redis; without it, in the process: nobody is refused for it."""

from __future__ import annotations

import hmac
from contextlib import suppress
from hashlib import sha256
from ipaddress import ip_address, ip_network

from flask import Flask, current_app, request
from flask_limiter import Limiter

from crm.foundation import Settings


def visitor() -> str:
    """Who is at the door, as Redis may know it: neither the address nor what would give it back.

    Of IPv6, the /64 that a subscriber is given: whoever holds 2^64 addresses is still one visitor.
    """
    told = request.remote_addr or ""
    with suppress(ValueError):
        if (address := ip_address(told)).version == 6:
            told = str(ip_network((int(address), 64), strict=False))
    key = current_app.config["SECRET_KEY"].encode()
    return hmac.new(key, told.encode(), sha256).hexdigest()[:24]


PATIENCE_SECONDS = 1.5  # a Redis slower than that is done without, so that nobody waits for it

limiter = Limiter(visitor, headers_enabled=False, swallow_errors=True)


def install(app: Flask, settings: Settings) -> None:
    app.config.update(
        RATELIMIT_STORAGE_URI=settings.redis_url or "memory://",
        RATELIMIT_STORAGE_OPTIONS={
            "socket_connect_timeout": PATIENCE_SECONDS,
            "socket_timeout": PATIENCE_SECONDS,
        }
        if settings.redis_url
        else {},
        RATELIMIT_IN_MEMORY_FALLBACK_ENABLED=True,
        RATELIMIT_KEY_PREFIX="crm",
    )
    limiter.init_app(app)
