"""A resident in their own space: choices kept, data read; sound at 320 px, without script."""

from __future__ import annotations

import re
from collections.abc import Callable
from uuid import uuid4

from playwright.sync_api import Page, expect

from crm.cases import CaseState
from crm.foundation import SYSTEM
from tests import given
from tests.journeys.house import House
from tests.journeys.test_every_screen import faults_of

Visit = Callable[..., Page]


def test_choices_and_data_in_one_s_own_space(visit: Visit, house: House) -> None:
    # given: somebody known by telephone, who left an e-mail
    email = f"{uuid4().hex}@usagers.example"
    with house.wired.units.begin(SYSTEM) as uow:
        who = given.contact(uow, family_name="Okoye", email=email, phone="06 39 98 00 91")
        told = {"contact_id": who, "answer_channel": "email", "place": given.place("99001")}
        given.open_case(uow, house.wired.rulebooks.current(), CaseState.ASSIGNED, **told)
    house.work()
    page = visit()
    page.goto("/mon-espace")
    page.get_by_label("Votre courriel").fill(email)
    page.get_by_role("button", name="Recevoir un lien").click()
    house.work()
    link = re.search(r"/mon-espace/entrer/\S+", house.mail(email, "entrer dans votre espace"))
    assert link is not None
    page.goto(link[0])
    page.get_by_role("button", name="Entrer").click()
    # when
    page.get_by_role("link", name="Mes préférences").click()
    page.get_by_label("Par courrier postal").check()
    page.get_by_label("De SMS : utilisez un autre moyen").check()
    page.get_by_label("Je lis difficilement").check()
    page.get_by_role("button", name="Enregistrer mes choix").press("Enter")
    # then
    expect(page.get_by_text("C’est noté.")).to_be_visible()
    expect(page.get_by_label("Je lis difficilement")).to_be_checked()
    page.get_by_role("link", name="Mes demandes").click()
    page.get_by_role("link", name="Mes données").click()
    expect(page.get_by_text("sans SMS")).to_be_visible()
    expect(page.get_by_text("Je lis difficilement")).to_be_visible()
    for width in (320, 1366):
        page.set_viewport_size({"width": width, "height": 768})
        for screen in ("/mon-espace/preferences", "/mon-espace/mes-donnees"):
            assert faults_of(page, screen) == []
    # and the agent sees it, with how the address was verified
    agent = visit("karim")
    assert faults_of(agent, f"/console/usagers/{who}/modifier") == []
    expect(agent.get_by_text("ne veut plus de SMS").first).to_be_visible()
    expect(agent.get_by_text("lien suivi")).to_be_visible()
