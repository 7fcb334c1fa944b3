"""« Ajouter un danger »: drafted, tried, published with its reason; nothing rings before."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from tests.web.agents import Browser

LogIn = Callable[[str], Browser]
DANGERS = "/console/administration/dangers"
NEW, ONE = f"{DANGERS}/nouveau", f"{DANGERS}/EAU"
SAID = {
    "code": "eau",
    "label": "Inondation",
    "label_en": "Flood",
    "words": "inondation\neau qui monte",
    "unless": "",
    "raises_to": "1",
    "say": "Montez à l’étage et appelez le 112.",
    "say_en": "Go upstairs and call 112.",
    "call": "112",
}
SPOKEN = "il y a une inondation dans ma rue"


@pytest.fixture
def admin(log_in: LogIn) -> Browser:
    return log_in("config_admin")


def _rings(who: Browser) -> bool:
    return "Montez à l’étage" in who.post("/console/aides/dangers", q=SPOKEN).text


def _publish(admin: Browser, note: str) -> int:
    page = admin.get(f"{ONE}/publication").text
    (seen,) = set(re.findall(r'name="seen"[^>]*value="(\d+)"', page))
    return admin.post(f"{ONE}/publication", note=note, seen=seen).status_code


def test_a_new_danger_is_drafted_tried_and_rings_once_published(admin: Browser, log_in: LogIn) -> None:
    advisor = log_in("advisor")
    begun = admin.post(NEW, **SAID)
    assert begun.headers["Location"].endswith(f"{ONE}/essai")
    assert "Pas encore publié" in admin.get(DANGERS).text
    tried = admin.post(f"{ONE}/essai", said=SPOKEN).text
    assert "Montez à l’étage" in tried.partition('id="then"')[2]
    assert "Montez à l’étage" not in tried.partition('id="now"')[2].partition('id="then"')[0]
    assert not _rings(advisor)
    assert _publish(admin, "") == 422, "a publication says why"
    assert _publish(admin, "Les crues de l’automne") == 303
    assert _rings(advisor)
    assert "Pas encore publié" not in admin.get(DANGERS).text
    assert 'value="EAU"' in admin.get("/console/administration/categories/ECLA-01").text, (
        "a category may carry it"
    )


def test_what_is_wrong_is_said_and_nothing_typed_is_lost(admin: Browser) -> None:
    wrong = admin.post(NEW, **{**SAID, "code": "inondation", "say": ""})
    assert wrong.status_code == 422
    for box in ("code", "say"):
        assert f'id="{box}-error"' in wrong.text, box
    assert "eau qui monte" in wrong.text and 'value="INONDATION"' in wrong.text
    assert 'id="call-error"' in admin.post(NEW, **{**SAID, "call": "le 112"}).text
    taken = admin.post(NEW, **{**SAID, "code": "GAZ"})
    assert taken.status_code == 422 and "porte déjà ce sigle" in taken.text


def test_a_begun_danger_is_changed_then_left_without_a_trace(admin: Browser, log_in: LogIn) -> None:
    admin.post(NEW, **SAID)
    assert admin.post(NEW, **SAID).status_code == 422, "two cannot begin the same"
    assert admin.post(ONE, **{**SAID, "words": "crue", "seen": "1"}).status_code == 303
    assert "crue" in admin.get(ONE).text
    assert admin.post(f"{ONE}/abandon", seen=2).status_code == 303
    assert admin.get(ONE).status_code == 404 and "EAU" not in admin.get(DANGERS).text
    assert not _rings(log_in("advisor"))
    assert log_in("supervisor").get(NEW).status_code == 404


def test_a_danger_is_retired_with_its_reason_and_put_back(admin: Browser, log_in: LogIn) -> None:
    advisor = log_in("advisor")
    admin.post(NEW, **SAID)
    assert "/EAU/retrait" not in admin.get(ONE).text, "what never rang is left, not retired"
    _publish(admin, "Les crues de l’automne")
    for button, rings, where in (({}, False, "Retirés"), ({"back": "1"}, True, "")):
        seen = re.findall(r'name="seen"[^>]*value="(\d+)"', admin.get(f"{ONE}/retrait").text)[-1]
        assert admin.post(f"{ONE}/retrait", seen=seen, **button).status_code == 303
        assert _rings(advisor) is not rings, "a draft changes nothing"
        assert admin.post(f"{ONE}/retrait", seen=seen, **button).status_code == 409
        assert _publish(admin, "La crue est finie") == 303
        assert _rings(advisor) is rings
        assert ("Retirés" in admin.get(DANGERS).text) is bool(where)
        offered = 'value="EAU"' in admin.get("/console/administration/categories/ECLA-01").text
        assert offered is rings
