"""What is being typed is kept on the server: found again by its agent and by nobody else."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa
from werkzeug.test import TestResponse

from crm.cases import Case
from crm.foundation import SYSTEM, FrozenClock, Sessions, Units
from crm.intake import forget_old_drafts
from crm.intake.models import Draft
from crm.interactions import Interaction
from crm.reactions import REACTIONS
from tests.web.agents import Browser
from tests.web.world import World

Enter = Callable[[str], Browser]
NEW, DRAFTS = "/console/demandes/nouvelle", "/console/brouillons"


def _typed(browser: Browser, **told: str) -> dict[str, str]:
    usual = {
        "draft": browser.form(NEW)["draft"],
        "draft_version": "0",
        "draft_tab": "page-a",
        "draft_save": "1",
        "object": "Lampadaire éteint devant la poste",
        "category": "ECLA-01",
        "place_text": "devant la poste",
        "family_name": "Diallo",
        "channel": "phone",
        "kind": "report",
        "answer_channel": "none",
        "insee": "99801",
    }
    return {**usual, **told}


def _save(browser: Browser, form: dict[str, str], **told: str) -> TestResponse:
    return browser.post(f"{DRAFTS}/enregistrer", **{**form, **told})


def _rows(sessions: Sessions) -> list[Draft]:
    with sessions() as session:
        return list(session.scalars(sa.select(Draft).order_by(Draft.id)))


def test_what_was_typed_comes_back_with_the_same_number(log_in: Enter, sessions: Sessions) -> None:
    browser = log_in("advisor")
    form = _typed(browser, q_mast="12-045")
    told = _save(browser, form).json
    assert told is not None and told["said"].startswith("Brouillon enregistré à")
    (row,) = _rows(sessions)
    shown = browser.get(told["address"]).text
    assert all(text in shown for text in ("Lampadaire éteint devant la poste", "Diallo", "devant la poste"))
    assert 'value="ECLA-01" checked' in shown
    assert browser.form(told["address"])["draft"] == form["draft"], "the number said aloud is the same"
    assert (row.version, row.fields["q_mast"]) == (1, ["12-045"])
    listed = browser.get(DRAFTS).text
    assert "Lampadaire éteint devant la poste" in listed
    assert '<a href="/console/brouillons" data-drafts data-shortcut="drafts" aria-current="page">' in listed


def test_registering_leaves_no_draft_and_a_late_save_makes_none(log_in: Enter, sessions: Sessions) -> None:
    browser = log_in("advisor")
    form = _typed(browser)
    _save(browser, form)
    assert browser.post(NEW, **form).status_code == 303
    assert _rows(sessions) == []
    late = _save(browser, form, draft_save="9")
    assert (late.status_code, late.json and late.json["sent"], _rows(sessions)) == (409, True, [])


@pytest.mark.parametrize("who", ["supervisor", "desk_agent", "team_lead"])
def test_a_draft_is_its_agents_alone(log_in: Enter, sessions: Sessions, who: str) -> None:
    mine = log_in("advisor")
    _save(mine, _typed(mine))
    (row,) = _rows(sessions)
    other = log_in(who)
    paths = (f"{NEW}?brouillon={row.id}", f"{DRAFTS}/{row.id}/jeter")
    assert {other.get(path).status_code for path in paths} == {404}
    assert {other.post(f"{DRAFTS}/{row.id}/{verb}").status_code for verb in ("jeter", "rappel")} == {404}
    assert "Lampadaire" not in other.get(DRAFTS).text
    assert len(_rows(sessions)) == 1


def test_three_pages_of_one_agent_keep_three_drafts_apart(log_in: Enter, sessions: Sessions) -> None:
    browser = log_in("advisor")
    for n in range(3):
        _save(browser, _typed(browser, object=f"Demande {n}", draft_tab=f"page-{n}"))
    assert [row.fields["object"] for row in _rows(sessions)] == [[f"Demande {n}"] for n in range(3)]
    assert len({row.key for row in _rows(sessions)}) == 3


def test_two_pages_on_one_draft_never_replace_each_other_in_silence(
    log_in: Enter, sessions: Sessions
) -> None:
    browser = log_in("advisor")
    form = _typed(browser)
    _save(browser, form)
    theirs = {**form, "draft_version": "1", "draft_tab": "page-b", "object": "Écrit dans l’autre onglet"}
    assert _save(browser, theirs).status_code == 200
    mine = _save(browser, form, draft_version="1", draft_save="2", object="Écrit ici")
    assert mine.status_code == 409 and mine.json is not None
    assert mine.json["said"].startswith("Ouvert dans un autre onglet")
    assert _rows(sessions)[0].fields["object"] == ["Écrit dans l’autre onglet"]
    again = _save(browser, form, draft_version="1", draft_save="3", object="Écrit ici", draft_anyway="1")
    assert (again.status_code, _rows(sessions)[0].fields["object"]) == (200, ["Écrit ici"])


def test_a_page_never_conflicts_with_itself_and_its_late_saves_undo_nothing(
    log_in: Enter, sessions: Sessions
) -> None:
    browser = log_in("advisor")
    form = _typed(browser)
    for save, object_ in (("1", "un"), ("3", "trois"), ("2", "deux")):  # the answers were lost on the way
        assert _save(browser, form, draft_save=save, object=object_).status_code == 200
    assert _rows(sessions)[0].fields["object"] == ["trois"]


def test_without_javascript_a_button_keeps_it_and_says_when_another_page_is_ahead(
    log_in: Enter, sessions: Sessions
) -> None:
    browser = log_in("advisor")
    form = _typed(browser, draft_tab="", draft_save="0")
    kept = browser.post(f"{DRAFTS}/garder", **form)
    assert kept.headers["Location"] == DRAFTS
    assert "Brouillon gardé" in browser.get(DRAFTS).text
    behind = browser.post(f"{DRAFTS}/garder", **{**form, "object": "Plus récent"})
    assert behind.status_code == 409 and 'value="Plus récent"' in behind.text
    insisted = browser.post(f"{DRAFTS}/garder", **{**form, "object": "Plus récent", "draft_anyway": "1"})
    assert insisted.status_code == 303
    assert _rows(sessions)[0].fields["object"] == ["Plus récent"]


def test_nothing_typed_is_nothing_kept(log_in: Enter, sessions: Sessions) -> None:
    browser = log_in("advisor")
    bare = {"draft": browser.form(NEW)["draft"], "channel": "phone", "kind": "report", "object": ""}
    assert _save(browser, bare).json == {"said": ""}
    assert browser.post(f"{DRAFTS}/garder", **bare).status_code == 303
    assert _rows(sessions) == []
    assert _save(browser, {**bare, "draft": "inventé", "object": "x"}).status_code == 400


def test_a_dropped_call_is_kept_and_somebody_calls_back_once(log_in: Enter, sessions: Sessions) -> None:
    browser = log_in("advisor")
    form = _typed(browser, phone="06 39 98 00 01", first_name="Zoé")
    browser.post(f"{DRAFTS}/appel-interrompu", **form)
    (row,) = _rows(sessions)
    listed = browser.get(DRAFTS).text
    assert "Appel interrompu" in listed and "Faire rappeler le 06 39 98 00 01" in listed.replace("\xa0", " ")
    for _ in range(2):
        browser.post(f"{DRAFTS}/{row.id}/rappel")
    with sessions() as session:
        (call,) = session.scalars(sa.select(Interaction).where(Interaction.kind == "callback"))
    assert (call.recipient, call.case_id, call.state) == ("+33639980001", None, "to_call")
    assert "Lampadaire éteint" in browser.get("/console/rappels").text
    assert browser.post(NEW, **{**form, "answer_channel": "phone"}).status_code == 303
    with sessions() as session:
        assert session.get_one(Interaction, call.id).case_id == session.scalars(sa.select(Case.id)).one()


def test_without_a_number_nobody_is_to_be_called(log_in: Enter, sessions: Sessions) -> None:
    browser = log_in("advisor")
    browser.post(f"{DRAFTS}/appel-interrompu", **_typed(browser))
    (row,) = _rows(sessions)
    assert "Faire rappeler" not in browser.get(DRAFTS).text
    assert browser.post(f"{DRAFTS}/{row.id}/rappel").status_code == 303
    with sessions() as session:
        assert session.scalars(sa.select(Interaction).where(Interaction.kind == "callback")).all() == []


def test_throwing_away_asks_first(log_in: Enter, sessions: Sessions) -> None:
    browser = log_in("advisor")
    _save(browser, _typed(browser))
    (row,) = _rows(sessions)
    assert "Jeter ce brouillon" in browser.get(f"{DRAFTS}/{row.id}/jeter").text
    assert len(_rows(sessions)) == 1
    assert browser.post(f"{DRAFTS}/{row.id}/jeter").status_code == 303
    assert _rows(sessions) == []


def test_a_draft_is_forgotten_after_thirty_days(
    log_in: Enter, sessions: Sessions, clock: FrozenClock, world: World
) -> None:
    browser = log_in("advisor")
    _save(browser, _typed(browser))
    kept = timedelta(days=30)
    for wait, left in ((timedelta(days=29), 1), (timedelta(days=2), 0)):
        clock.at += wait
        with Units(sessions, clock, REACTIONS).begin(SYSTEM) as uow:
            forget_old_drafts(uow, kept)
        assert len(_rows(sessions)) == left
