"""The delivered files are whole; a file with mistakes is refused with all of them named."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from crm.catalogue.files import read_folder
from crm.foundation import Invalid
from tests.catalogue.from_files import delivered

BROKEN = """
code = "ECLA"
label = "Éclairage"
label_en = "Lighting"
position = 1
colour = "red"

[[category]]
code = "VOIR-01"
label = "Lampadaire"
label_en = "Street light"
synonyms = ["lampadaire"]
place = "partout"
priority = 9
delay_days = 5
outcomes = ["F", "ZZ"]
map_display = "point"
identity_level = 0
handling = "On vient."
"""


def test_the_reference_taxonomy_is_delivered_whole() -> None:
    catalogue = delivered()
    per_domain = Counter(category.domain_code for category in catalogue.categories.values())
    assert [domain.code for domain in catalogue.domains] == [
        "PROP", "DECH", "VOIR", "SIGN", "ECLA", "EAU", "ASSA",
        "VERT", "MOBI", "MOBU", "TRAN", "HABI", "VIE", "REL",
    ]  # fmt: skip
    assert list(per_domain.values()) == [8, 8, 9, 4, 4, 5, 4, 6, 6, 3, 4, 3, 2, 4]
    assert len(catalogue.categories) == 70


def test_every_leaf_says_what_is_done_and_is_found_by_ten_words_or_more() -> None:
    for category in delivered().categories.values():
        assert len(category.synonyms) >= 10, category.code
        assert len(set(category.synonyms)) == len(category.synonyms), category.code
        assert category.handling.endswith(".") and category.handling_en.endswith("."), category.code


def test_what_happens_at_home_or_concerns_a_person_never_shows_on_the_public_map() -> None:
    shown = {c.code for c in delivered().categories.values() if c.map_display == "point"}
    private = {c.code for c in delivered().categories.values() if c.place in ("home", "none")}
    assert not shown & private
    assert not shown & {"PROP-06", "MOBI-01", "MOBI-02", "TRAN-04", "ASSA-01", "HABI-02"}


def test_texts_are_in_typographic_french_without_hand_made_narrow_spaces() -> None:
    for category in delivered().categories.values():
        texts = [
            category.label,
            category.handling,
            *category.synonyms,
            *(q.label for q in category.questions),
        ]
        assert not [text for text in texts if "'" in text or "\u202f" in text or "\u00a0" in text], (
            category.code
        )


def test_every_mistake_of_every_file_is_named_at_once_with_what_to_do(tmp_path: Path) -> None:
    # given
    (tmp_path / "eclairage.toml").write_text(BROKEN, encoding="utf-8")
    (tmp_path / "voirie.toml").write_text("code = ", encoding="utf-8")
    # when
    with pytest.raises(Invalid) as refused:
        read_folder(tmp_path)
    # then
    said = refused.value.fields
    assert set(said) == {
        "eclairage.toml colour",
        "eclairage.toml VOIR-01 place",
        "eclairage.toml VOIR-01 priority",
        "eclairage.toml VOIR-01 handling_en",
        "voirie.toml",
    }
    assert said["eclairage.toml VOIR-01 place"] == (
        "valeur inconnue ; valeurs permises : 'exact', 'street', 'home' or 'none'"
    )
    assert said["eclairage.toml VOIR-01 priority"] == "doit valoir au plus 4"


def test_values_that_contradict_each_other_are_named_too(tmp_path: Path) -> None:
    # given
    mended = BROKEN.replace('colour = "red"\n', "").replace('"partout"', '"none"').replace("= 9", "= 3")
    text = mended + 'handling_en = "We come."\ndangers = ["FEU"]\ndecision_regime = "implicit_rejection"\n'
    question = '[[category.question]]\nkey = "size"\nlabel = "Taille"\nlabel_en = "Size"\nkind = "yesno"\n'
    (tmp_path / "eclairage.toml").write_text(
        text + question + 'raises = [{ when = "maybe", priority = 1 }]\n'
    )
    # when
    with pytest.raises(Invalid) as refused:
        read_folder(tmp_path)
    # then
    assert set(refused.value.fields) == {
        "eclairage.toml VOIR-01 code",
        "eclairage.toml VOIR-01 outcomes",
        "eclairage.toml VOIR-01 map_display",
        "eclairage.toml VOIR-01 decision_months",
        "eclairage.toml VOIR-01 size raises",
        "VOIR-01 dangers",
    }


def test_an_empty_folder_is_said(tmp_path: Path) -> None:
    with pytest.raises(Invalid) as refused:
        read_folder(tmp_path)
    assert str(tmp_path) in refused.value.fields
