"""People and places on screen: who is invited chooses a password; what closes or leaves loses nothing."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from email import message_from_bytes, policy

import pytest
import sqlalchemy as sa
from flask import Flask

from crm.foundation import SYSTEM, Delivery, EventRow, FrozenClock, Sessions, Units
from crm.intake import Typed, keep_draft
from crm.staff import Agent, AgentInvited, Grant, Organization, set_anonymity
from tests import given
from tests.given import PASSWORD
from tests.own_database import mails_to
from tests.servers import Servers
from tests.web.agents import Browser
from tests.web.world import World
from workers.jobs.run import do_deliveries

LogIn = Callable[[str], Browser]
AT = "/console/administration"
NEW = {
    "first_name": "Odile",
    "last_name": "Ravel",
    "email": "odile.ravel@rivebois.example",
    "organization_code": "metropole",
    "role": "advisor",
}


@pytest.fixture
def admin(log_in: LogIn) -> Browser:
    return log_in("config_admin")


def _work(app: Flask, sessions: Sessions, kind: str) -> None:
    """What relay and workers do of the deliveries that a fact left."""
    with sessions() as session:
        due = sa.select(Delivery.id).join(EventRow).where(EventRow.kind == kind, Delivery.done_at.is_(None))
        ids = list(session.scalars(due))
    do_deliveries(app.extensions["crm"], ids)


def _link(servers: Servers, email: str) -> str:
    file = mails_to(servers.outbox_folder, email)[-1]
    mail = message_from_bytes(file.read_bytes(), policy=policy.default)
    body = mail.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    return re.search(r"(/invitation/\S+)", body)[1]  # type: ignore[index]


def _read(browser: Browser, path: str) -> str:
    return _plain(browser.get(path).text)


def _plain(page: str) -> str:
    """With plain spaces only."""
    return re.sub(r"[\u202f\xa0]", " ", page)


def _agent(sessions: Sessions, email: str) -> Agent:
    with sessions() as session:
        return session.scalars(sa.select(Agent).where(Agent.email == email)).one()


def _id_in(address: str) -> int:
    return int(address.rsplit("/", 1)[1])


def test_whoever_is_invited_chooses_a_password_that_nobody_else_ever_saw(
    admin: Browser, stranger: Browser, app: Flask, sessions: Sessions, servers: Servers
) -> None:
    # given: an account opened on screen, and the mail that left for it
    opened = admin.post(f"{AT}/agents/nouveau", **NEW)
    assert opened.status_code == 303
    _work(app, sessions, AgentInvited.kind)
    link = _link(servers, NEW["email"])
    assert "new-password" not in admin.get(opened.location).text
    # when: a mail scanner looks first, a word typed twice differs, then is too short, then serves
    assert "Choisir mon mot de passe" in stranger.get(link).text
    differing = stranger.post(link, password=PASSWORD, again=f"{PASSWORD}!")
    assert differing.status_code == 422 and "diffèrent" in differing.text
    assert stranger.post(link, password="court", again="court").status_code == 422
    chosen = stranger.post(link, password=PASSWORD, again=PASSWORD)
    # then: it opens once, the password lets in, and the sheet tells it
    assert chosen.location == "/login"
    assert stranger.get(link).status_code == 410
    assert stranger.post(link, password=PASSWORD, again=PASSWORD).status_code == 410
    assert stranger.post("/login", email=NEW["email"], password=PASSWORD).status_code == 303
    sheet = admin.get(opened.location).text
    assert "Mot de passe choisi par le lien reçu." in sheet and "En service" in sheet


def test_a_link_is_void_once_replaced_forged_too_old_or_its_account_closed(
    admin: Browser, stranger: Browser, app: Flask, sessions: Sessions, servers: Servers, clock: FrozenClock
) -> None:
    sheet = admin.post(f"{AT}/agents/nouveau", **{**NEW, "email": "second.lien@rivebois.example"}).location
    _work(app, sessions, AgentInvited.kind)
    first = _link(servers, "second.lien@rivebois.example")
    assert stranger.get(f"{first}x").status_code == 410
    admin.post(f"{sheet}/invitation")
    _work(app, sessions, AgentInvited.kind)
    second = _link(servers, "second.lien@rivebois.example")
    assert stranger.get(first).status_code == 410 and stranger.get(second).status_code == 200
    clock.at += timedelta(days=8)
    assert stranger.get(second).status_code == 410
    admin.post(f"{sheet}/invitation")
    _work(app, sessions, AgentInvited.kind)
    third = _link(servers, "second.lien@rivebois.example")
    assert stranger.get(third).status_code == 200
    admin.post(f"{sheet}/depart")
    assert stranger.get(third).status_code == 410


def test_a_mailbox_corrected_is_sent_the_link_and_the_old_one_opens_nothing_any_more(
    admin: Browser, stranger: Browser, app: Flask, sessions: Sessions, servers: Servers
) -> None:
    typo = {**NEW, "email": "boite.inconnue@rivebois.example"}
    sheet = admin.post(f"{AT}/agents/nouveau", **typo).location
    _work(app, sessions, AgentInvited.kind)
    lost = _link(servers, typo["email"])
    corrected = {**typo, "email": "odile.corrigee@rivebois.example"}
    admin.post(sheet, **corrected, seen=admin.form(sheet)["seen"])
    _work(app, sessions, AgentInvited.kind)
    assert stranger.get(lost).status_code == 410
    assert stranger.get(_link(servers, corrected["email"])).status_code == 200


def test_two_administrators_correct_an_agent_and_neither_overwrites_the_other(
    admin: Browser, world: World, sessions: Sessions
) -> None:
    sheet = f"{AT}/agents/{world.ids['neighbour']}"
    told = {
        "email": world.agents["neighbour"],
        "first_name": "Karim",
        "last_name": "Belkacem",
        "organization_code": "metropole",
    }
    seen = admin.form(sheet)["seen"]
    assert admin.post(sheet, **told, title="Chargée d’accueil", seen=seen).status_code == 303
    late = admin.post(sheet, **told, title="Cheffe", seen=seen)
    assert late.status_code == 409 and 'value="Cheffe"' in late.text
    assert "Fonction : vous avez écrit « Cheffe », il y a maintenant « Chargée d’accueil »" in _plain(
        late.text
    )
    unchanged = admin.post(sheet, **told, title="Chargée d’accueil", seen=admin.form(sheet)["seen"])
    assert "rien n’a changé" in admin.get(unchanged.location).text
    assert _agent(sessions, told["email"]).session_epoch == 1


def test_the_last_administrator_cannot_go(
    admin: Browser, world: World, sessions: Sessions, clock: FrozenClock
) -> None:
    me = world.ids["config_admin"]
    with sessions() as session:
        others = sa.select(Grant.agent_id).where(Grant.role == "config_admin", Grant.agent_id != me)
        session.execute(sa.update(Agent).where(Agent.id.in_(others)).values(is_active=False))
        mine = session.scalars(sa.select(Grant.id).where(Grant.agent_id == me)).one()
        session.commit()
    for refused in (
        admin.post(f"{AT}/agents/{me}/roles/{mine}/retrait", note="Départ"),
        admin.post(f"{AT}/agents/{me}/depart"),
    ):
        assert refused.status_code == 422 and "dernier compte d’administration" in refused.text
    assert _agent(sessions, world.agents["config_admin"]).is_active


def test_who_leaves_hands_over_drafts_and_demands(
    admin: Browser, world: World, sessions: Sessions, clock: FrozenClock
) -> None:
    # given: a draft of the advisor
    advisor, heir = world.ids["advisor"], world.ids["supervisor"]
    with Units(sessions, clock, {}).begin(given.actor("advisor", id=advisor)) as uow:
        keep_draft(uow, Typed(key="2026-777001-01", fields={"object": ["Un trou"]}))
    page = admin.get(f"{AT}/agents/{advisor}/depart").text
    assert "Un brouillon de demande" in page
    # when: nobody, then somebody who takes no demand, then the supervisor
    assert admin.post(f"{AT}/agents/{advisor}/depart").status_code == 422
    no_demands = admin.post(f"{AT}/agents/{advisor}/depart", heir_id=world.ids["field_agent"])
    assert no_demands.status_code == 422 and "finir les brouillons" in no_demands.text
    done = admin.post(f"{AT}/agents/{advisor}/depart", heir_id=heir)
    # then
    assert done.status_code == 303
    sheet = admin.get(f"{AT}/agents/{advisor}").text
    assert "Désactivé" in sheet and "Brouillons : 1." in _read(admin, f"{AT}/agents/{advisor}")
    again = admin.post(f"{AT}/agents/{advisor}/retour")
    assert again.status_code == 303 and _agent(sessions, world.agents["advisor"]).is_active


def test_an_organisation_and_its_unit_are_kept_on_screen_without_a_silent_overwrite(
    admin: Browser, sessions: Sessions
) -> None:
    missing = admin.post(f"{AT}/organismes/nouveau", kind="commune", name="")
    assert missing.status_code == 422 and "Remplissez" in missing.text
    made = admin.post(f"{AT}/organismes/nouveau", kind="contractor", name="Lumières de l’Est", phone="01 99")
    assert made.status_code == 303
    owner = _id_in(made.location)
    seen = admin.form(made.location)["seen"]
    first = admin.post(made.location, seen=seen, kind="contractor", name="Lumières de l’Est", phone="01 98")
    late = {"seen": seen, "kind": "contractor", "name": "Autre nom", "phone": "01 97"}
    refused = admin.post(made.location, **{**late, "email": "sans-arobase"})
    assert (first.status_code, refused.status_code) == (303, 409), "it is held before it is checked"
    assert "« 01 97 », il y a maintenant « 01 98 »" in _plain(refused.text)
    assert 'value="Autre nom"' in refused.text, "nothing typed is lost"
    latest = admin.form(made.location)["seen"]
    wrong = admin.post(made.location, **{**late, "seen": latest, "email": "sans-arobase"})
    assert wrong.status_code == 422 and f'name="seen" value="{latest}"' in wrong.text
    unreachable = admin.post(
        f"{AT}/services/nouveau", name="Éclairage Est", operation="contractor", organization_id=owner
    )
    assert unreachable.status_code == 422, "an active unit says how it is reached (CRPA R112-11-1)"
    unit = admin.post(
        f"{AT}/services/nouveau",
        name="Éclairage Est",
        operation="contractor",
        organization_id=owner,
        address="1 rue du Phare",
        phone="01 99 00 00 03",
    )
    assert "Éclairage Est" in admin.get(made.location).text
    assert "Organisme corrigé : téléphone." in _read(admin, made.location)
    assert "Service ajouté." in admin.get(unit.location).text
    with sessions() as session:
        assert session.get(Organization, owner).code == "lumieres-de-l-est"  # type: ignore[union-attr]


def test_why_a_name_is_not_told_is_read_on_the_sheet(
    admin: Browser, world: World, sessions: Sessions, clock: FrozenClock
) -> None:
    sheet = f"{AT}/agents/{world.ids['advisor']}"
    assert "Nom tu aux usagers" not in _read(admin, sheet)
    with sessions() as session:
        email = session.get_one(Agent, world.ids["advisor"]).email
    with Units(sessions, clock, {}).begin(SYSTEM) as uow:
        set_anonymity(uow, email, on=True, motive="Menacé devant l’accueil.")
    assert "Menacé devant l’accueil." in _read(admin, sheet)


def test_a_skill_is_found_in_the_directory(admin: Browser, log_in: LogIn, world: World) -> None:
    admin.post(f"{AT}/savoir-faire", label="Langue des signes (LSF)", is_language="1")
    assert admin.post(f"{AT}/savoir-faire", label="langue des SIGNES (lsf)").status_code == 422
    page = admin.get(f"{AT}/agents/{world.ids['neighbour']}").text
    skill = re.search(r'name="skills" value="(\d+)"', page)[1]  # type: ignore[index]
    admin.post(f"{AT}/agents/{world.ids['neighbour']}/savoir-faire", skills=skill)
    found = log_in("supervisor").get("/console/annuaire", savoir=skill).text
    assert "Langue des signes (LSF)" in found and world.agents["neighbour"] in found
    assert world.agents["team_lead"] not in found
    assert log_in("field_agent").get("/console/annuaire").status_code == 404


def test_every_role_is_explained_in_words_and_counted(admin: Browser, world: World) -> None:
    admin.post(f"{AT}/agents/{world.ids['team_lead']}/roles", role="team_lead", grant_unit="eclairage")
    page = admin.get(f"{AT}/roles").text
    assert re.search(r'role=team_lead">2 agents<', page), "whoever leads two teams is one agent"
    assert "Guichet de mairie" in page and "répondre à l’usager et clore" in page
    assert not re.search(r"<li>[a-z_]+\.[a-z_]+</li>", page), "a right has no words in wording_rights.py"


def test_only_an_administrator_comes_here(log_in: LogIn) -> None:
    assert log_in("supervisor").get(f"{AT}/agents").status_code == 404
