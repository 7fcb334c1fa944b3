"""Sentences of the ground and of emergencies."""

from __future__ import annotations

from collections.abc import Mapping

from crm.trail.sentence import N_, Sentence

GROUND: Mapping[str, Sentence] = {
    "case.on_the_way": Sentence(N_("Une équipe est en route."), N_("Une équipe est en route.")),
    "case.needs_more": Sentence(N_("Le terrain a besoin d’autre chose : à reprendre par le responsable.")),
    "case.told_later": Sentence(
        N_("Fait sur le terrain le %(done_at)s, arrivé plus tard : le téléphone n’avait pas de réseau.")
    ),
    "case.seen_there": Sentence(
        N_("Téléphone à %(metres)s m environ du lieu indiqué, dit avec l’accord de l’agent.")
    ),
    "case.report_kept": Sentence(
        N_("Compte rendu du terrain arrivé après un changement : gardé en note, rien n’est écrasé.")
    ),
    "case.entrusted": Sentence(N_("Demande confiée à un agent du service.")),
    "case.raised": Sentence(N_("Priorité relevée à la main : priorité %(priority)s.")),
    "case.urgent": Sentence(N_("Mise en sécurité : l’astreinte est à prévenir.")),
    "urgent.called": Sentence(
        N_("Mise en sécurité signalée par deux moyens : %(whom)s."),
        bare=N_("Mise en sécurité signalée par deux moyens."),
    ),
    "urgent.taken": Sentence(N_("Mise en sécurité prise en charge.")),
    "urgent.escalated": Sentence(
        N_("Personne n’a pris la mise en sécurité en charge en trente minutes : superviseurs prévenus.")
    ),
    "case.delayed": Sentence(
        N_("Retard annoncé : nouvelle date, le %(due_on)s."),
        N_("Nous ne tiendrons pas la date annoncée. Nouvelle date : le %(due_on)s."),
    ),
}
