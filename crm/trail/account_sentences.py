"""Sentences of what protects agents' accounts, besides the password."""

from __future__ import annotations

from collections.abc import Mapping

from crm.trail.sentence import N_, Sentence

ACCOUNTS: Mapping[str, Sentence] = {
    "agent.factor_added": Sentence(N_("Seconde preuve ajoutée au compte.")),
    "agent.factor_withdrawn": Sentence(N_("Seconde preuve retirée du compte.")),
    "agent.recovery_codes_made": Sentence(N_("Nouveaux codes de secours.")),
    "agent.recovery_code_used": Sentence(N_("Connexion avec un code de secours.")),
    "agent.second_factor_reset": Sentence(N_("Seconde preuve retirée par un responsable.")),
}
