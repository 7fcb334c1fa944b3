"""Sends an agent the link by which they choose a password. It is signed as it leaves: no table holds it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from crm.channels import Outbound, mail_domain
from crm.foundation import PARIS
from crm.staff import Invited, invitation_to_send, signed_invitation
from crm.wiring import Wiring
from workers.jobs.leaving_links import send_links

_WORDS = {
    "fr": (
        "Votre accès à l’outil de relation avec les usagers",
        "Bonjour {first_name},",
        "{organization} vous ouvre un accès à l’outil que partagent le centre de relation, les mairies et "
        "les services.",
        "Choisissez votre mot de passe ici : {link}",
        "Ce lien sert une seule fois, jusqu’au {until}. Ne le transmettez pas : personne d’autre ne doit "
        "connaître votre mot de passe, pas même votre administrateur.",
        "Le lien ne s’ouvre plus ? Demandez-en un autre à votre administrateur.",
        "{centre}",
    ),
    "en": (
        "Your access to the residents’ relations tool",
        "Hello {first_name},",
        "{organization} gives you access to the tool that the contact centre, the town halls and the units "
        "share.",
        "Choose your password here: {link}",
        "This link works once, until {until}. Do not pass it on: nobody else may know your password, not "
        "even your administrator.",
        "The link no longer opens? Ask your administrator for another.",
        "{centre}",
    ),
}


def send_invitations(wired: Wiring, delivery_ids: Sequence[int]) -> None:
    """Raises Unavailable. A mailbox that refuses: the sheet goes on saying that they never came."""
    send_links(wired, delivery_ids, partial(_mail, wired))


def _mail(wired: Wiring, agent_id: int) -> Outbound | None:
    with wired.units.reading() as session:
        invited = invitation_to_send(session, agent_id, wired.clock.now())
    if invited is None:
        return None
    subject, *lines = _WORDS.get(invited.language, _WORDS["fr"])
    return Outbound(
        id=invited.id,
        recipient=invited.email,
        subject=subject,
        body="\n\n".join(lines).format(**_values(wired, invited)),
        message_id=f"<invitation-{invited.id}@{mail_domain(wired.settings.mail.sender)}>",
    )


def _values(wired: Wiring, invited: Invited) -> dict[str, str]:
    centre = wired.settings.centre
    token = signed_invitation(wired.settings.secret_key.get_secret_value(), invited.id)
    return {
        "first_name": invited.first_name,
        "organization": invited.organization_name,
        "link": f"{centre.site_url.rstrip('/')}/invitation/{token}",
        "until": f"{invited.ends_at.astimezone(PARIS):%d/%m/%Y}",
        "centre": centre.name,
    }
