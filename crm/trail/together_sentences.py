"""The sentences of what colleagues do together, and of appointments."""

from __future__ import annotations

from collections.abc import Mapping

from crm.trail.sentence import N_, Sentence

TOGETHER: Mapping[str, Sentence] = {
    "case.stepped_out": Sentence(N_("Hors cadre, pour l’usager. En dehors de : %(outside)s.")),
    "case.off_script_looked": Sentence(N_("Un collègue a regardé la sortie du cadre.")),
    "case.made_a_rule": Sentence(N_("Une sortie du cadre est devenue une règle.")),
    "case.watched": Sentence(N_("Un agent suit cette demande.")),
    "case.unwatched": Sentence(N_("Un agent ne suit plus cette demande.")),
    "case.colleagues_told": Sentence(N_("Note interne : elle nomme des collègues (%(how_many)s).")),
    "case.restricted": Sentence(N_("Accès restreint : %(restriction)s."), bare=N_("Accès restreint.")),
    "case.restriction_lifted": Sentence(N_("Restriction d’accès levée.")),
    "restricted.read": Sentence(N_("Demande à accès restreint ouverte.")),
    "appointment.booked": Sentence(
        N_("Rendez-vous pris pour le %(starts_at)s (%(meeting)s)."), N_("Un rendez-vous est pris.")
    ),
    "appointment.moved": Sentence(
        N_("Rendez-vous déplacé au %(starts_at)s."), N_("Votre rendez-vous est déplacé.")
    ),
    "appointment.cancelled": Sentence(
        N_("Rendez-vous du %(starts_at)s annulé."), N_("Votre rendez-vous est annulé.")
    ),
    "appointment.near": Sentence(N_("Rappel du rendez-vous du %(starts_at)s.")),
    "appointment.kept": Sentence(N_("L’usager est venu au rendez-vous du %(starts_at)s.")),
    "appointment.missed": Sentence(N_("Personne n’est venu au rendez-vous du %(starts_at)s.")),
    "case.call_promised": Sentence(
        N_("Rappel promis à partir du %(since)s, jusqu’à %(until)s."),
        N_("Nous vous avons promis un appel."),
    ),
    "slots.opened": Sentence(N_("Moments de rendez-vous ouverts : %(how_many)s.")),
    "slot.withdrawn": Sentence(N_("Moment de rendez-vous retiré.")),
    "help.asked": Sentence(N_("Aide demandée pendant un appel.")),
    "help.answered": Sentence(N_("Un collègue vient aider.")),
    "help.took_over": Sentence(N_("Un collègue a repris la saisie.")),
    "help.ended": Sentence(N_("Appel à l’aide terminé.")),
}
