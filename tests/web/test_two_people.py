"""Two people on one case: who is there, what the other did, whose draft it is, what can be taken back."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from crm.cases import CaseState
from crm.foundation import SYSTEM, FrozenClock, Sessions, Units
from crm.interactions import Interaction
from crm.reactions import REACTIONS
from tests import given
from tests.doors import make_app
from tests.given import kept_case
from tests.servers import Servers
from tests.web.agents import Browser
from tests.web.world import World

Enter = Callable[[str], Browser]
Open = Callable[..., str]


@pytest.fixture
def opened(world: World, sessions: Sessions, clock: FrozenClock) -> Open:
    def make(*state: CaseState, **told: object) -> str:
        reference = world.case(sessions, clock, *state, **told)
        clock.at += timedelta(minutes=5)
        return reference

    return make


def _answer(sessions: Sessions, reference: str, **fields: str) -> dict[str, str]:
    seen = str(kept_case(sessions, reference).version)
    return {"seen_version": seen, "outcome": "F", "channel": "email", "body": "C’est réparé.", **fields}


# Presence


def _ping(browser: Browser, reference: str, **fields: str) -> str:
    answer = browser.post(
        f"/console/demandes/{reference}/presence", **{"doing": "look", "tab": "a", **fields}
    )
    assert answer.status_code == 200
    return str(answer.json["said"]) if answer.json else ""


def test_each_sees_who_else_is_there_and_what_they_do(log_in: Enter, opened: Open) -> None:
    karim, helene, reference = log_in("advisor"), log_in("supervisor"), opened()
    assert _ping(karim, reference) == ""
    assert "regarde aussi" in _ping(helene, reference)
    assert "regarde aussi" in karim.get(f"/console/demandes/{reference}").text
    _ping(helene, reference, doing="answer")
    assert "écrit une réponse" in _ping(karim, reference, tab="b")
    _ping(karim, reference, doing="write", tab="c")
    assert "écrit sur cette demande" in _ping(helene, reference)


def test_nobody_is_seen_long_after_they_left(
    log_in: Enter, opened: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    karim, helene, reference = log_in("advisor"), log_in("supervisor"), opened()
    _ping(karim, reference)
    monkeypatch.setattr("crm.web.cases.presence.SEEN_SECONDS", 0)
    assert _ping(helene, reference) == ""


def test_presence_is_only_for_who_may_see_the_case_and_holds_no_name(
    log_in: Enter, opened: Open, app: Flask
) -> None:
    reference = opened(category_code="ECLA-01", place=given.place(None))
    _ping(log_in("advisor"), reference)
    refused = log_in("team_lead").post(f"/console/demandes/{reference}/presence", doing="look", tab="a")
    assert refused.status_code == 404
    redis = app.extensions["crm"].redis
    for key in redis.scan_iter("crm:presence:*"):
        assert not re.search(rb"[A-Z]", b"".join([key, *redis.hgetall(key), *redis.hgetall(key).values()]))
        assert 0 < redis.ttl(key) <= 25


def test_without_redis_nobody_is_shown_and_nothing_breaks(
    sessions: Sessions, clock: FrozenClock, servers: Servers, world: World, opened: Open
) -> None:
    app = make_app(sessions, clock, servers, redis_url="redis://127.0.0.1:1/0")
    browser, reference = Browser(app), opened()
    browser.enter(world.ids["advisor"])
    assert browser.get(f"/console/demandes/{reference}").status_code == 200
    assert _ping(browser, reference) == ""


# What the other did meanwhile


@pytest.fixture
def worked(opened: Open) -> str:
    return opened(CaseState.IN_PROGRESS)


def _form(browser: Browser, reference: str) -> dict[str, str]:
    return browser.form(f"/console/demandes/{reference}")


def test_the_second_sees_what_the_first_did_and_both_versions(
    log_in: Enter, worked: str, sessions: Sessions, clock: FrozenClock
) -> None:
    first, second = log_in("team_lead"), log_in("supervisor")
    seen = _form(second, worked)
    path = f"/console/demandes/{worked}/planification"
    assert first.post(path, **_form(first, worked), planned_on="2026-09-21").status_code == 303
    clash = second.post(path, **seen, planned_on="2026-09-24")
    assert clash.status_code == 409
    text = clash.text
    assert "Depuis que vous l’avez ouverte" in text and "Intervention prévue le lundi 21" in text
    both = text[text.index("Les deux versions") :]
    assert "lundi 21 septembre" in both and "jeudi 24 septembre" in both
    assert 'value="2026-09-24"' in text
    again = re.search(r'name="seen_version" value="(\d+)"', text)
    assert again and second.post(path, seen_version=again[1], planned_on="2026-09-24").status_code == 303


def test_what_is_no_longer_possible_is_said_and_the_words_are_kept(
    log_in: Enter, worked: str, sessions: Sessions
) -> None:
    first, second = log_in("team_lead"), log_in("supervisor")
    seen = _form(second, worked)
    told = {"reason": "wrong_unit", "motive": "Trottoir départemental."}
    assert first.post(f"/console/demandes/{worked}/renvoi", **_form(first, worked), **told).status_code == 303
    path = f"/console/demandes/{worked}/attente-partenaire"
    clash = second.post(path, **seen, motive="J’attends le concessionnaire du gaz.")
    assert clash.status_code == 409
    assert "n’est plus possible" in clash.text and "Trottoir départemental." in clash.text
    assert "J’attends le concessionnaire du gaz." in clash.text and "Garder comme note interne" in clash.text


def test_an_answer_crosses_another(log_in: Enter, opened: Open, sessions: Sessions) -> None:
    first, second, reference = log_in("advisor"), log_in("supervisor"), opened(CaseState.RESOLVED)
    path = f"/console/demandes/{reference}/reponse"
    page = second.get(path).text
    fact = re.search(r'name="seen_fact" value="(\d+)"', page)
    told = _answer(sessions, reference)
    assert first.post(path, **told).status_code == 303
    clash = second.post(path, **{**told, "body": "Ma réponse à moi.", "seen_fact": fact[1] if fact else ""})
    assert clash.status_code == 409
    assert "C’est réparé." in clash.text and "Ma réponse à moi." in clash.text
    assert "Ma réponse à moi." in second.get(path).text  # kept as a draft too


def test_a_case_without_a_unit_offers_no_act_of_units(
    log_in: Enter, opened: Open, sessions: Sessions
) -> None:
    browser, reference = log_in("supervisor"), opened(CaseState.REGISTERED)
    asked = {**_form(browser, reference), "question": "Où exactement ?"}
    assert browser.post(f"/console/demandes/{reference}/question", **asked).status_code == 303
    assert kept_case(sessions, reference).state == "waiting_requester"
    page = browser.get(f"/console/demandes/{reference}").text
    offered = set(re.findall(rf'action="/console/demandes/{reference}/([\w-]+)"', page))
    assert "affectation" in offered and "reprise" in offered
    assert not offered & {"planification", "attente-partenaire", "compte-rendu", "mise-en-securite", "renvoi"}


# Drafts


def test_a_draft_is_found_again_and_a_colleague_goes_on_with_it(
    log_in: Enter, opened: Open, sessions: Sessions, clock: FrozenClock
) -> None:
    karim, helene, reference = log_in("advisor"), log_in("supervisor"), opened(CaseState.RESOLVED)
    path = f"/console/demandes/{reference}/reponse"
    kept = karim.post(f"{path}/brouillon", **_answer(sessions, reference, body="Bonjour, je me renseigne."))
    assert kept.status_code == 303
    clock.at += timedelta(minutes=4)
    assert "Bonjour, je me renseigne." in karim.get(path).text
    page = helene.get(path).text
    assert "Brouillon de Karim Belkacem, il y a 4 min" in page and "Reprendre" in page
    agent = re.search(r'name="agent" value="(\d+)"', page)
    assert helene.post(f"{path}/brouillon/reprise", agent=agent[1] if agent else "").status_code == 303
    again = helene.get(path).text
    assert re.search(r"<textarea[^>]*>\s*Bonjour, je me renseigne.", again)
    assert "l’a repris" in karim.get(path).text
    assert helene.post(f"{path}/brouillon/abandon").status_code == 303
    assert not re.search(r"<textarea[^>]*>\s*Bonjour, je me renseigne.", helene.get(path).text)


def test_what_was_refused_is_kept_as_a_draft(log_in: Enter, opened: Open, sessions: Sessions) -> None:
    browser, reference = log_in("advisor"), opened(CaseState.RESOLVED)
    path = f"/console/demandes/{reference}/reponse"
    refused = browser.post(path, **_answer(sessions, reference, outcome="", body="Texte précieux."))
    assert refused.status_code == 422
    assert "Texte précieux." in browser.get(path).text


# Fifteen seconds


def _strip(html: str) -> str:
    found = re.search(r'name="message" value="(\d+)"', html)
    return found[1] if found else ""


@pytest.mark.usefixtures("held")
def test_an_answer_taken_back_is_a_draft_again(
    log_in: Enter, opened: Open, sessions: Sessions, clock: FrozenClock
) -> None:
    browser, reference = log_in("advisor"), opened(CaseState.RESOLVED)
    path = f"/console/demandes/{reference}/reponse"
    assert browser.post(path, **_answer(sessions, reference)).status_code == 303
    clock.at += timedelta(seconds=5)
    page = browser.get("/console/files/reponses").text
    assert "data-undo" in page and ">10</span>" in page and _strip(page)
    back = browser.post(f"/console/demandes/{reference}/message-repris", message=_strip(page))
    assert back.headers["Location"].endswith("/reponse")
    draft = browser.get(path).text
    assert re.search(r"<textarea[^>]*>\s*C’est réparé.", draft) and "data-undo" not in draft
    assert kept_case(sessions, reference).state == "resolved"
    with sessions() as session:
        sent = session.scalars(sa.select(Interaction).where(Interaction.kind == "answer")).one()
    assert sent.state == "cancelled"


@pytest.mark.usefixtures("held")
def test_too_late_is_said(log_in: Enter, opened: Open, sessions: Sessions, clock: FrozenClock) -> None:
    browser, reference = log_in("advisor"), opened(CaseState.RESOLVED)
    browser.post(f"/console/demandes/{reference}/reponse", **_answer(sessions, reference))
    message = _strip(browser.get("/console/files/reponses").text)
    clock.at += timedelta(seconds=20)
    assert "data-undo" not in browser.get("/console/files/reponses").text
    late = browser.post(f"/console/demandes/{reference}/message-repris", message=message)
    assert late.status_code == 303 and kept_case(sessions, reference).state == "closed"
    assert "Trop tard" in browser.get(f"/console/demandes/{reference}").text


@pytest.mark.usefixtures("held")
def test_a_question_taken_back_is_still_in_its_box(
    log_in: Enter, opened: Open, sessions: Sessions, clock: FrozenClock
) -> None:
    browser, reference = log_in("team_lead"), opened()
    asked = {**_form(browser, reference), "question": "De quel côté de la rue ?"}
    assert browser.post(f"/console/demandes/{reference}/question", **asked).status_code == 303
    clock.at += timedelta(seconds=2)
    message = _strip(browser.get(f"/console/demandes/{reference}").text)
    back = browser.post(f"/console/demandes/{reference}/message-repris", message=message)
    page = browser.get(back.headers["Location"]).text
    assert "De quel côté de la rue" in page[page.index('name="question"') :]
    assert kept_case(sessions, reference).state == "assigned"


@pytest.mark.usefixtures("held")
def test_a_letter_is_not_printed_while_it_may_be_taken_back(
    log_in: Enter, opened: Open, sessions: Sessions, clock: FrozenClock
) -> None:
    with Units(sessions, clock, REACTIONS).begin(SYSTEM) as uow:
        who = given.contact(uow, postal=("1 rue des Lilas", "99810 Aubreval"))
    browser, reference = log_in("advisor"), opened(CaseState.RESOLVED, contact_id=who)
    told = _answer(sessions, reference, channel="letter", channel_motive="Des plans à joindre")
    assert browser.post(f"/console/demandes/{reference}/reponse", **told).status_code == 303
    assert "Aucun courrier à imprimer" in browser.get("/console/courriers").text
    clock.at += timedelta(seconds=16)
    assert reference in browser.get("/console/courriers").text
