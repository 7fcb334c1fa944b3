"""« STOP », and its undoing, told from everything else that a text message may say. Pure.

Only a message that says nothing else counts: « Arrêt de bus cassé rue des Lilas » is a demand, and « Stop, ça
suffit, le trou est toujours là » is for a person to read.
"""

from __future__ import annotations

import re
from typing import Literal

from crm.foundation import fold

_STOP = (
    "stop|arret|arrets|arreter|arretez|desabonner|desabonnement|desabonnez moi|desinscription|desinscrire|"
    "desinscrivez moi|unsubscribe|stopsms|plus de sms"
)
_AGAIN = "reprendre|reprise|reprenez|start|unstop|reabonner|reabonnement"
# What people put around it: who it is for, politeness, the short number that the words « STOP au 36… » give.
_AROUND = "stop|sms|les|l|le|au|envoi|envois|messages|pub|tout|svp|s il vous plait|merci|bonjour|\\d{3,6}"
_ASKS_STOP = re.compile(rf"(?:bonjour )?(?:{_STOP})(?: (?:{_AROUND}))*")
_ASKS_AGAIN = re.compile(rf"(?:bonjour )?(?:{_AGAIN})(?: (?:{_AROUND}))*")
_LONGEST = 60  # characters: beyond, something else is said


def sms_wish(text: str) -> Literal["stop", "again", ""]:
    """Does the whole message ask for no SMS any more, or for SMS again?"""
    if len(text) > _LONGEST:
        return ""
    bare = fold(text)
    if _ASKS_STOP.fullmatch(bare):
        return "stop"
    return "again" if _ASKS_AGAIN.fullmatch(bare) else ""
