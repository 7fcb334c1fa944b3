"""Whatever a mail server hands over is understood, or waits for a person with the reason."""

from __future__ import annotations

from email.message import EmailMessage

import pytest

from crm.channels import Nature, Unreadable
from tests.channels.mails import ANA, NAMES, mail, raw, read


def test_a_plain_mail_says_who_wrote_what_and_when() -> None:
    told = read(mail())
    assert (told.nature, told.sender, told.sender_name) == (Nature.MESSAGE, ANA, "Ana Lopez")
    assert told.subject == "Un trou"
    assert told.text == "Bonjour,\n\nIl y a un trou."
    assert told.sent_at is not None and told.sent_at.isoformat() == "2026-09-15T07:12:00+00:00"


@pytest.mark.parametrize(
    ("charset", "words"),
    [
        ("iso-8859-1", "Été à Méribel"),
        ("windows-1252", "l’œuvre à 5 €"),
        ("utf-8", "Été 🙂"),
        ("utf-16", "Été"),
        ("iso-2022-jp", "日本"),
        ("koi8-r", "Привет"),
    ],
)
def test_words_are_read_in_the_charset_they_claim(charset: str, words: str) -> None:
    head = f"From: {ANA}\nContent-Type: text/plain; charset={charset}"
    assert read(raw(head, words.encode(charset))).text == words


@pytest.mark.parametrize(
    "charset", ["us-ascii", "utf-8", "unknown-8bit", "x-made-up", "punycode", "zlib", '"']
)
def test_a_charset_that_lies_or_means_nothing_loses_no_letter_of_ours(charset: str) -> None:
    head = f"From: {ANA}\nContent-Type: text/plain; charset={charset}"
    assert read(raw(head, "Été à Méribel".encode("cp1252"))).text == "Été à Méribel"
    assert read(raw(head, "Été à Méribel".encode())).text == "Été à Méribel"


def test_encoded_words_of_one_character_cut_in_two_are_joined() -> None:
    head = f"From: {ANA}\nSubject: =?utf-8?B?w4l0w6kg4g==?= =?utf-8?B?gqw=?="
    assert read(raw(head)).subject == "Été €"


def test_a_page_without_plain_text_is_read_as_text_and_its_quotation_is_folded() -> None:
    page = (
        "<html><style>p{}</style><script>x()</script><p>Toujours&nbsp;cass&eacute;.</p>"
        "<div>Le 3 mars 2026, Relation usagers a écrit :</div><blockquote><p>C’est fait.</p></blockquote>"
    )
    told = read(raw(f"From: {ANA}\nContent-Type: text/html; charset=utf-8", page.encode()))
    assert told.text == "Toujours cassé."
    assert "C’est fait." in told.folded and "x()" not in told.folded + told.text


def test_an_empty_body_is_a_mail_all_the_same() -> None:
    told = read(mail("", Subject="Lampadaire éteint"))
    assert (told.text, told.subject, told.nature) == ("", "Lampadaire éteint", Nature.MESSAGE)


def test_every_header_may_be_missing() -> None:
    told = read(raw("X-Nothing: 1", b"Il y a un trou."))
    assert told.text == "Il y a un trou."
    assert (told.sender, told.subject, told.message_id, told.sent_at) == ("", "", "", None)


def test_an_absurd_date_is_no_date() -> None:
    for date in ("yesterday", "Mon, 99 Foo 20099 99:99:99 +9999", "Thu, 01 Jan 1970 00:00:00 +0000"):
        assert read(mail(Date=date)).sent_at is None


def test_nothing_at_all_is_for_a_person_to_see() -> None:
    for content in (b"", b" \r\n\r\n"):
        with pytest.raises(Unreadable):
            read(content)


def test_files_come_with_their_names_and_winmail_is_said() -> None:
    made = EmailMessage()
    made["From"] = ANA
    made.set_content("Voici")
    made.add_attachment(b"%PDF-1.4", maintype="application", subtype="pdf", filename="déclaration.pdf")
    made.add_attachment(
        b"\x78\x9f\x3e\x22", maintype="application", subtype="ms-tnef", filename="winmail.dat"
    )
    told = read(made.as_bytes())
    assert [file.name for file in told.files] == ["déclaration.pdf", "winmail.dat"]
    assert told.files[0].content == b"%PDF-1.4"
    assert told.left_out == ("winmail",)


def test_five_hundred_parts_are_looked_at_as_far_as_the_bound() -> None:
    made = EmailMessage()
    made["From"] = ANA
    made.set_content("Voici")
    for number in range(500):
        made.add_attachment(b"x", maintype="application", subtype="zip", filename=f"{number}.zip")
    told = read(made.as_bytes())
    assert told.text == "Voici" and len(told.files) == 20
    assert set(told.left_out) == {"too_many_files", "too_many_parts"}


def test_boxes_in_boxes_without_end_are_for_a_person_to_see_or_cut() -> None:
    nested = "".join(f'Content-Type: multipart/mixed; boundary="b{n}"\r\n\r\n--b{n}\r\n' for n in range(2000))
    try:
        told = read(f"From: {ANA}\r\n{nested}".encode())
    except Unreadable as refused:
        assert refused.reason == "too_deep"
    else:
        assert "too_deep" in told.left_out


def test_a_mail_within_a_mail_is_folded_and_not_taken_for_its_words() -> None:
    inner, outer = EmailMessage(), EmailMessage()
    inner["Subject"] = "Ancien"
    inner.set_content("Ce que disait un autre.")
    outer["From"] = ANA
    outer.set_content("Je vous transmets.")
    outer.add_attachment(inner)
    told = read(outer.as_bytes())
    assert told.text == "Je vous transmets."
    assert "Ce que disait un autre." in told.folded


def test_authentication_is_read_from_our_own_server_alone() -> None:
    ours = "mx.rivebois.example; spf=pass smtp.mailfrom=x; dkim=fail; dmarc=fail header.from=x"
    forged = "mx.elsewhere.example; spf=pass; dkim=pass; dmarc=pass"
    assert read(mail(Authentication_Results=ours)).trust == {"spf": "pass", "dkim": "fail", "dmarc": "fail"}
    assert read(mail(Authentication_Results=forged)).trust == {}


def test_a_reference_in_the_subject_is_a_hint_and_no_proof() -> None:
    told = read(mail(Subject="Re: votre demande 2026-004217-63"))
    assert told.hints == ("2026-004217-63",) and told.tokens == ()


def test_what_we_sent_is_known_again_by_its_address_and_by_its_message_id() -> None:
    by_address = read(mail(To=f"Centre <{NAMES.reply_address(42)}>"))
    by_id = read(mail(In_Reply_To=NAMES.message_id(43), References=f"<a@b> {NAMES.message_id(44)}"))
    assert by_address.tokens == ("42",)
    assert by_id.tokens == ("43", "44")


def test_names_of_ours_that_somebody_made_up_prove_nothing() -> None:
    address, message_id = NAMES.reply_address(42), NAMES.message_id(42)
    forged = address.replace("+42-", "+43-"), message_id.replace("<42.", "<43.")
    assert read(mail(To=forged[0], In_Reply_To=forged[1])).tokens == ()


def test_a_delivery_address_in_capitals_is_known_all_the_same() -> None:
    assert read(mail(To=NAMES.reply_address(42).upper())).tokens == ("42",)
