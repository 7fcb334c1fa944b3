"""Letters on paper: where the window looks, who signs, what a batch holds, and that it leaves once."""

from __future__ import annotations

import re
from dataclasses import replace
from io import BytesIO

import pytest
import sqlalchemy as sa
from pypdf import PageObject, PdfReader

from crm.cases import CaseSheet, Restriction, letters_within_reach, one_case, restrict_case
from crm.channels import LetterPaper, SlipPaper, letters_pdf
from crm.contacts import declare_support
from crm.foundation import SYSTEM, Invalid, NotFound, UnitOfWork
from crm.foundation.settings import Centre
from crm.interactions import Exchange, Interaction, Message, one_message, queue_message
from crm.notifications import (
    batch_letters,
    letter_batches,
    letters_of_batch,
    letters_without_batch,
    mark_batch_sent,
    print_batch,
    print_letters,
    undo_batch,
)
from crm.staff import Agent
from tests import given

CENTRE = Centre(name="Métropole de Rivebois")
MM = 72 / 25.4
WINDOW = {"left": 100, "right": 200, "top": 45, "bottom": 90}  # of a DL envelope, in millimetres of the sheet
_ANA = LetterPaper(
    centre="Métropole de Rivebois",
    centre_lines=("1 place de la Métropole", "99000 Rivebois"),
    place="Rivebois",
    day="mardi 15 septembre 2026",
    reference="2026-004217-63",
    to_lines=(
        "Ana Lopez",
        "Appartement 4",
        "Résidence des Œillets",
        "12 bis rue du Château",
        "99000 Rivebois",
    ),
    subject="Votre demande : lampadaire éteint",
    body="Madame,\n\nC’est réparé : la lanterne a été changée à Saint-Étienne-l’Hêtre, où l’œuvre est finie.",
    signature=(
        "Karim Belkacem",
        "chargé de relation",
        "Service voirie",
        "4 quai des Forges",
        "01 99 00 00 02",
    ),
)


def _pages(pdf: bytes) -> list[PageObject]:
    return list(PdfReader(BytesIO(pdf)).pages)


def _text(page: PageObject) -> str:
    return re.sub(r"\s+", " ", page.extract_text())


def _placed(page: PageObject) -> list[tuple[str, float, float, float]]:
    """Each piece of text with where it stands, from the left and the top in millimetres, and its size."""
    found: list[tuple[str, float, float, float]] = []

    def seen(text: str, matrix: list[float], place: list[float], _font: object, size: float) -> None:
        if text.strip():
            x = place[4] * matrix[0] + matrix[4]
            y = place[5] * matrix[3] + matrix[5]
            found.append((text.strip(), x / MM, (float(page.mediabox.height) - y) / MM, size))

    page.extract_text(visitor_text=seen)
    return found


def test_accents_ligatures_and_signature_are_on_the_paper() -> None:
    text = _text(_pages(letters_pdf([_ANA]))[0])
    for said in ("Résidence des Œillets", "12 bis rue du Château", "Saint-Étienne-l’Hêtre", "œuvre"):
        assert said in text
    assert "Votre interlocuteur Karim Belkacem chargé de relation Service voirie 4 quai des Forges" in text


@pytest.mark.parametrize("large", [False, True])
def test_the_address_stands_in_the_window_and_nothing_else_does(large: bool) -> None:
    (page,) = _pages(letters_pdf([replace(_ANA, large_print=large)]))
    inside = [
        text
        for text, x, y, _ in _placed(page)
        if WINDOW["left"] <= x <= WINDOW["right"] and WINDOW["top"] <= y <= WINDOW["bottom"]
    ]
    assert re.sub(r"\s+", " ", " ".join(inside)) == " ".join(_ANA.to_lines)


def test_large_print_is_sixteen_points() -> None:
    (page,) = _pages(letters_pdf([replace(_ANA, large_print=True)]))
    sizes = [round(size) for text, _, _, size in _placed(page) if "réparé" in text]
    assert sizes and set(sizes) == {16}


def test_the_same_letters_make_the_same_bytes() -> None:
    slip = SlipPaper(number=3, made="mardi 15 septembre 2026", centre="Métropole de Rivebois")
    assert letters_pdf([_ANA], slip=slip) == letters_pdf([_ANA], slip=slip)


def _letter(
    uow: UnitOfWork, name: str = "Ana Lopez", case: CaseSheet | None = None, **told: object
) -> Exchange:
    sent = Message(
        kind="answer",
        channel="letter",
        recipient=f"{name}\n12 rue des Lilas\n99000 Rivebois",
        subject="Votre demande est traitée",
        body="Madame,\n\nC’est fait.",
        **told,  # type: ignore[arg-type]
    )
    return one_message(uow.session, queue_message(uow, case, case.id if case else None, sent))  # type: ignore[arg-type]


def test_a_batch_is_one_file_with_its_slip_and_only_its_letters_are_marked(uow: UnitOfWork) -> None:
    # given
    ana, luc, zoe = _letter(uow), _letter(uow, "Luc Nguyễn"), _letter(uow, "Zoé Œdipe")
    batch_id = batch_letters(uow, [luc.id, ana.id])
    # when
    held = letters_of_batch(uow.session, SYSTEM, batch_id)
    pages = _pages(print_batch(uow.session, CENTRE, held, number=batch_id, made_at=uow.now))
    # then
    assert len(pages) == 3
    slip = _text(pages[0])
    assert "Bordereau du lot" in slip and "2 courriers" in slip
    assert slip.index("Ana Lopez, 99000 Rivebois") < slip.index("Luc Nguyễn, 99000 Rivebois")
    assert letters_without_batch(uow.session, [ana, luc, zoe]) == [zoe]
    assert mark_batch_sent(uow, batch_id) == [ana.id, luc.id]
    assert one_message(uow.session, zoe.id).state == "to_print"
    with pytest.raises(NotFound):
        mark_batch_sent(uow, batch_id)


def test_a_letter_is_in_one_batch_at_a_time_and_an_undone_batch_gives_it_back(uow: UnitOfWork) -> None:
    ana = _letter(uow)
    first = batch_letters(uow, [ana.id])
    with pytest.raises(Invalid):
        batch_letters(uow, [ana.id])
    undo_batch(uow, first)
    second = batch_letters(uow, [ana.id])
    assert mark_batch_sent(uow, second) == [ana.id]


def test_a_letter_that_few_may_read_is_theirs_to_print_and_is_not_lost(uow: UnitOfWork) -> None:
    # given: two letters in a batch, another alone in its own; then one demand of each is restricted
    reader, other = given.actor("supervisor", id=2), given.actor("advisor", id=3)
    town = given.town(uow)
    secret, open_ = (one_case(uow.session, SYSTEM, given.open_case(uow, town.book)) for _ in range(2))
    hidden, plain, alone = (_letter(uow, case=case) for case in (secret, open_, secret))
    both, single = batch_letters(uow, [hidden.id, plain.id]), batch_letters(uow, [alone.id])
    restrict_case(uow, secret.reference, Restriction(reason="grave", motive="Des coups."))
    uow.session.flush()
    # then: for the others, the first batch has one letter and the second does not exist
    held = {who: letters_of_batch(uow.session, who, both) for who in (reader, other)}
    assert [one.id for one in held[reader]] == [hidden.id, plain.id]
    assert [one.id for one in held[other]] == [plain.id]
    assert [(one.id, one.count) for one in letter_batches(uow.session, other)] == [(both, 1)]
    uow.actor = other
    for refused in (mark_batch_sent, undo_batch):
        with pytest.raises(NotFound):
            refused(uow, single)
    with pytest.raises(Invalid):
        batch_letters(uow, [alone.id, hidden.id])
    # when: one of the others says that it left, theirs did; the reader still has the other one to print
    assert mark_batch_sent(uow, both) == [plain.id]
    assert one_message(uow.session, hidden.id).state == "to_print"
    waiting = letters_within_reach(uow.session, reader)
    assert hidden.id in {one.id for one in letters_without_batch(uow.session, waiting)}


def test_who_needs_large_characters_gets_them_without_being_asked(uow: UnitOfWork) -> None:
    contact_id = given.contact(uow)
    declare_support(uow, contact_id, ["reading"])
    (page,) = _pages(print_letters(uow.session, CENTRE, [_letter(uow, contact_id=contact_id)]))
    assert [round(size) for text, _, _, size in _placed(page) if "C’est fait" in text] == [16]


def test_an_agent_signs_with_name_and_capacity_or_with_a_number_for_their_safety(uow: UnitOfWork) -> None:
    given.unit(uow, "voirie")
    email = given.agent(uow, "team_lead", unit="voirie")
    agent = uow.session.scalars(sa.select(Agent).where(Agent.email == email)).one()
    agent.title = "cheffe d’équipe"
    letter = _letter(uow)
    uow.session.execute(sa.update(Interaction).where(Interaction.id == letter.id).values(agent_id=agent.id))
    signed = one_message(uow.session, letter.id)

    def text() -> str:
        uow.session.flush()
        return _text(_pages(print_letters(uow.session, CENTRE, [signed]))[0])

    assert "Karim Belkacem cheffe d’équipe Service voirie" in text() and "01 99 00 00 02" in text()
    agent.is_anonymous = True
    assert f"Agent n° {agent.id}" in text() and "Belkacem" not in text()
