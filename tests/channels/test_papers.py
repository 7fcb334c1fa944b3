"""Letters and case files as PDF."""

from __future__ import annotations

from dataclasses import replace

from crm.channels import LetterPaper, case_pdf, letters_pdf

_LETTER = LetterPaper(
    centre="Métropole de Rivebois",
    centre_lines=("Relation usagers", "1 place de la Métropole", "99000 Rivebois"),
    place="Rivebois",
    day="1er septembre 2026",
    reference="2026-004217-63",
    to_lines=("Ana Lopez", "12 bis rue des Œillets", "99000 Rivebois"),
    subject="Votre demande : lampadaire éteint",
    body="Bonjour,\n\nC’est fait.",
)
_MARKUP = (
    '#panic("evaluated") *gras* $x$ `a` <script>alert(1)</script> \\ @ref ] } // fin " 😀 مرحبا \x00\u202e'
)


def test_a_letter_is_one_pdf_that_says_its_language_and_title() -> None:
    pdf = letters_pdf([_LETTER])
    assert pdf.startswith(b"%PDF-")
    assert b"/Lang(fr" in pdf.replace(b"/Lang (", b"/Lang(")
    assert b"/StructTreeRoot" in pdf, "a PDF without tags cannot be read aloud"


def test_large_print_is_larger() -> None:
    assert letters_pdf([replace(_LETTER, large_print=True)]) != letters_pdf([_LETTER])


def test_words_are_never_evaluated_as_markup() -> None:
    """Were a single field interpolated, `#panic` would stop the compilation."""
    told = dict.fromkeys(
        ("centre", "place", "day", "reference", "subject", "body", "link"), f"{_MARKUP}\n\n{_MARKUP}"
    )
    hostile = replace(_LETTER, **told, centre_lines=(_MARKUP,), to_lines=(_MARKUP,) * 6)
    assert letters_pdf([hostile]).startswith(b"%PDF-")


def test_three_hundred_thousand_characters_make_a_long_letter_not_an_error() -> None:
    assert letters_pdf([replace(_LETTER, body="mot " * 75_000)]).startswith(b"%PDF-")


def test_a_case_on_paper_holds_its_timeline() -> None:
    entry = {
        "at": "1er septembre 2026",
        "who": "Ana",
        "organization": _MARKUP,
        "what": "Reçue",
        "text": _MARKUP,
    }
    data = {
        "title": f"Demande {_MARKUP}",
        "reference": "2026-004217-63",
        "printed": "2 septembre 2026",
        "centre": "Métropole de Rivebois",
        "summary": [["État", "En cours"], ["Lieu", _MARKUP]],
        "answers": [["Numéro sur le mât", _MARKUP]],
    }
    short = case_pdf({**data, "timeline": [entry]})
    long = case_pdf({**data, "timeline": [entry] * 200})
    assert short.startswith(b"%PDF-")
    assert len(long) > 2 * len(short)
