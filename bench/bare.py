"""Bare pages on the same server: an empty one, and fifty rows read as entities, written as a table."""

from __future__ import annotations

import sqlalchemy as sa
from flask import Flask, render_template_string
from sqlalchemy.orm import Session

from crm.cases import Case
from crm.foundation import Settings, open_engine

APPLICATION = "bench.bare:create_app()"
_ROWS = 50
_TEMPLATE = """<!doctype html><title>bare</title><table>
{% for case in cases %}<tr><td>{{ case.reference }}</td><td>{{ case.object[:90] }}</td>
<td>{{ case.place_label }}</td><td>{{ case.state }}</td><td>{{ case.due_at }}</td></tr>
{% endfor %}</table><p>{{ cases|length }} rows</p>"""


def create_app() -> Flask:
    app = Flask("bare")
    engine = open_engine(Settings.load().database_url)

    @app.get("/empty")
    def empty() -> str:
        return "empty"

    @app.get("/rows")
    def rows() -> str:
        with Session(engine) as session:
            first = sa.select(Case).where(Case.closed_at.is_(None)).order_by(Case.due_at, Case.id)
            return render_template_string(_TEMPLATE, cases=session.scalars(first.limit(_ROWS)).all())

    return app
