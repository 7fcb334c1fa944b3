"""People outside: a contractor by its links, an opinion, referrals; some answered, some late, one refused."""

from __future__ import annotations

from datetime import timedelta

from crm.cases import contest_case
from crm.cli.demo.together.people import AT_WORK, Stage
from crm.foundation import PARIS, RESIDENT, UnitOfWork
from crm.guests import (
    Answer,
    Asking,
    Purpose,
    Said,
    answer_link,
    ask_opinion,
    guest,
    refer_outside,
    send_work,
)

Sent = tuple[int, str] | None  # a link, and its demand


def people_outside(stage: Stage) -> None:
    _sent(stage, days_ago=1)
    taken = Said(answer=Answer.TAKEN, name="R. Aubry, LumiRive")
    _answers(stage, 200, _sent(stage, days_ago=12), taken)
    report = Said(answer=Answer.DONE, name="R. Aubry, LumiRive", text="Lampe changée.", no_photo="De nuit.")
    contested = _sent(stage, days_ago=6)
    _answers(stage, 70, contested, report)
    if contested is not None:
        stage.act(20, RESIDENT, contest_case, stage.book, contested[1], "C’est toujours éteint.")
    _opinion(stage, "Est-ce votre conduite sous la chaussée ?", 30)
    given = Said(answer=Answer.GIVEN, name="N. Ferrand, ingénieure", text="Oui, depuis 2019.")
    _answers(stage, 50, _opinion(stage, "Le talus est-il stable ?", 200), given, Purpose.OPINION)
    _referral(stage, "Département, routes", 20)
    _referral(stage, "Voies navigables", 24 * 18)
    words = Said(answer=Answer.REFUSED, name="Accueil", text="Cette voie n’est pas à nous.")
    _answers(stage, 5, _referral(stage, "Bailleur du parc", 60), words, Purpose.REFERRAL)


def _opinion(stage: Stage, question: str, hours_ago: float) -> Sent:
    who = ("Eaux de la Haute-Rive", "exploitation@eaux.example.org")

    def ask(uow: UnitOfWork, reference: str) -> int:
        return ask_opinion(uow, reference, _asking(uow, *who, question, 5))

    seen = stage.demands("voirie-est", *AT_WORK, again=True, still=hours_ago)
    return stage.first(hours_ago, stage.who("Paul"), seen, ask)


def _referral(stage: Stage, body: str, hours_ago: int) -> Sent:
    def refer(uow: UnitOfWork, reference: str) -> int:
        asking = _asking(uow, body, "accueil@partenaire.example.org", "", 15)
        seen = stage.version(reference)
        return refer_outside(uow, reference, asking, book=stage.book, seen_version=seen)

    left = stage.demands(None, "registered", *AT_WORK, still=hours_ago)
    return stage.first(hours_ago, stage.who("Karim"), left, refer)


def _sent(stage: Stage, *, days_ago: int) -> Sent:
    """A link to the contractor on one of its demands."""
    question = "Remettre en service, et nous dire quand."
    who = ("LumiRive, secteur Ouest", "exploitation@lumirive.example.org")

    def send(uow: UnitOfWork, reference: str) -> int:
        return send_work(uow, reference, _asking(uow, *who, question, 7))

    works = stage.demands("eclairage-ouest", *AT_WORK, still=24 * days_ago)
    return stage.first(24 * days_ago, stage.who("Hélène"), works, send)


def _answers(stage: Stage, hours_ago: float, sent: Sent, said: Said, purpose: Purpose = Purpose.WORK) -> None:
    if sent is not None:
        unit_id = stage.unit("eclairage-ouest") if purpose is Purpose.WORK else None
        link, holder = sent[0], guest(sent[0], purpose, unit_id, None)

        def reply(uow: UnitOfWork, _reference: str) -> None:
            answer_link(uow, stage.book, link, said)

        stage.act(hours_ago, holder, reply, sent[1])


def _asking(uow: UnitOfWork, body: str, email: str, question: str, days: int) -> Asking:
    return Asking(
        organization=body,
        email=email,
        due_on=uow.now.astimezone(PARIS).date() + timedelta(days=days),
        category="Voirie",
        place="voir le plan",
        observed="Constaté sur place par l’équipe.",
        question=question,
    )
