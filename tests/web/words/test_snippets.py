"""« Éléments de réponse »: published by an administrator, shown during a call and beside an answer."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import sqlalchemy as sa

from crm.cases import CaseState
from crm.foundation import FrozenClock, Sessions
from tests.web.agents import Browser
from tests.web.test_statements import counting, statements_of
from tests.web.world import World

LogIn = Callable[[str], Browser]
AT = "/console/administration/elements"
WORDS = "Les lampes sont vérifiées le mardi.\nDites-nous le numéro du mât."

__all__ = ["counting"]


@pytest.fixture
def admin(log_in: LogIn) -> Browser:
    return log_in("config_admin")


def _publish(admin: Browser, about: str, title: str = "Lampe éteinte", **told: str) -> str:
    """Through the three screens; returns its code."""
    code = f"{title[:3].lower()}{about}".replace("é", "e")
    kept = admin.post(f"{AT}/texte/{code}", about=about, title=title, words=WORDS, **told)
    assert kept.status_code == 303, kept.text
    trial = admin.form(f"{AT}/essai/{code}")
    done = admin.post(f"{AT}/publication/{code}", **trial, note="Question fréquente")
    assert done.status_code == 303, done.text
    return code


def test_from_an_empty_list_to_the_form_of_a_call_and_the_answer(
    admin: Browser, log_in: LogIn, world: World, sessions: Sessions, clock: FrozenClock
) -> None:
    assert "Aucun élément" in admin.get(AT).text
    assert "Enregistrer le brouillon" in admin.get(f"{AT}/nouveau", sujet="ECLA-01").text
    code = _publish(admin, "ECLA-01")
    assert "en service" in admin.get(AT).text and "Question fréquente" in admin.get(f"{AT}/texte/{code}").text
    advisor = log_in("advisor")
    told = advisor.post("/console/aides/competence", category="ECLA-01").text
    assert "Les lampes sont vérifiées le mardi." in told and 'id="ready-words"' in told
    assert "Les lampes" not in advisor.post("/console/aides/competence", category="VOIR-01").text
    assert "Les lampes" not in advisor.get("/console/demandes/nouvelle").text
    reference = world.case(sessions, clock, CaseState.RESOLVED, category_code="ECLA-01")
    answer = advisor.get(f"/console/demandes/{reference}/reponse").text
    assert f'data-insert="{WORDS}" data-into="#body"' in answer
    removed = admin.post(f"{AT}/retrait/{code}", **admin.form(f"{AT}/texte/{code}"))
    admin.post(f"{AT}/publication/{code}", **admin.form(removed.headers["Location"]), note="Inutile")
    assert "Les lampes" not in advisor.post("/console/aides/competence", category="ECLA-01").text


def test_the_closest_come_first_and_what_is_over_is_not_shown(admin: Browser, log_in: LogIn) -> None:
    _publish(admin, "", "Toujours")
    _publish(admin, "ECLA", "Domaine")
    _publish(admin, "ECLA-01", "Catégorie")
    _publish(admin, "ECLA-01", "Hier", until="2026-09-01")
    told = log_in("advisor").post("/console/aides/competence", category="ECLA-01").text
    found = [told.find(title) for title in ("Catégorie</bdi>", "Domaine</bdi>", "Toujours</bdi>")]
    assert -1 not in found and found == sorted(found) and "Hier</bdi>" not in told
    assert "date passée" in admin.get(AT).text


def test_what_lacks_something_is_a_draft_and_nothing_typed_is_lost(admin: Browser) -> None:
    day = admin.post(f"{AT}/texte/neuf", title="Gardé", words=WORDS, until="demain")
    assert day.status_code == 422 and "Gardé" in day.text and "Écrivez une date" in day.text
    admin.post(f"{AT}/texte/neuf", title="", words=WORDS, about="LUNE-01")
    trial = admin.get(f"{AT}/essai/neuf").text
    assert "Remplissez cette case" in trial and "Choisissez dans la liste" in trial
    forced = admin.post(f"{AT}/publication/neuf", seen="1", note="Tant pis")
    assert forced.status_code == 422
    admin.post(f"{AT}/abandon/neuf", seen="1")
    assert admin.get(f"{AT}/texte/neuf").status_code == 404


def test_words_of_a_retired_category_are_told_and_stay_for_it(admin: Browser, clock: FrozenClock) -> None:
    code = _publish(admin, "ECLA-04")
    category = "/console/administration/categories/ECLA-04"
    assert "un élément de réponse" in admin.get(f"{category}/retrait").text
    admin.post(f"{category}/retrait", retired_on=clock.now().date().isoformat(), seen=0)
    assert admin.post(f"{category}/publication", note="Regroupée", seen=1).status_code == 303
    form = admin.get(f"{AT}/texte/{code}").text
    assert '<option value="ECLA-04" selected>' in form
    assert '<option value="ECLA-04"' not in admin.get(f"{AT}/nouveau").text


def test_two_people_on_one_and_the_second_sees_both(log_in: LogIn) -> None:
    one, two = log_in("config_admin"), log_in("config_admin")
    two.post(f"{AT}/texte/deux", title="Le leur", words=WORDS)
    late = one.post(f"{AT}/texte/deux", title="Le mien", words=WORDS)
    assert late.status_code == 409 and "Le leur" in late.text and 'value="Le mien"' in late.text
    wrong = one.post(f"{AT}/texte/deux", title="Le mien", words=WORDS, until="demain", seen=0)
    assert wrong.status_code == 422 and 'name="seen" value="0"' in wrong.text
    gone = one.post(f"{AT}/abandon/deux", seen="3")
    assert gone.status_code == 409 and "Le leur" in gone.text


def test_ready_words_cost_no_statement(
    admin: Browser, log_in: LogIn, doors_engine: sa.Engine, counting: Callable[[], object]
) -> None:
    advisor = log_in("advisor")

    def ask() -> object:
        return advisor.post("/console/aides/competence", category="ECLA-01")

    without = statements_of(counting, ask)
    for number in range(3):
        _publish(admin, "ECLA-01", f"N{number}a")
    assert "N2a" in advisor.post("/console/aides/competence", category="ECLA-01").text
    assert len(statements_of(counting, ask)) == len(without)
    assert not [said for said in without if "snippets" in said]


def test_an_empty_one_is_not_kept_and_half_a_one_is(admin: Browser) -> None:
    refused = admin.post(f"{AT}/texte/abcdef", title=" ", words="", about="", until="")
    assert refused.status_code == 422 and "Ce qu’il faut dire" in refused.text
    assert admin.get(f"{AT}/texte/abcdef").status_code == 404
    assert admin.post(f"{AT}/texte/abcdef", title="À écrire", words="", about="", until="").status_code == 303
