"""A mail joins its demand by what proves it; who is not known there waits for somebody to say so."""

from __future__ import annotations

from email.message import EmailMessage
from io import BytesIO

import pytest
from PIL import Image

from crm.cases import CaseState, Following, Merging, follow_case, follower_by_token, merge_case
from crm.foundation import UnitOfWork
from crm.inbox import Outcome
from crm.interactions import Message, exchanges_of_follower, queue_message
from tests import given
from tests.channels.mails import ANA, NAMES, mail
from tests.inbox.mail_stories import arrive, case_of, file_names, thread, written_to


@pytest.fixture
def town(uow: UnitOfWork) -> given.Town:
    return given.town(uow)


def test_a_reply_to_our_question_sets_the_work_going_again(uow: UnitOfWork, town: given.Town) -> None:
    written = written_to(uow, town, CaseState.WAITING_REQUESTER)
    row = arrive(uow, mail("Au 12.\n\n> Où est-ce ?", To=written.address))
    assert (row.outcome, row.case_id) == (Outcome.REPLY, written.case_id)
    assert case_of(uow, written).state == CaseState.ASSIGNED
    said = thread(uow, written)[-1]
    assert (said.body, said.channel, said.kind, said.id) == (
        "Au 12.",
        "email",
        "precision",
        row.interaction_id,
    )
    assert said.is_public


@pytest.mark.parametrize("proof", ["address", "message_id", "references"])
def test_each_proof_is_enough(uow: UnitOfWork, town: given.Town, proof: str) -> None:
    written = written_to(uow, town)
    headers = {
        "address": {"To": written.address},
        "message_id": {"In_Reply_To": written.message_id},
        "references": {"References": f"{written.message_id} <other@usagers.example>"},
    }[proof]
    row = arrive(uow, mail(**headers))
    assert (row.outcome, row.case_id) == (Outcome.REPLY, written.case_id)
    assert case_of(uow, written).message_waiting_since is not None


def test_a_reference_typed_in_the_subject_proves_nothing(uow: UnitOfWork, town: given.Town) -> None:
    written = written_to(uow, town)
    before = thread(uow, written)
    row = arrive(uow, mail(Subject=f"Ma demande {written.reference}"))
    assert (row.outcome, row.case_id) == (Outcome.WAITING, None)
    assert row.details["hints"] == [written.reference]
    assert thread(uow, written) == before


def test_a_stranger_on_a_known_thread_is_not_seen_by_the_usager(uow: UnitOfWork, town: given.Town) -> None:
    written = written_to(uow, town)
    before = thread(uow, written)
    row = arrive(uow, mail("Je suis la voisine.", From="paul@elsewhere.example", To=written.address))
    assert (row.outcome, row.reason) == (Outcome.CONFIRM, "unknown_sender")
    assert row.case_id == written.case_id
    assert thread(uow, written) == before


def test_a_name_that_is_not_authenticated_is_confirmed_by_somebody(uow: UnitOfWork, town: given.Town) -> None:
    written = written_to(uow, town)
    results = "mx.rivebois.example; dmarc=fail header.from=usagers.example"
    row = arrive(uow, mail(To=written.address, Authentication_Results=results))
    assert (row.outcome, row.reason) == (Outcome.CONFIRM, "not_authenticated")


def test_a_partners_reply_to_what_we_forwarded_is_not_the_usagers(uow: UnitOfWork, town: given.Town) -> None:
    written = written_to(uow, town, email="regie@partner.example", is_public=False)
    row = arrive(uow, mail("Vu.", From="regie@partner.example", To=written.address))
    assert (row.outcome, row.case_id) == (Outcome.CONFIRM, written.case_id)


def test_a_mail_never_opens_an_ended_demand_again(uow: UnitOfWork, town: given.Town) -> None:
    written = written_to(uow, town, CaseState.CLOSED)
    row = arrive(uow, mail("Ce n’est pas fait.", To=written.address))
    case = case_of(uow, written)
    assert (row.outcome, case.state) == (Outcome.REPLY, CaseState.CLOSED)
    assert case.message_waiting_since is not None


def test_the_requester_of_a_merged_demand_speaks_on_the_one_that_goes_on(
    uow: UnitOfWork, town: given.Town
) -> None:
    first = written_to(uow, town, email="paul@usagers.example")
    second = written_to(uow, town)
    merging = Merging(original=first.reference, checked=True)
    merge_case(uow, second.reference, merging=merging, seen_version=case_of(uow, second).version)
    row = arrive(uow, mail("Toujours là.", To=second.address))
    assert (row.outcome, row.case_id) == (Outcome.REPLY, first.case_id)
    assert case_of(uow, second).state == CaseState.CLOSED
    assert all(one.body != "Toujours là." for one in thread(uow, first) if one.watcher_id is None)


def test_who_follows_adds_as_a_follower(uow: UnitOfWork, town: given.Town) -> None:
    written = written_to(uow, town, email="paul@usagers.example")
    ana = given.contact(uow, email=ANA)
    following = Following(key="ana", channel="email", contact_id=ana, answer_channel="email")
    token = follow_case(uow, written.reference, following).token
    follower = follower_by_token(uow.session, token)
    news = Message(kind="planned", channel="email", recipient=ANA, body="Jeudi.", watcher_id=follower.id)
    sent = queue_message(uow, case_of(uow, written), written.case_id, news)
    row = arrive(uow, mail("Merci, c’est au 12.", To=NAMES.reply_address(sent)))
    assert (row.outcome, row.case_id) == (Outcome.REPLY, written.case_id)
    assert [one.body for one in exchanges_of_follower(uow.session, follower.id)][-1] == "Merci, c’est au 12."
    assert all(one.body != "Merci, c’est au 12." for one in thread(uow, written, public_only=True))


def test_photos_join_the_demand_and_the_rest_stays_in_the_original(uow: UnitOfWork, town: given.Town) -> None:
    written = written_to(uow, town)
    drawn = BytesIO()
    Image.new("RGB", (600, 400), "grey").save(drawn, "JPEG")
    made = EmailMessage()
    made["From"], made["To"] = ANA, written.address
    made.set_content("Voici.")
    made.add_attachment(drawn.getvalue(), maintype="image", subtype="jpeg", filename="trou.jpg")
    made.add_attachment(
        b"PK\x03\x04" + b"\0" * 99, maintype="application", subtype="zip", filename="bombe.zip"
    )
    row = arrive(uow, made.as_bytes())
    assert row.outcome == Outcome.REPLY
    assert file_names(uow, written) == ["trou.jpg"]
    assert row.details["left_out"] == ["file_archive"]


def test_the_same_mail_in_two_of_our_boxes_is_one(uow: UnitOfWork, town: given.Town) -> None:
    written = written_to(uow, town)
    sent = mail(To=written.address, Cc="mairie@rivebois.example")
    first = arrive(uow, sent)
    second = arrive(uow, b"Received: by another box\r\n" + sent, box="mairie")
    assert (first.outcome, second.outcome) == (Outcome.REPLY, Outcome.COPY)
    assert sum(one.direction == "in" and one.channel == "email" for one in thread(uow, written)) == 1


def test_another_mail_under_a_stolen_message_id_is_no_copy(uow: UnitOfWork) -> None:
    first = arrive(uow, mail("Un trou.", Message_ID="<one@usagers.example>"))
    second = arrive(uow, mail("Un autre.", Message_ID="<one@usagers.example>"))
    assert (first.outcome, second.outcome) == (Outcome.WAITING, Outcome.WAITING)


def test_who_writes_faster_than_people_do_is_looked_at_by_somebody(uow: UnitOfWork, town: given.Town) -> None:
    written = written_to(uow, town)
    ends = [arrive(uow, mail(f"Encore {n}.", To=written.address)) for n in range(21)]
    assert {row.outcome for row in ends[:20]} == {Outcome.REPLY}
    assert (ends[20].outcome, ends[20].reason) == (Outcome.WAITING, "sender_floods")


def test_an_empty_mail_is_said_to_be_without_words(uow: UnitOfWork, town: given.Town) -> None:
    written = written_to(uow, town)
    arrive(uow, mail("", Subject="", To=written.address))
    assert thread(uow, written)[-1].body == "(Message sans texte.)"


def test_a_demand_of_nobody_is_not_joined_by_guessing(uow: UnitOfWork, town: given.Town) -> None:
    row = arrive(uow, mail("Un nouveau trou."))
    assert (row.outcome, row.case_id, row.sender) == (Outcome.WAITING, None, ANA)
