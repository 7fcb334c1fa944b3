"""T10, the expert: asked by a link, answers without an account or a script, and the link dies."""

from __future__ import annotations

import re
from collections.abc import Callable
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

from crm.cases import CaseState
from crm.foundation import SYSTEM
from tests import given
from tests.journeys.house import House
from tests.journeys.test_every_screen import faults_of

Visit = Callable[..., Page]


@pytest.fixture
def reference(house: House) -> str:
    wired = house.wired
    with wired.units.begin(SYSTEM) as uow:
        who = given.contact(uow, family_name="Quentin-Avis", email=f"{uuid4().hex}@usagers.example")
        told = {"contact_id": who, "answer_channel": "email", "place": given.place("99001")}
        told["object"] = "M. Quentin-Avis dit que l’eau affleure par temps sec"
        return given.open_case(uow, wired.rulebooks.current(), CaseState.IN_PROGRESS, **told)


def _asked(page: Page, house: House, reference: str, mailbox: str) -> str:
    """Read again before it leaves; returns the link that the mail carries."""
    page.goto(f"/console/demandes/{reference}")
    page.get_by_role("link", name="À l’extérieur").click()
    page.get_by_role("link", name="Demander un avis").click()
    page.fill("#organization", "Eaux de la Haute-Rive, exploitation")
    page.fill("#email", mailbox)
    page.fill("#question", "Est-ce une fuite de votre conduite ?")
    page.get_by_role("button", name="Relire avant d’envoyer").click()
    expect(page.locator("p.strip-warn")).to_contain_text("Quentin-Avis")
    page.get_by_role("button", name="Modifier").click()
    page.fill("#observed", "L’eau affleure par temps sec.")
    page.get_by_role("button", name="Relire avant d’envoyer").click()
    expect(page.locator("main")).to_contain_text("[lien personnel]")
    page.get_by_role("button", name="Envoyer").click()
    page.wait_for_url("**/exterieur")
    expect(page.locator("main")).to_contain_text("Eaux de la Haute-Rive, exploitation")
    house.work()
    mail = house.mail(mailbox, "Est-ce une fuite")
    assert "Quentin" not in mail and reference not in mail
    found = re.search(rf"{re.escape(house.address)}/invite/\S+", mail)
    assert found
    return found.group()


def test_an_engineer_elsewhere_gives_an_opinion(visit: Visit, house: House, reference: str) -> None:
    centre, mailbox = visit("karim"), f"{uuid4().hex}@eaux.example"
    link = _asked(centre, house, reference, mailbox)
    # when: on a telephone, without script, with neither name nor number of the usager
    engineer = visit(java_script_enabled=False)
    engineer.set_viewport_size({"width": 320, "height": 640})
    engineer.goto(link)
    main = engineer.locator("main")
    expect(main).to_contain_text("L’eau affleure par temps sec.")
    assert "Quentin" not in main.inner_text() and reference not in main.inner_text()
    engineer.fill("#text", "Oui : notre conduite de 1962. Nous creusons lundi.")
    engineer.get_by_role("button", name="Envoyer ma réponse").click()
    expect(engineer.locator("h1")).to_contain_text("Nous vous demandons un avis")  # a name is owed
    engineer.fill("#name", "N. Ferrand, ingénieure réseau")
    engineer.get_by_role("button", name="Envoyer ma réponse").click()
    expect(engineer.locator("h1")).to_contain_text("votre réponse est arrivée")
    # then: the link is dead, the opinion is on the timeline, and the usager knows nothing of it
    engineer.goto(link)
    expect(engineer.locator("h1")).to_have_text("Ce lien ne s’ouvre pas")
    centre.goto(f"/console/demandes/{reference}")
    expect(centre.locator(".timeline")).to_contain_text("notre conduite de 1962")
    expect(centre.locator(".timeline")).to_contain_text("N. Ferrand")
    # and who asked finds it where they look: listed until seen, in « Pour moi », at the bell
    house.work()
    centre.goto("/console/transmissions?vue=avis")
    expect(centre.get_by_role("row").filter(has_text=reference)).to_contain_text("notre conduite de 1962")
    centre.goto("/console/pour-moi")
    expect(centre.locator("main")).to_contain_text("notre conduite de 1962")
    centre.goto("/console/notifications")
    expect(centre.locator("main")).to_contain_text("L’avis que vous avez demandé est arrivé")
    resident = visit(java_script_enabled=False)
    resident.goto(f"/suivi/{house.case(reference).public_token}")
    told = resident.locator("main").inner_text()
    assert "1962" not in told and told.count("Nous vous avons écrit") == 1, (
        "their receipt, and no other’s mail"
    )


def test_the_page_of_a_link_is_for_everybody(visit: Visit, house: House, reference: str) -> None:
    link = _asked(visit("karim"), house, reference, f"{uuid4().hex}@eaux.example")
    page = visit()
    for width in (1366, 320):
        page.set_viewport_size({"width": width, "height": 768})
        for screen in (link, "/invite/merci", "/invite/" + "z" * 43):
            assert faults_of(page, screen) == []
