"""Sentences of work orders and rounds. The usager is told nothing of them: one answer leaves."""

from __future__ import annotations

from collections.abc import Mapping

from crm.trail.sentence import N_, Sentence

WORK: Mapping[str, Sentence] = {
    "order.asked": Sentence(N_("Intervention n° %(number)s demandée au service « %(unit)s ».")),
    "order.accepted": Sentence(N_("Intervention n° %(number)s acceptée par le service « %(unit)s ».")),
    "order.planned": Sentence(N_("Intervention n° %(number)s prévue le %(planned_on)s.")),
    "order.secured": Sentence(
        N_("Intervention n° %(number)s : mise en sécurité faite ; réparation prévue le %(planned_on)s.")
    ),
    "order.on_the_way": Sentence(N_("Intervention n° %(number)s : une équipe est en route.")),
    "order.needs_more": Sentence(
        N_("Intervention n° %(number)s : le terrain a besoin d’autre chose, à voir par le service pilote.")
    ),
    "order.done": Sentence(N_("Intervention n° %(number)s terminée : %(outcome)s.")),
    "order.sent_back": Sentence(
        N_("Intervention n° %(number)s renvoyée par le service « %(unit)s » : %(reason)s.")
    ),
    "order.handed_over": Sentence(
        N_("Intervention n° %(number)s passée au service « %(unit)s » : le précédent a fermé.")
    ),
    "order.withdrawn": Sentence(N_("Intervention n° %(number)s retirée.")),
    "order.dropped": Sentence(N_("Intervention n° %(number)s retirée : la demande est terminée.")),
    "order.restored": Sentence(N_("Intervention n° %(number)s à faire de nouveau : réponse reprise.")),
    "case.left": Sentence(N_("L’agent qui la suivait est parti : à reprendre par le service.")),
    "case.work_ended": Sentence(
        N_("Toutes les interventions sont terminées : le service pilote peut rendre compte.")
    ),
    "incident.restored": Sentence(N_("L’incident continue : la réponse a été reprise.")),
    "case.joined_round": Sentence(N_("Mise dans la tournée du %(day)s.")),
    "case.left_round": Sentence(N_("Retirée de la tournée du %(day)s.")),
    "order.joined_round": Sentence(N_("Intervention n° %(number)s mise dans la tournée du %(day)s.")),
    "order.left_round": Sentence(N_("Intervention n° %(number)s retirée de la tournée du %(day)s.")),
    "round.made": Sentence(N_("Tournée faite : %(how_many)s arrêts.")),
    "round.changed": Sentence(N_("Tournée changée.")),
    "round.cancelled": Sentence(N_("Tournée annulée.")),
}
