"""The mailboxes we read: do they open, have the folder for what was taken in, and how much waits there?"""

from __future__ import annotations

from collections.abc import Iterator

from crm.channels import open_box
from crm.cli.doctor.findings import Finding, good, information, wrong
from crm.foundation import Settings, Unavailable
from crm.foundation.settings import Mailbox

_ADVICE = (
    "Vérifiez [[mailboxes]] : host, port, security (none, starttls, tls), user, password et folder.\n"
    "Rien n’est perdu : les courriels attendent dans la boîte, et entreront dès qu’elle s’ouvrira."
)
_CLOSED = {
    "MailboxLoginError": "refuse notre compte ou notre mot de passe",
    "MailboxFolderSelectError": "n’a pas ce dossier",
    "SSLCertVerificationError": "présente un certificat que cette machine ne reconnaît pas",
}


def mailboxes(settings: Settings) -> Iterator[Finding]:
    if not settings.mailboxes:
        yield information(
            "Aucune boîte aux lettres n’est relevée : les courriels reçus n’entrent pas",
            "Nommez-les par des tables [[mailboxes]] ; voir docs/channels/email.md.",
        )
    for box in settings.mailboxes:
        yield _mailbox(box)
    if settings.mailboxes and not settings.mail.auth_server:
        yield information(
            "L’authenticité des courriels reçus n’est pas montrée",
            "Nommez dans [mail] auth_server le serveur dont l’en-tête Authentication-Results fait foi.",
        )


def _mailbox(box: Mailbox) -> Finding:
    name = f"Boîte {box.user}"
    try:
        with open_box(box) as opened:
            waiting = sum(1 for _ in opened.waiting())
            how = "dès leur arrivée" if opened.tells_at_once else f"toutes les {box.poll_seconds:.0f} s"
    except Unavailable as refused:
        why = str(refused.details.get("why"))
        return wrong(f"{name} : {box.host}:{box.port} {_CLOSED.get(why, f'ne répond pas ({why})')}", _ADVICE)
    return good(f"{name} : relevée {how} ; {waiting} courriels à prendre")
