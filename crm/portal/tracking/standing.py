"""Where the demand stands: a title, what will happen, the date promised, the four steps."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from crm.cases import CaseSheet, CaseState, PublicStep, public_step
from crm.foundation import PARIS
from crm.http import dates, language, typo, wiring
from crm.http import gettext as _
from crm.portal.tracking.story import Story

_REACHED = {
    PublicStep.RECEIVED: 0,
    PublicStep.TRANSMITTED: 1,
    PublicStep.IN_HAND: 2,
    PublicStep.YOUR_TURN: 2,
    PublicStep.PARTNER: 2,
    PublicStep.ANSWER_COMING: 3,
    PublicStep.ENDED: 4,
    PublicStep.REFERRED: 4,
}
_TONES = {"I": "info", "R": "plain", "D": "info", "NC": "warn", "PV": "info", "A": "plain", "X": "plain"}
_SETTLED = frozenset({"I", "R", "T"})  # nothing was to be done on the spot


@dataclass(frozen=True, slots=True)
class StepShown:
    label: str
    when: str
    state: str


@dataclass(frozen=True, slots=True)
class Standing:
    """
    Args:
        tone: of the card: ok, info, warn or plain.
        promise: the date told first, and whether it was kept; empty when none was promised.
        contest: the words of the button that opens the demand again; empty when it cannot be.
        steps: empty for a demand that was cancelled.
    """

    title: str
    tone: str
    next: str
    promise: str
    contest: str
    open: bool
    steps: list[StepShown]


def standing(case: CaseSheet, story: Story, now: datetime, *, follower: bool = False) -> Standing:
    """
    Args:
        follower: the reader did not ask, but follows.
    """
    step = public_step(case.state, case.outcome)
    title, tone, following = _card(case, step, now, follower=follower)
    return Standing(
        title=title,
        tone=tone,
        next=following,
        promise=_promise(case, now),
        contest=_contest(case),
        open=case.closed_at is None,
        steps=_path(case, step, story),
    )


def works_told(case: CaseSheet, now: datetime) -> bool:
    """Of the works, what is still true: a day to come, or a danger put aside."""
    return case.planned_on is not None and (_ahead(case, now) or case.made_safe_at is not None)


def _ahead(case: CaseSheet, now: datetime) -> bool:
    return case.planned_on is not None and case.planned_on >= now.astimezone(PARIS).date()


def _card(case: CaseSheet, step: PublicStep, now: datetime, *, follower: bool) -> tuple[str, str, str]:
    if step is PublicStep.ENDED:
        return _ending(case.outcome, follower=follower)
    if step is PublicStep.IN_HAND and works_told(case, now):
        return _planned(case, now)
    return _cards(_("Vous n’avez rien à faire."))[step]


def _cards(nothing: str) -> dict[PublicStep, tuple[str, str, str]]:
    """Title, tone and what follows, of each step that is told the same way every time."""
    return {
        PublicStep.RECEIVED: (
            _("Nous avons bien reçu votre demande."),
            "ok",
            _("Un agent la lit et cherche le service compétent.") + f" {nothing}",
        ),
        PublicStep.TRANSMITTED: (
            _("Votre demande est transmise au service compétent."),
            "ok",
            _("Le service va l’étudier et s’organiser.") + f" {nothing}",
        ),
        PublicStep.IN_HAND: (_("Le service s’occupe de votre demande."), "ok", nothing),
        PublicStep.YOUR_TURN: (
            _("Nous attendons votre réponse."),
            "warn",
            _("Nous vous avons posé une question. Répondez-y ci-dessous, par téléphone ou au guichet."),
        ),
        PublicStep.PARTNER: (
            _("Le service attend un partenaire."),
            "info",
            _("Il reprendra dès que ce partenaire aura répondu.") + f" {nothing}",
        ),
        PublicStep.ANSWER_COMING: (
            _("Le service a terminé son travail."),
            "ok",
            _("Nous préparons notre réponse.") + f" {nothing}",
        ),
        PublicStep.REFERRED: (
            _("Votre demande est transmise à un autre organisme."),
            "info",
            _("Il vous répondra lui-même. Vous n’avez rien à refaire, et nous gardons la trace."),
        ),
        PublicStep.CANCELLED: (
            _("Votre demande est annulée."),
            "plain",
            _("Elle n’aura pas de suite. Si c’est une erreur, appelez-nous."),
        ),
    }


def _planned(case: CaseSheet, now: datetime) -> tuple[str, str, str]:
    day = dates.day(case.planned_on or case.due_at)
    nothing = _("Vous n’avez rien à faire.")
    if case.made_safe_at and not _ahead(case, now):
        safe = _("Une équipe a écarté le danger le %(moment)s.", moment=dates.moment(case.made_safe_at))
        return _("Le danger est écarté. La réparation est prévue."), "ok", f"{safe} {nothing}"
    if case.made_safe_at:
        told = _("Une équipe a écarté le danger le %(moment)s. La réparation est prévue le %(day)s.")
        text = told % {"moment": dates.moment(case.made_safe_at), "day": day}
        return _("Le danger est écarté. La réparation est prévue."), "ok", f"{text} {nothing}"
    text = _("Le service interviendra le %(day)s.", day=day)
    return _("L’intervention est prévue."), "ok", f"{text} {nothing}"


def _ending(outcome: str | None, *, follower: bool) -> tuple[str, str, str]:
    """In the words of the messages: the catalogue's own."""
    catalogue, _index = wiring().rulebooks.categories()
    told = catalogue.outcome_sentence(outcome, language(), follower=follower)
    title = told if language() == "en" else typo(told)
    tone = _TONES.get(outcome or "", "ok")
    return title or _("Votre demande est terminée."), tone, _("Notre réponse est ci-dessous.")


def _promise(case: CaseSheet, now: datetime) -> str:
    """The first date told stands for ever; whether it was kept is said as it is."""
    promised = case.announced_due_at
    if promised is None or case.state is CaseState.CANCELLED:
        return ""
    day = dates.promise(promised, case.priority)
    if case.closed_at is not None:
        given = dates.day(case.answered_at or case.closed_at)
        if (case.answered_at or case.closed_at) <= promised:
            return _("Réponse promise au plus tard le %(day)s, donnée le %(given)s.", day=day, given=given)
        late = _("Réponse promise au plus tard le %(day)s, donnée le %(given)s : nous étions en retard.")
        return late % {"day": day, "given": given}
    if now <= promised and case.answer_channel == "none":
        return _("Nous nous engageons à traiter votre demande au plus tard le %(day)s.", day=day)
    if now <= promised:
        return _("Vous aurez notre réponse au plus tard le %(day)s.", day=day)
    late = _("Nous avions promis une réponse au plus tard le %(day)s. Ce délai n’est pas tenu.", day=day)
    if case.due_at > now:
        new = _(
            "Nous vous répondrons au plus tard le %(day)s.", day=dates.promise(case.due_at, case.priority)
        )
        return f"{late} {new}"
    return late


def _contest(case: CaseSheet) -> str:
    if case.state not in {CaseState.RESOLVED, CaseState.CLOSED}:
        return ""
    return _("Cette réponse ne me suffit pas") if case.outcome in _SETTLED else _("Ce n’est pas fait")


def _path(case: CaseSheet, step: PublicStep, story: Story) -> list[StepShown]:
    if step is PublicStep.CANCELLED:
        return []
    reached = _REACHED[step]
    labels = (_("Reçue"), _("Transmise"), _("En cours"), _("Réponse"))
    whens = (
        dates.short_day(case.received_at),
        dates.short_day(story.routed_at) if story.routed_at else "",
        _when_in_hand(case, story, reached),
        dates.short_day(case.answered_at) if case.answered_at else _("à venir"),
    )
    return [
        StepShown(label, whens[at], "done" if at < reached else "now" if at == reached else "")
        for at, label in enumerate(labels)
    ]


def _when_in_hand(case: CaseSheet, story: Story, reached: int) -> str:
    if reached == 2 and case.planned_on:
        return dates.short_day(case.planned_on)
    return dates.short_day(story.accepted_at) if story.accepted_at and reached >= 2 else ""
