"""Which production server answers HTTP, and how. The one place to change it."""

from __future__ import annotations

import sys

from crm.foundation import Settings

APPLICATION = "crm.app.serving:serving()"
GRACE_SECONDS = 10  # what a request under way is given when we stop


def web_command(settings: Settings) -> list[str]:
    """gunicorn with threads: a request mostly waits for PostgreSQL, and memory is shared before the fork."""
    return [
        sys.executable, "-m", "gunicorn",
        "--bind", f"{settings.web.host}:{settings.port}",
        "--worker-class", "gthread",
        "--workers", str(settings.web.processes),
        "--threads", str(settings.web.threads),
        "--preload",
        "--graceful-timeout", str(GRACE_SECONDS),
        "--keep-alive", "5",
        "--no-control-socket",
        APPLICATION,
    ]  # fmt: skip
