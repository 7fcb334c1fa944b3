"""Said to whoever comes second: somebody has decided about this arrival already."""

from __future__ import annotations

from flask_login import current_user

from crm.foundation import NotFound
from crm.http import gettext as _
from crm.http import in_sentence, reading, wording
from crm.inbox import one_arrival
from crm.staff import agent_names


def who_decided(inbound_id: int) -> str:
    """« Karim Belkacem a décidé entre-temps : classés sans réponse. Rien n’a été fait deux fois. »"""
    with reading() as session:
        try:
            sheet = one_arrival(session, current_user.actor, inbound_id)
        except NotFound:
            return ""
        names = agent_names(session, {sheet.seen_by}) if sheet.seen_by else {}
    who = names.get(sheet.seen_by or 0) or _("Quelqu’un d’autre")
    what = in_sentence(wording(sheet.outcome, "arrival_outcome"))
    return _("%(who)s a décidé entre-temps : %(what)s. Rien n’a été fait deux fois.", who=who, what=what)
