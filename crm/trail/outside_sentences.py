"""Sentences of what is asked of people outside. The usager is told by the facts of the case itself."""

from __future__ import annotations

from collections.abc import Mapping

from crm.trail.sentence import N_, Sentence

# Messages about a demand that its usager does not receive: bodies, experts, contractors, who is on call do.
TO_OTHERS = frozenset({"handover", "opinion_request", "work_request", "guest_reminder", "on_call"})

OUTSIDE: Mapping[str, Sentence] = {
    "guest.asked": Sentence(N_("Extrait envoyé à une personne extérieure : %(purpose)s.")),
    "guest.opinion_given": Sentence(N_("Avis reçu de l’extérieur.")),
    "guest.referral_answered": Sentence(N_("L’organisme a répondu à la transmission : %(answer)s.")),
    "guest.overdue": Sentence(N_("Sans réponse de l’extérieur à la date demandée : %(purpose)s.")),
    "guest.revoked": Sentence(N_("Lien retiré, il ne s’ouvre plus : %(purpose)s.")),
    "guest.seen": Sentence(N_("Lien ouvert.")),
}
