"""A form that is refused tells all that is wrong at once, each with the name of its box."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape

import pytest

from tests.web.agents import Browser

AT = "/console/administration"


def _summary(html: str) -> list[str]:
    """Its lines."""
    found = re.search(r'class="error-summary".*?<ul>(.*?)</ul>', html, re.DOTALL)
    assert found, "no summary"
    text = unescape(found[1]).replace("\u202f", " ").replace("\u00a0", " ")
    return [
        " ".join(re.sub(r"<[^>]+>", "", line).split()) for line in re.findall("<li>.*?</li>", text, re.DOTALL)
    ]


@pytest.mark.parametrize(
    ("address", "named"),
    [
        ("agents/nouveau", ["Prénom", "Nom", "Adresse électronique", "Organisme", "Rôle"]),
        ("services/nouveau", ["Nom", "Organisme", "Façon de travailler", "Adresse", "Téléphone"]),
        ("organismes/nouveau", ["Nom", "Nature"]),
        ("communes/nouvelle", ["Fichier"]),
        ("savoir-faire", ["Nouveau savoir-faire"]),
    ],
)
def test_an_empty_form_names_each_of_its_boxes(
    log_in: Callable[[str], Browser], address: str, named: list[str]
) -> None:
    refused = log_in("config_admin").post(f"{AT}/{address}")
    assert refused.status_code == 422
    told = _summary(refused.text)
    assert sorted({line.partition(" :")[0] for line in told}) == sorted(named)
    assert len(set(told)) == len(told), "no two lines alike"


def test_a_desk_agent_is_invited_into_the_organisation_of_the_commune(
    log_in: Callable[[str], Browser],
) -> None:
    admin = log_in("config_admin")
    reach = {"address": "1 place", "phone": "01 99 00 00 40"}
    owner = {"kind": "commune", "name": "Commune de Montclar", "insee": "99802"}
    assert admin.post(f"{AT}/organismes/nouveau", **owner, **reach).status_code == 303
    form = admin.get(f"{AT}/agents/nouveau", commune="99802").text
    assert re.search(r'<option value="commune-de-montclar" selected', form)
