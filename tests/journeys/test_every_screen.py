"""Each screen, looked at by a machine: accessible, and never wider than the window."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from crm.cases import CaseState
from crm.channels import Arrival
from crm.foundation import SYSTEM
from crm.inbox import store_inbound
from tests import given
from tests.journeys.house import House
from tests.journeys.looking import answered, violations
from tests.web.mails import with_photo_and_layout

Visit = Callable[..., Page]
OF_AGENTS = (
    "/console/demandes/nouvelle",
    "/console/demandes/{reference}",
    "/console/demandes/{reference}/correction",
    "/console/demandes/{reference}/reponse",
    "/console/demandes/{reference}/promesses",
    "/console/notifications",
    "/console/notifications/preferences",
    "/console/astreintes",
    "/console/demandes/{reference}/competence",
    "/console/administration",
    "/console/administration/competences",
    "/console/administration/competences/qualite",
    "/console/administration/modeles?message=answer&sujet=ECLA-01",
    "/console/administration/modeles/texte?message=answer&issue=F",
    "/console/administration/modeles/essai?message=answer&issue=F&demande={reference}",
    "/console/administration/elements",
    "/console/demandes/{reference}/exterieur",
    "/console/demandes/{reference}/exterieur/avis",
    "/console/transmissions",
    "/console/transmissions?vue=a-decider",
    "/console/prestataires",
    "/console/files/toutes",
    "/console/files/urgentes",
    "/console/recherche?q=diallo",
    "/console/courriers",
    "/console/rappels",
    "/console/messages",
    "/console/arrivees",
    "/console/arrivees/{inbound}",
    "/console/arrivees/bilan",
    "/console/brouillons/reprise",
    "/console/tableau/messages",
    "/console/tableau/canaux",
    "/console/tableau/sites",
    "/console/usagers/doublons",
    "/console/usagers/{contact}",
    "/console/usagers/{contact}/modifier",
    "/console/usagers/{contact}/fusion",
    "/console/usagers/{contact}/consultations",
    "/console/usagers/consultations",
    "/console/preferences/protection",
    "/console/administration/protection",
    "/console/envois",
    "/console/courriels-sortis",
    "/console/demandes/{reference}/hors-cadre",
    "/console/demandes/{reference}/rendez-vous",
    "/console/demandes/{reference}/rappel",
    "/console/demandes/{reference}/acces",
    "/console/hors-cadre",
    "/console/pour-moi",
    "/console/acces-restreints",
    "/console/rendez-vous",
    "/console/rendez-vous/creneaux",
    "/console/style",
    "/console/rien-ici",
)
OF_ADMINISTRATORS = (
    "/console/administration",
    "/console/administration/categories",
    "/console/administration/categories/nouvelle",
    "/console/administration/categories/ECLA-03",
    "/console/administration/categories/ECLA-03/questions",
    "/console/administration/categories/ECLA-02/questions/2",
    "/console/administration/categories/ECLA-01/questions/3",
    "/console/administration/categories/ECLA-03/retrait",
    "/console/administration/categories/ECLA-03/essai",
    "/console/administration/categories/ECLA-03/publication",
    "/console/administration/categories/ECLA-03/historique",
    "/console/administration/dangers",
    "/console/administration/dangers/nouveau",
    "/console/administration/dangers/GAZ",
    "/console/administration/dangers/GAZ/essai",
    "/console/administration/dangers/GAZ/retrait",
    "/console/administration/issues",
    "/console/administration/issues/F",
    "/console/administration/issues/PV/essai",
    "/console/administration/issues/F/publication",
    "/console/administration/issues/F/historique",
    "/console/administration/organismes",
    "/console/administration/organismes/nouveau",
    "/console/administration/organismes/1",
    "/console/administration/services",
    "/console/administration/services/1",
    "/console/administration/services/1/fermeture",
    "/console/administration/agents",
    "/console/administration/agents/nouveau",
    "/console/administration/agents/1",
    "/console/administration/agents/1/depart",
    "/console/administration/roles",
    "/console/administration/savoir-faire",
    "/console/administration/calendriers",
    "/console/administration/calendriers/centre",
    "/console/administration/calendriers/nouveau",
    "/console/administration/communes",
    "/console/administration/communes/nouvelle",
    "/console/administration/communes/99001",
    "/console/administration/communes/99001/territoire",
    "/console/annuaire",
    "/invitation/rien",
)
OF_RESIDENTS = (
    "/",
    "/signaler",
    "/suivi",
    "/suivi/{token}",
    "/suivi/{token}/reponse",
    "/nous-joindre",
    "/accessibilite",
    "/donnees-personnelles",
    "/mentions-legales",
    "/login",
    "/rien-ici",
)


@pytest.fixture(scope="module")
def known(shared_house: House) -> dict[str, str]:
    """A case on which everything happened."""
    wired = shared_house.wired
    with wired.units.begin(SYSTEM) as uow:
        who = given.contact(uow, phone="06 39 98 00 75")
        told = {"contact_id": who, "answer_channel": "email", "place": given.place("99001")}
        reference = given.open_case(uow, wired.rulebooks.current(), CaseState.RESOLVED, **told)
        content = with_photo_and_layout(f"Toujours rien pour ma demande {reference}.")
        inbound = store_inbound(uow, "email", Arrival(external_id="every screen", content=content))
    shared_house.work()
    return {
        "inbound": str(inbound),
        "reference": reference,
        "token": shared_house.case(reference).public_token,
        "contact": str(who),
    }


@pytest.mark.parametrize("width", [1366, 320])
def test_agents_screens(visit: Visit, house: House, known: dict[str, str], width: int) -> None:
    page = visit("helene")
    _all_right(page, OF_AGENTS, known, width)


@pytest.mark.parametrize("width", [1366, 320])
def test_administrators_screens(visit: Visit, house: House, known: dict[str, str], width: int) -> None:
    _all_right(visit("yann"), OF_ADMINISTRATORS, known, width)


@pytest.mark.parametrize("width", [1366, 320])
def test_residents_screens(visit: Visit, house: House, known: dict[str, str], width: int) -> None:
    _all_right(visit(), OF_RESIDENTS, known, width)


def _all_right(page: Page, screens: tuple[str, ...], known: dict[str, str], width: int) -> None:
    page.set_viewport_size({"width": width, "height": 768})
    assert [fault for screen in screens for fault in faults_of(page, screen.format(**known))] == []


def faults_of(page: Page, screen: str, *, is_there: bool = False) -> list[tuple[str, ...]]:
    """What axe finds on a screen, and what is wider than the window.

    Args:
        is_there: a refusal in its place is a fault.
    """
    answer = page.goto(screen)
    answered(page)
    faults = [(screen, *fault) for fault in violations(page)]
    if is_there and (answer is None or answer.status != 200):
        faults.append((screen, "not there", str(answer and answer.status)))
    if not page.evaluate("document.documentElement.scrollWidth <= innerWidth"):
        faults.append((screen, "wider than the window", str(page.evaluate(_WIDEST))))
    return faults


_WIDEST = """[...document.querySelectorAll('body *')]
.filter(e => e.getBoundingClientRect().right > innerWidth + 1)
.map(e => e.outerHTML.slice(0, 120)).slice(0, 3)"""


@pytest.mark.parametrize(
    ("who", "screen"),
    [
        ("karim", "/console/demandes/nouvelle"),
        ("karim", "/console/files/toutes"),
        ("yann", "/console/administration/categories/ECLA-03"),
        ("yann", "/console/administration/categories/ECLA-03/questions"),
        ("yann", "/console/administration/dangers/GAZ"),
        ("yann", "/console/administration/issues/F"),
        ("yann", "/console/administration/calendriers/nouveau"),
        ("yann", "/console/administration/services/1"),
        ("yann", "/console/administration/agents/1"),
        ("yann", "/console/administration/communes/99001"),
    ],
)
def test_the_keyboard_reaches_every_control(visit: Visit, house: House, who: str, screen: str) -> None:
    page = visit(who)
    page.goto(screen)
    wanted = page.evaluate(_REACHABLE)
    page.evaluate("document.activeElement.blur()")
    seen: set[str] = set()
    for _ in range(len(wanted) + 15):
        page.keyboard.press("Tab")
        seen |= set(page.evaluate(_FOCUSED))
    assert set(wanted) <= seen


_NAME = "e => (e.id || e.name || e.getAttribute('href') || e.textContent.trim()).slice(0, 60)"
_REACHABLE = f"""[...document.querySelectorAll('a[href], button, input, select, textarea, summary')]
.filter(e => e.checkVisibility() && !e.disabled && e.type !== 'radio' && e.tabIndex >= 0)
.map({_NAME})"""
_FOCUSED = f"""(() => {{ const e = document.activeElement;
return !e || e === document.body ? [] : [({_NAME})(e)]; }})()"""
