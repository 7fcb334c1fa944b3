"""What the web server takes once started, and after a pass over every page."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import psycopg

from bench.demands import demands
from bench.house import House
from bench.load import exchange, get, post
from bench.plan import Plan
from bench.quarrel import case_with
from bench.serving import cookie_in, logged_in, memory_mb, site, token_in
from bench.table import Line, judged, no_more

_TIMES = 12  # both processes meet each page
_CONSOLE = (
    "/console/", "/console/demandes/nouvelle", "/console/courriers", "/console/rappels", "/console/style",
    "/console/recherche?q=lampadaire", "/console/recherche?q=martin", "/console/communes.geojson",
)  # fmt: skip
_VIEWS = (
    "a-traiter", "urgentes", "en-retard", "aujourdhui", "nouvelles", "attente", "reponses", "a-qualifier",
    "contestees", "toutes",
)  # fmt: skip
_PUBLIC = (
    "/", "/signaler", "/suivi", "/nous-joindre", "/accessibilite", "/donnees-personnelles",
    "/mentions-legales", "/login", "/healthz", "/readyz", "/metrics",
    "/open311/v2/services.json", "/api/v1/openapi.json",
)  # fmt: skip


def measure(house: House, plan: Plan) -> Iterator[Line]:
    with site(house) as master:
        for _ in range(_TIMES):
            exchange(house.address, get(house.address, "/healthz"))
        started = memory_mb(master)
        yield judged("memory after start (master and 2, PSS)", started, "MB", "≤ 160", lambda mb: mb <= 160)
        broken = _every_page(house)
        after = memory_mb(master)
        line = no_more("memory after every page", after, "MB", ("start", started), "≤ 1.2", 1.2)
        yield replace(line, wrong=broken)


def _every_page(house: House) -> int:
    """How many answers were errors of ours."""
    broken = 0
    with psycopg.connect(house.database_url) as connection:
        reference = case_with(connection, 30)
    advisor, supervisor, lead, admin = (
        logged_in(house, role) for role in ("advisor", "supervisor", "team_lead", "config_admin")
    )
    case = f"/console/demandes/{reference}"
    pages = [(path, advisor) for path in (*_CONSOLE, case, f"{case}/dossier.pdf")]
    pages += [(f"/console/files/{view}", cookie) for view in _VIEWS for cookie in (advisor, supervisor, lead)]
    pages += [("/console/envois", admin), *((path, "") for path in _PUBLIC)]
    for _ in range(_TIMES):
        for path, cookie in pages:
            status, _answer = exchange(house.address, get(house.address, path, cookie))
            broken += status >= 500 and path != "/readyz"  # no worker is at work here
    for call in demands(house, advisor, _TIMES * 4):
        exchange(house.address, call)
    _, page = exchange(house.address, get(house.address, "/console/demandes/nouvelle", advisor))
    token, advisor = token_in(page), cookie_in(page) or advisor
    for text in ("lampadaire en panne", "martin", "12 rue des lilas", "0612"):
        for door in ("categories", "usagers", "adresses"):
            for _ in range(_TIMES):
                form = {"q": text, "csrf_token": token}
                exchange(house.address, post(house.address, f"/console/aides/{door}", form, advisor))
    return broken
