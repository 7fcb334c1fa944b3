"""« Modèles de messages »: an administrator drafts, tries and publishes from screens alone."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from datetime import timedelta

import pytest

from crm.cases import CaseState
from crm.foundation import FrozenClock, Sessions
from crm.knowledge import Use, text_in_force
from tests.web.agents import Browser
from tests.web.world import World

LogIn = Callable[[str], Browser]
AT = "/console/administration/modeles"
DONE = {"message": "answer", "issue": "F"}
OWN = {**DONE, "sujet": "ECLA-02"}
_BODY = re.compile(r'<textarea name="texte"[^>]*>(.*?)</textarea>', re.DOTALL)


@pytest.fixture
def admin(log_in: LogIn) -> Browser:
    return log_in("config_admin")


def _form(browser: Browser, use: dict[str, str]) -> dict[str, str]:
    page = browser.get(f"{AT}/texte", **use)
    assert page.status_code == 200
    hidden = dict(re.findall(r'<input type="hidden" name="(?!csrf)(\w+)" value="([^"]*)"', page.text))
    (body,) = _BODY.findall(page.text)
    (subject,) = re.findall(r'name="objet" id="objet" value="([^"]*)"', page.text)
    return {**hidden, "objet": subject, "texte": body}


def _subject(sessions: Sessions, category: str = "") -> str | None:
    with sessions() as session:
        found = text_in_force(session, Use("answer", "F", "", category))
    return found.subject if found else None


def _drafted(admin: Browser, use: dict[str, str], **changed: str) -> dict[str, str]:
    """A draft kept from the form; what its trial's form carries."""
    kept = admin.post(f"{AT}/texte", **{**_form(admin, use), **changed})
    assert kept.status_code == 303, kept.text
    return admin.form(kept.headers["Location"])


def test_from_the_list_to_a_text_of_one_category_and_back(admin: Browser, sessions: Sessions) -> None:
    listed = admin.get(AT, message="answer", sujet="ECLA-02").text
    assert "Texte qui l’emporte" in listed and "Écrire pour cette catégorie" in listed
    assert "propre à cette catégorie" not in listed
    assert "point de départ" in admin.get(f"{AT}/texte", **OWN).text
    trial = _drafted(admin, OWN, objet="La lampe de {object} brille")
    read = admin.get(f"{AT}/essai", **OWN).text
    assert "La lampe de" in read and "Le texte général, qui sert aujourd’hui" in read
    assert _subject(sessions, "ECLA-02") is None
    unsaid = admin.post(f"{AT}/publication", **trial, note=" ")
    assert unsaid.status_code == 422 and "Remplissez cette case" in unsaid.text
    assert admin.post(f"{AT}/publication", **trial, note="Demande du syndic").status_code == 303
    assert _subject(sessions, "ECLA-02") == "La lampe de {object} brille"
    assert "propre à cette catégorie" in admin.get(AT, message="answer", sujet="ECLA-02").text
    page = admin.get(f"{AT}/texte", **OWN).text
    assert "Version 1" in page and "Demande du syndic" in page
    removed = admin.post(f"{AT}/retrait", **admin.form(f"{AT}/texte?message=answer&issue=F&sujet=ECLA-02"))
    told = admin.get(removed.headers["Location"])
    assert "À sa place" in told.text and "La lampe de" in told.text
    admin.post(f"{AT}/publication", **admin.form(removed.headers["Location"]), note="Inutile")
    assert _subject(sessions, "ECLA-02") is None


def test_an_old_version_is_read_and_taken_back(admin: Browser, sessions: Sessions) -> None:
    first = _subject(sessions)
    for subject in ("Une {reference}", "Deux {reference}"):
        admin.post(f"{AT}/publication", **_drafted(admin, DONE, objet=subject), note=subject[:4])
    old = _form(admin, {**DONE, "version": "0"})
    assert old["objet"] == first
    admin.post(f"{AT}/texte", **old)
    admin.post(f"{AT}/publication", **admin.form(f"{AT}/essai?message=answer&issue=F"), note="Comme avant")
    assert _subject(sessions) == first
    assert admin.get(f"{AT}/texte", **DONE, version="9").status_code == 404


def test_what_is_wrong_is_said_while_typing_and_stands_in_the_way(admin: Browser, sessions: Sessions) -> None:
    before, typed = _subject(sessions), _form(admin, DONE)
    bad = {**typed, "texte": "Veuillez patienter {prenom}."}
    said = admin.post(f"{AT}/remarques", **bad).text
    assert (
        "{prenom} n’existe pas" in said and "éloigne le lecteur" in said and "Il manque {reference}" in said
    )
    trial = _drafted(admin, DONE, texte=bad["texte"])
    read = admin.get(f"{AT}/essai", **DONE).text
    assert "empêche de publier" in read and 'name="note"' not in read
    forced = admin.post(f"{AT}/publication", **{**typed, **trial, "seen": "1"}, note="Tant pis")
    assert forced.status_code == 422 and _subject(sessions) == before
    assert "Rien à redire" in admin.post(f"{AT}/remarques", **typed).text


def test_two_administrators_write_and_nobody_loses_a_word(log_in: LogIn, sessions: Sessions) -> None:
    one, two = log_in("config_admin"), log_in("config_admin")
    mine, theirs = _form(one, DONE), _form(two, DONE)
    two.post(f"{AT}/texte", **{**theirs, "objet": "Le leur {reference}"})
    late = one.post(f"{AT}/texte", **{**mine, "objet": "Le mien {reference}"})
    assert late.status_code == 409
    assert "Le leur {reference}" in late.text and 'value="Le mien {reference}"' in late.text
    seen = dict(re.findall(r'name="(seen)" value="(\d+)"', late.text))
    again = one.post(f"{AT}/texte", **{**mine, **seen, "objet": "Le mien {reference}"})
    assert again.status_code == 303, "having read theirs, mine takes its place"
    tried = two.post(f"{AT}/publication", **{**theirs, "seen": "1"}, note="Essayé avant")
    assert tried.status_code == 409 and "rien n’est publié" in tried.text and "Essayé avant" in tried.text


def test_a_real_demand_is_for_whoever_may_read_it(
    log_in: LogIn, admin: Browser, world: World, sessions: Sessions, clock: FrozenClock
) -> None:
    reference = world.case(sessions, clock, CaseState.RESOLVED, category_code="ECLA-01")
    _drafted(admin, DONE, objet="Fait : {reference}")
    blind = admin.get(f"{AT}/essai", **DONE, demande=reference).text
    assert "votre rôle n’ouvre aucune demande" in blind and f"Fait : {reference}" not in blind
    assert "Fait : 2026-004217-63" in blind
    supervisor = log_in("supervisor")
    read = supervisor.get(f"{AT}/essai", **DONE, demande=reference).text
    assert f"Fait : {reference}" in read and 'name="note"' not in read
    for typed, said in (("2026-999999-00", "pas un numéro de demande"), ("2026-000001-29", "")):
        assert said in supervisor.get(f"{AT}/essai", **DONE, demande=typed).text
    assert supervisor.post(f"{AT}/texte", **DONE).status_code == 404
    assert log_in("advisor").get(AT).status_code == 404


def test_an_sms_is_tried_as_an_sms(admin: Browser) -> None:
    short = {**DONE, "canal": "sms"}
    assert re.search("(Un|2) SMS", admin.get(f"{AT}/essai", **short).text)
    said = admin.post(f"{AT}/remarques", **short, texte="mairie {reference} " + "encore un mot. " * 40).text
    assert "deux au plus" in said


def test_what_does_not_exist_has_no_page(admin: Browser) -> None:
    for use in ({"message": "bonjour"}, {"message": "answer", "issue": "Z"}, {**DONE, "sujet": "LUNE-01"}):
        assert admin.get(f"{AT}/texte", **use).status_code == 404


def test_a_translation_is_written_beside_its_french_tried_below_it_and_told_when_it_is_behind(
    admin: Browser, clock: FrozenClock
) -> None:
    english = {**DONE, "langue": "en"}
    assert "traduit" in admin.get(AT, message="answer").text
    assert "Votre demande {reference} est traitée" in admin.get(f"{AT}/texte", **english).text
    trial = _drafted(admin, english, texte="All done. {reference} {unit} {centre_phone}")
    read = admin.get(f"{AT}/essai", **english).text
    assert read.index("Le travail est fait") < read.index("— In English —") < read.index("All done.")
    assert admin.post(f"{AT}/publication", **trial, note="Plus court").status_code == 303
    assert "a changé depuis cette traduction" not in admin.get(f"{AT}/texte", **english).text
    clock.at += timedelta(minutes=1)
    again = _drafted(admin, DONE, objet="C’est fini")
    assert admin.post(f"{AT}/publication", **again, note="Plus clair").status_code == 303
    assert "a changé depuis cette traduction" in admin.get(f"{AT}/texte", **english).text
    assert "faites-la relire" in admin.get(f"{AT}/texte", **DONE).text


def test_a_translation_whose_french_is_not_in_force_says_that_it_does_not_leave(admin: Browser) -> None:
    english, told = {**OWN, "langue": "en"}, "cette traduction ne part pas"
    assert told not in admin.get(f"{AT}/texte", **{**DONE, "langue": "en"}).text
    assert told in admin.get(f"{AT}/texte", **english).text
    _drafted(admin, english, texte="All done. {reference} {unit} {centre_phone}")
    assert told in admin.get(f"{AT}/essai", **english).text


def test_where_a_more_general_french_text_serves_the_translation_is_that_ones(admin: Browser) -> None:
    def led() -> str:
        page = admin.get(f"{AT}/texte", **OWN).text
        (address,) = re.findall(r'href="([^"]+langue=en[^"]*)">Écrire la traduction', page)
        return html.unescape(str(address))

    assert led().endswith("sujet=ECLA&langue=en"), "the text of the domain serves"
    assert "cette traduction ne part pas" not in admin.get(led()).text
    _drafted(admin, OWN, texte="C’est fait. {reference} {unit} {centre_phone}")
    assert led().endswith("sujet=ECLA-02&langue=en"), "the draft is to have its own"


def test_a_translation_removed_leaves_the_french_alone(admin: Browser, sessions: Sessions) -> None:
    english = {"message": "delay", "langue": "en"}
    gone = admin.post(f"{AT}/retrait", **_form(admin, english))
    assert gone.status_code == 303
    assert "l’usager recevra le français seul" in admin.get(gone.headers["Location"]).text
    trial = admin.form(gone.headers["Location"])
    assert admin.post(f"{AT}/publication", **trial, note="Fausse").status_code == 303
    with sessions() as session:
        assert text_in_force(session, Use("delay", language="en")) is None
        assert text_in_force(session, Use("delay")) is not None
    assert "reçoit le français seul" in admin.get(f"{AT}/texte", message="delay").text
