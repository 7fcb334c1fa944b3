"""« Issues »: named, told and offered as an administrator says; the list itself is closed."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from crm.cases import CaseState
from crm.foundation import FrozenClock, Sessions
from tests.web.agents import Browser
from tests.web.world import World

LogIn = Callable[[str], Browser]
ISSUES = "/console/administration/issues"
ONE = f"{ISSUES}/PV"
SAID = {
    "label": "Procédure lancée",
    "label_en": "",
    "sentence": "Une procédure suit son cours.",
    "sentence_en": "Proceedings are under way.",
    "followed": "",
    "followed_en": "",
    "for_any": "1",
    "position": "1",
}


@pytest.fixture
def admin(log_in: LogIn) -> Browser:
    return log_in("config_admin")


def _seen(admin: Browser, page: str) -> str:
    *_others, seen = re.findall(r'name="seen"[^>]*value="(\d+)"', admin.get(page).text)
    return str(seen)


def _publish(admin: Browser, note: str = "Dit par les agents") -> int:
    page = f"{ONE}/publication"
    return admin.post(page, note=note, seen=_seen(admin, page)).status_code


def _offered(who: Browser, reference: str) -> list[str]:
    """The words of the box « Issue », in their order."""
    page = who.get(f"/console/demandes/{reference}/reponse").text
    box = page.partition('name="outcome"')[2].partition("</select>")[0]
    return re.findall(r">([^<]+)</option>", box)


def test_words_are_drafted_tried_and_said_everywhere_once_published(
    admin: Browser, log_in: LogIn, world: World, sessions: Sessions, clock: FrozenClock
) -> None:
    reference = world.case(sessions, clock, CaseState.RESOLVED, category_code="ECLA-01")
    advisor = log_in("advisor")
    assert "Procédure engagée" not in _offered(advisor, reference)
    drafted = admin.post(ONE, **SAID, seen=0)
    assert drafted.headers["Location"].endswith(f"{ONE}/essai")
    tried = admin.get(f"{ONE}/essai").text
    assert ">Procédure lancée</option>" in tried and "Une procédure suit son cours." in tried
    assert "Brouillon" in admin.get(ISSUES).text
    assert "Procédure lancée" not in _offered(advisor, reference), "a draft changes nothing"
    assert "Une procédure suit son cours." in admin.get(f"{ONE}/publication").text.partition('id="read"')[2]
    assert _publish(admin, "") == 422, "a publication says why"
    assert _publish(admin) == 303
    assert "Procédure lancée" in _offered(advisor, reference)
    assert "Procédure lancée" in admin.get(f"{ONE}/historique").text


def test_the_mail_tried_holds_the_sentence_or_says_that_it_does_not(admin: Browser) -> None:
    admin.post(f"{ISSUES}/F", **{**SAID, "label": "Réparé", "sentence": "C’est réparé."}, seen=0)
    news = admin.get(f"{ISSUES}/F/essai").text.partition("À qui suit la demande")[2]
    assert "C’est réparé." in news.partition("</section>")[0]
    short = admin.get(f"{ISSUES}/F/essai?canal=sms").text.partition("La réponse à l’usager")[2]
    assert "est réparé." in short.partition("</section>")[0]
    assert "2 SMS" in short.partition("</section>")[0], "its cost is seen while it is worded"
    own = admin.get(f"{ISSUES}/P/essai").text.partition("La réponse à l’usager")[2]
    assert "avec ses propres mots" in own.partition("</section>")[0]
    assert "issue=P" in own, "and leads to that text"


def test_nothing_without_french_and_nothing_typed_is_lost(admin: Browser) -> None:
    wrong = admin.post(ONE, **{**SAID, "sentence": "", "label": " "}, seen=0)
    assert wrong.status_code == 422
    for box in ("label", "sentence"):
        assert f'id="{box}-error"' in wrong.text, box
    assert "Proceedings are under way." in wrong.text
    admin.post(ONE, **SAID, seen=0)
    met = admin.post(ONE, **{**SAID, "label": "Procès"}, seen=0)
    assert met.status_code == 409 and 'value="Procès"' in met.text and "Procédure lancée" in met.text


def test_what_no_agent_chooses_has_words_and_no_offer(admin: Browser) -> None:
    page = admin.get(f"{ISSUES}/FT").text
    assert 'name="for_any"' not in page and "vient d’un autre geste" in page
    said = {**SAID, "label": "Mis à l’abri", "position": "9"}
    del said["for_any"]
    assert admin.post(f"{ISSUES}/FT", **said, seen=0).status_code == 303
    assert "Dans la liste où l’agent choisit" not in admin.get(f"{ISSUES}/FT/essai").text


def test_the_list_is_closed_and_only_who_sets_up_opens_it(admin: Browser, log_in: LogIn) -> None:
    assert admin.get(f"{ISSUES}/Z").status_code == 404
    assert admin.post(f"{ISSUES}/Z", **SAID, seen=0).status_code == 404
    assert "Cette liste ne s’allonge pas" in admin.get(ISSUES).text
    assert log_in("supervisor").get(ISSUES).status_code == 404
