"""« Mes préférences » and « Mes données »: of who is alone behind a mailbox."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from crm.contacts import (
    ContactCard,
    NewContact,
    Wishes,
    change_wishes,
    contact_card,
    contacts_at,
    find_or_create_contact,
    support_needs,
)
from crm.foundation import SYSTEM, EventRow, FrozenClock, Sessions, Units
from crm.space import signed_link
from crm.space.models import SpaceLink
from tests.portal.resident import form_with, reported, send

LEA, NUMBER = "lea@exemple.fr", "+33639980081"


@pytest.fixture
def inside(app: Flask, client: FlaskClient, sessions: Sessions, units: Units) -> FlaskClient:
    """Léa made a demand, gave her number, and came in by the link that her mailbox received."""
    reported(client)
    with units.begin(SYSTEM) as uow:
        find_or_create_contact(uow, NewContact(phone=NUMBER), contact_id=_lea(sessions).id)
    return _enter(app, client, sessions, LEA)


def _enter(app: Flask, client: FlaskClient, sessions: Sessions, email: str) -> FlaskClient:
    client.post("/mon-espace/lien", data={"email": email})
    with sessions() as session:
        link_id = session.scalars(sa.select(sa.func.max(SpaceLink.id))).one()
    client.post(f"/mon-espace/entrer/{signed_link(app.config['SECRET_KEY'], link_id)}")
    return client


def _lea(sessions: Sessions) -> ContactCard:
    with sessions() as session:
        (only,) = contacts_at(session, "email", LEA)
        return contact_card(session, only)


def test_following_the_link_shows_that_the_mailbox_is_theirs(inside: FlaskClient, sessions: Sessions) -> None:
    (point,) = [one for one in _lea(sessions).points if one.kind == "email"]
    assert (point.is_verified, point.verified_how) == (True, "link")
    with sessions() as session:
        told = sa.select(EventRow.data).where(EventRow.kind == "contact.point_verified")
        assert list(session.scalars(told)) == [{"point_kind": "email", "how": "link"}]


def test_choices_are_kept_shown_again_and_undone(inside: FlaskClient, sessions: Sessions) -> None:
    assert "/mon-espace/preferences" in inside.get("/mon-espace").text
    page = inside.get("/mon-espace/preferences")
    assert "toujours les accusés que la loi demande" in page.text
    done = send(
        inside, page, "way", way="letter", language="en", no_sms="1", no_news="1", no_steps="1",
        no_surveys="1", needs="interpreter", interpreter="wolof",
    )  # fmt: skip
    assert done.status_code == 303
    card = _lea(sessions)
    assert (card.preferred_channel, card.language) == ("letter", "en")
    assert (card.no_news, card.no_steps, card.no_surveys) == (True, True, True)
    assert [one.no_sms for one in card.points if one.kind == "phone"] == [True]
    with sessions() as session:
        assert support_needs(session, card.id).language == "wolof"
    again = inside.get("/mon-espace/preferences")
    kept = form_with(again, "way").fields
    assert (kept["way"], kept["needs"], kept["no_sms"], kept["interpreter"]) == (
        "letter", "interpreter", "1", "wolof",
    )  # fmt: skip
    # when everything is taken back
    seal, version = kept["seal"], kept["seen_version"]
    told = {"seal": seal, "seen_version": version, "way": "", "language": "fr"}
    assert inside.post("/mon-espace/preferences", data=told).status_code == 303
    card = _lea(sessions)
    assert not (card.no_news or card.no_steps or card.no_surveys or card.preferred_channel)
    assert not any(one.no_sms for one in card.points)
    with sessions() as session:
        assert not support_needs(session, card.id)


def test_an_interpreter_of_no_language_is_asked_again_with_what_was_chosen(inside: FlaskClient) -> None:
    page = inside.get("/mon-espace/preferences")
    refused = send(inside, page, "way", way="phone", needs="interpreter", interpreter="")
    assert refused.status_code == 422 and 'href="#interpreter"' in refused.text
    assert form_with(refused, "way").fields["way"] == "phone"


def test_a_sheet_corrected_meanwhile_is_not_overwritten(
    inside: FlaskClient, sessions: Sessions, units: Units
) -> None:
    page = inside.get("/mon-espace/preferences")
    card = _lea(sessions)
    with units.begin(SYSTEM) as uow:
        change_wishes(uow, card.id, Wishes(preferred_channel="phone"), seen_version=card.version)
    late = send(inside, page, "way", way="letter")
    assert late.status_code == 409 and "a changé entre-temps" in late.text
    assert _lea(sessions).preferred_channel == "phone"


def test_only_our_own_form_changes_anything(inside: FlaskClient, sessions: Sessions) -> None:
    told = {"seen_version": str(_lea(sessions).version), "way": "letter", "language": "fr"}
    assert inside.post("/mon-espace/preferences", data=told).status_code == 404
    assert inside.post("/mon-espace/preferences", data={**told, "seal": "0" * 32}).status_code == 404
    assert _lea(sessions).preferred_channel == "email", "as it was"


def test_behind_a_couple_s_mailbox_nobody_changes_the_other_s_sheet(
    app: Flask, inside: FlaskClient, sessions: Sessions, units: Units
) -> None:
    page = inside.get("/mon-espace/preferences")
    with units.begin(SYSTEM) as uow:
        find_or_create_contact(uow, NewContact(first_name="Luc", email=LEA, phone="06 39 98 00 82"))
    assert send(inside, page, "way", way="letter").status_code == 404
    assert "Dites vos choix à un agent" in inside.get("/mon-espace/preferences").text
    held = inside.get("/mon-espace/mes-donnees")
    assert "00 82" not in held.text and "à demi cachées" in held.text
    told = inside.get("/mon-espace/mes-donnees.json").get_json()
    assert (told["exchanges"], told["support_needs"]) == ([], [])


def test_one_s_data_are_read_and_taken_away_whole(inside: FlaskClient, sessions: Sessions) -> None:
    page = inside.get("/mon-espace/mes-donnees")
    assert page.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert LEA in page.text and "06 39 98 00 81" in page.text.replace("\u202f", " ").replace("\u00a0", " ")
    told = inside.get("/mon-espace/mes-donnees.json").get_json()
    assert told["demands"][0]["object"] == "Lampadaire éteint devant l’école"
    assert {"kind": "email", "value": LEA, "verified": True, "refuses_sms": False} in told["contacts"][0][
        "points"
    ]


def test_a_stranger_is_asked_for_their_mailbox(client: FlaskClient, clock: FrozenClock) -> None:
    for path in ("/mon-espace/preferences", "/mon-espace/mes-donnees"):
        assert "Recevoir un lien" in client.get(path).text
    assert client.post("/mon-espace/preferences", data={"seal": "x"}).status_code == 404
