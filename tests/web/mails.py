"""Mails that agents find in front of them."""

from __future__ import annotations

from email.message import EmailMessage
from io import BytesIO

from PIL import Image

from tests.channels.mails import ANA


def with_photo_and_layout(body: str) -> bytes:
    """Words, the same in a hostile layout that fetches a picture, and a photo."""
    made = EmailMessage()
    made["From"], made["To"], made["Subject"] = f"Ana Lopez <{ANA}>", "relation@rivebois.example", "Bonsoir"
    made["Message-ID"] = "<avec-photo@usagers.example>"
    made.set_content(body)
    spy = '<img src="https://espion.example/vu.gif"><script>alert(1)</script>'
    made.add_alternative(f"<p>{body}</p>{spy}", subtype="html")
    drawn = BytesIO()
    Image.new("RGB", (320, 240), "grey").save(drawn, "PNG")
    made.add_attachment(drawn.getvalue(), maintype="image", subtype="png", filename="trou.png")
    return made.as_bytes()
