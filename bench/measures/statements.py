"""How many SQL statements each page takes, counted by a listener in this process."""

from __future__ import annotations

import json
from collections.abc import Iterator
from urllib.parse import parse_qsl

import psycopg
import sqlalchemy as sa
from flask.testing import FlaskClient

from bench.demands import demands
from bench.house import House
from bench.plan import Plan
from bench.quarrel import case_with
from bench.serving import token_in
from bench.table import Line, judged
from crm.app import create_app

_MOST = {"queue page": 8, "case page": 10, "creating": 12}


def measure(house: House, plan: Plan) -> Iterator[Line]:
    app = create_app(house.settings)
    wired = app.extensions["crm"]
    seen: list[str] = []
    sa.event.listen(wired.engine, "before_cursor_execute", lambda *told: seen.append(told[2]))
    client = app.test_client()
    _enter(client, house)
    with psycopg.connect(house.database_url) as connection:
        reference = case_with(connection, 50)
    forms = [dict(parse_qsl(form, keep_blank_values=True)) for form in _forms(house, client)]
    calls = {
        "queue page": lambda: client.get("/console/files/toutes"),
        "case page": lambda: client.get(f"/console/demandes/{reference}"),
        "creating": lambda: client.post("/console/demandes/nouvelle", data=forms.pop()),
    }
    for name, call in calls.items():
        call()  # what each process keeps is filled
        seen.clear()
        status = call().status_code
        most = _MOST[name]
        wrong = 0 if status in {200, 303} else 1
        yield judged(f"statements, {name}", len(seen), "", f"≤ {most}", lambda n, most=most: n <= most, wrong)
    wired.close()


def _enter(client: FlaskClient, house: House) -> None:
    accounts = json.loads(house.accounts.read_text())["accounts"]
    person = next(account for account in accounts if account["role"] == "advisor")
    form = {name: person[name] for name in ("email", "password")}
    client.post("/login", data={**form, "csrf_token": token_in(client.get("/login").data)})


def _forms(house: House, client: FlaskClient) -> list[str]:
    page = client.get("/console/demandes/nouvelle").data
    calls = demands(house, "", 4, page=page)
    return [call.raw.partition(b"\r\n\r\n")[2].decode() for call in calls]
