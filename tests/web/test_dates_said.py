"""How long ago is said as one says it aloud."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

from crm.foundation import FrozenClock
from crm.http.dates import ago


@pytest.mark.parametrize(
    ("days", "said"),
    [
        (0, "aujourd’hui"),
        (1, "hier"),
        (59, "il y a 59 jours"),
        (60, "il y a 1 mois"),
        (280, "il y a 9 mois"),
        (729, "il y a 23 mois"),
        (731, "il y a 2 ans"),
        (1100, "il y a 3 ans"),
        (-1, "demain"),
        (-90, "dans 90 jours"),
    ],
)
def test_how_long_ago(app: Flask, clock: FrozenClock, days: int, said: str) -> None:
    with app.test_request_context():
        assert ago(clock.at - timedelta(days=days)) == said
