"""What was not taken of a message, and who may have imitated whom, is said to the agent who reads it."""

from __future__ import annotations

from collections.abc import Callable
from email.message import EmailMessage
from io import BytesIO

import pytest
from PIL import Image

from crm.channels import Arrival
from crm.foundation import SYSTEM, FrozenClock, Sessions, Units
from crm.inbox import store_inbound, understand
from crm.reactions import REACTIONS
from tests.channels.mails import ANA, RECEIVER, mail
from tests.web.agents import Browser

Enter = Callable[[str], Browser]


def _page(browser: Browser, sessions: Sessions, clock: FrozenClock, content: bytes) -> str:
    units = Units(sessions, clock, REACTIONS)
    with units.begin(SYSTEM) as uow:
        inbound_id = store_inbound(uow, "email", Arrival(external_id=str(hash(content)), content=content))
        assert inbound_id is not None
    with units.begin(SYSTEM) as uow:
        understand(uow, {"email": RECEIVER}, inbound_id)
    return browser.get(f"/console/arrivees/{inbound_id}").text


def test_what_was_not_taken_of_a_mail_is_said_in_words(
    log_in: Enter, sessions: Sessions, clock: FrozenClock
) -> None:
    made = EmailMessage()
    made["From"], made["Subject"] = ANA, "Photos"
    made.set_content("Voici.")
    made.add_attachment(b"\x78\x9f", maintype="application", subtype="ms-tnef", filename="winmail.dat")
    for number in range(25):
        made.add_attachment(b"x", maintype="application", subtype="zip", filename=f"{number}.zip")
    page = _page(log_in("advisor"), sessions, clock, made.as_bytes())
    assert "winmail.dat) ne s’ouvre pas ici" in page and "Plus de vingt pièces jointes" in page


def test_who_is_in_copy_is_shown(log_in: Enter, sessions: Sessions, clock: FrozenClock) -> None:
    page = _page(log_in("advisor"), sessions, clock, mail(Cc="maire@mairie.example, elu@mairie.example"))
    assert "maire@mairie.example, elu@mairie.example" in page


@pytest.mark.parametrize(
    ("result", "said"),
    [
        ("dmarc=fail", "Expéditeur non authentifié"),
        ("dmarc=pass", "Expéditeur authentifié"),
        ("none", "Authenticité de l’expéditeur non vérifiée"),
    ],
)
def test_who_is_not_authenticated_wears_a_badge(
    log_in: Enter, sessions: Sessions, clock: FrozenClock, result: str, said: str
) -> None:
    headers = {
        "From": "Madame le Maire <maire@mairie.example>",
        "Authentication_Results": f"mx.rivebois.example; {result}",
    }
    assert said in _page(log_in("advisor"), sessions, clock, mail(**headers))


def test_a_letter_that_nothing_here_can_read_says_so(log_in: Enter, monkeypatch: pytest.MonkeyPatch) -> None:
    """The demand is opened with its pages all the same."""
    monkeypatch.setenv("PATH", "/nowhere")
    drawn = BytesIO()
    Image.new("L", (300, 400), 251).save(drawn, "JPEG")
    browser = log_in("advisor")
    sent = {"files": (BytesIO(drawn.getvalue()), "page.jpg"), "received_on": "2026-09-10", "then": "form"}
    answer = browser.post("/console/courriers/arrives", **sent)
    assert answer.status_code == 303
    form = browser.get(answer.headers["Location"]).text
    assert "Cette machine ne lit pas les pages numérisées" in form and "courrier" in form
