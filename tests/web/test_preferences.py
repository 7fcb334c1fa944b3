"""Each agent's own display, keys and password; the help panel and the acts as plain pages."""

from __future__ import annotations

import gzip
from collections.abc import Callable

import pytest

from crm.foundation import Sessions
from crm.staff import USUAL, Agent
from tests.assets.stage import weight
from tests.web.agents import Browser
from tests.web.world import World

Enter = Callable[[str], Browser]
HOME = "/console/preferences"
NEW_PASSWORD = "la pluie tombe sur Rivebois"


def _agent(sessions: Sessions, agent_id: int) -> Agent:
    with sessions() as session:
        return session.get_one(Agent, agent_id)


def test_the_density_is_the_agents_and_follows_them(log_in: Enter, sessions: Sessions, world: World) -> None:
    browser = log_in("advisor")
    assert 'data-density="comfortable"' in browser.get(HOME).text
    back = browser.post(f"{HOME}/affichage", density="compact", next="/console/brouillons")
    assert back.headers["Location"] == "/console/brouillons"
    assert 'data-density="compact"' in log_in("advisor").get(HOME).text
    assert 'data-density="comfortable"' in log_in("supervisor").get(HOME).text
    assert browser.post(f"{HOME}/affichage", density="énorme").status_code == 422
    away = browser.post(f"{HOME}/affichage", density="compact", next="//ailleurs.example")
    assert away.headers["Location"] == HOME


def test_keys_are_changed_refused_with_words_and_given_back(
    log_in: Enter, sessions: Sessions, world: World
) -> None:
    browser = log_in("advisor")
    usual = {f"key-{name}": keys for name, keys in USUAL.items()}
    refused = browser.post(f"{HOME}/raccourcis", **{**usual, "key-search": "F8", "key-help": "F5"})
    assert refused.status_code == 422
    assert "sert déjà à une autre action" in refused.text and "Le navigateur se sert déjà" in refused.text
    assert 'value="F5"' in refused.text, "what was typed stays"
    assert _agent(sessions, world.ids["advisor"]).shortcut_keys == {}
    assert browser.post(f"{HOME}/raccourcis", **{**usual, "key-search": "Maj F2"}).status_code == 303
    assert """data-keys='{"search": "Shift+F2"}'""" in browser.get(HOME).text
    assert "Maj F2" in browser.get("/console/aide").text
    browser.post(f"{HOME}/raccourcis", **usual, usual="1")
    assert "data-keys=" not in browser.get(HOME).text


def test_shortcuts_can_be_switched_off(log_in: Enter) -> None:
    browser = log_in("advisor")
    browser.post(f"{HOME}/raccourcis/actifs", on="")
    assert 'data-shortcuts="off"' in browser.get(HOME).text
    assert "Les raccourcis sont désactivés" in browser.get("/console/aide").text
    browser.post(f"{HOME}/raccourcis/actifs", on="1")
    assert 'data-shortcuts="off"' not in browser.get(HOME).text


def test_a_password_is_changed_with_the_old_one_and_ends_the_other_sessions(
    log_in: Enter, world: World, sessions: Sessions
) -> None:
    here, elsewhere = log_in("advisor"), log_in("advisor")
    fields = {"old_password": "pas celui-là", "password": NEW_PASSWORD, "again": NEW_PASSWORD}
    wrong = here.post(f"{HOME}/mot-de-passe", **fields)
    assert wrong.status_code == 422 and "mot de passe actuel" in wrong.text and NEW_PASSWORD not in wrong.text
    fields["old_password"] = world.PASSWORD
    short = here.post(f"{HOME}/mot-de-passe", **{**fields, "password": "court", "again": "court"})
    assert "14 caractères" in short.text
    differs = here.post(f"{HOME}/mot-de-passe", **{**fields, "again": "autre chose"})
    assert "ne sont pas les mêmes" in differs.text
    assert here.post(f"{HOME}/mot-de-passe", **fields).status_code == 303
    assert here.get(HOME).status_code == 200, "this session goes on"
    assert elsewhere.get(HOME).headers["Location"].startswith("/login")
    assert _agent(sessions, world.ids["advisor"]).session_epoch == 1


@pytest.mark.parametrize("who", ["advisor", "desk_agent", "team_lead", "field_agent", "config_admin"])
def test_help_and_acts_are_pages_of_everybody(log_in: Enter, who: str) -> None:
    browser = log_in(who)
    acts = browser.get("/console/actions").text
    assert "Se déconnecter" in acts and "Affichage compact" in acts
    assert ("/console/brouillons" in acts) == (who in {"advisor", "desk_agent", "team_lead"})
    assert "Ctrl K" in browser.get("/console/aide").text
    panel = browser.client.get("/console/aide/panneau", headers={"HX-Request": "true"})
    assert panel.status_code == 200 and "<html" not in panel.text


def test_the_first_load_of_the_desk_stays_light(log_in: Enter) -> None:
    page = log_in("desk_agent").get("/console/demandes/nouvelle").data
    assert len(gzip.compress(page)) + weight("console.css", "console.js", "icon.svg") <= 130_000
