"""Bad files and bad rows: refused with line and reason, the others imported."""

from __future__ import annotations

from pathlib import Path

from tests.importing.files import (
    GOOD,
    HEADER,
    MAPPING,
    count,
    good_rows,
    rejected,
    run_import,
    write_mapping,
    write_rows,
)
from tests.importing.questions import one_row, rows

_BAD = {
    GOOD.format("B1", 1).replace("2024-03-01", "1789-07-14"): "date trop ancienne (14/07/1789)",
    GOOD.format("B2", 1).replace("2024-03-01", "2190-01-01"): "date à venir (01/01/2190)",
    GOOD.format("B3", 1).replace("2024-03-01", "31/02/2024"): "date illisible « 31/02/2024 »",
    GOOD.format("B4", 1).replace("3.9,43.6", "0,0"): "coordonnées hors du territoire (0, 0)",
    GOOD.format("B5", 1).replace("3.9,43.6", "3.9,nord"): "coordonnées illisibles « 3.9 », « nord »",
    GOOD.format("B6", 1).replace("Téléphone", "Pigeon"): "canal inconnu « Pigeon »",
    GOOD.format("B7", 1).replace("Close", "Perdue"): "statut inconnu « Perdue »",
    GOOD.format("B8", 1).replace("Nid-de-poule", ""): "catégorie vide ; « soustype » est vide",
    GOOD.format("", 1): "« numero » est vide",
    GOOD.format("N0", 1): "même identifiant que la ligne 2",
    GOOD.format("B9", 1) + ",de trop": "11 cellules au lieu de 10",
    "B10,Voirie": "2 cellules au lieu de 10",
    'B11,"Voirie,Trou,rue,2024-03-01,Téléphone,Close,Nord,3.9,43.6': "guillemets mal fermés",
}


def test_each_bad_row_is_told_and_every_other_comes_in(database_url: str, tmp_path: Path) -> None:
    file = write_rows(tmp_path, *good_rows(3), *_BAD, GOOD.format("Z1", 1))
    told = run_import(database_url, file, write_mapping(tmp_path))
    assert told.returncode == 0, told.said
    refused = rejected(file)
    assert [row["motif"] for row in refused] == list(_BAD.values())
    assert [int(row["ligne"]) for row in refused] == list(range(5, 5 + len(_BAD)))
    assert count(database_url, "SELECT count(*) FROM cases") == 4
    assert f"4 demandes importées, 0 déjà là, {len(_BAD)} refusées" in told.said


def test_several_reasons_stand_together(database_url: str, tmp_path: Path) -> None:
    file = write_rows(
        tmp_path, GOOD.format("C1", 1).replace("2024-03-01", "hier").replace("3.9,43.6", "-30,45")
    )
    run_import(database_url, file, write_mapping(tmp_path))
    assert rejected(file)[0]["motif"] == "date illisible « hier » ; coordonnées hors du territoire (-30, 45)"


def test_latin_1_and_utf_8_lines_stand_in_one_file(database_url: str, tmp_path: Path) -> None:
    latin = GOOD.format("L1", 1).replace("Nid-de-poule", "Chaussée déformée").encode("cp1252")
    unreadable = GOOD.format("L2", 1).encode().replace(b"Nid", b"\x81\x8d\xff")
    file = write_rows(tmp_path, "\ufeff".encode() + GOOD.format("L3", 1).encode(), latin, unreadable)
    run_import(database_url, file, write_mapping(tmp_path))
    assert "Chaussée déformée" in {row["object"] for row in rows(database_url, "SELECT object FROM cases")}
    assert [row["motif"] for row in rejected(file)] == ["caractères illisibles"]


def test_text_meant_to_harm_is_only_text(database_url: str, tmp_path: Path) -> None:
    nasty = "<script>alert(1)</script>\u202e\x00🌳" + "x" * 300_000
    formula = GOOD.format("F2", 1).replace("3 rue des Lilas", "=HYPERLINK(1)").replace("Close", "=1+1")
    file = write_rows(tmp_path, GOOD.format("F1", 1).replace("Nid-de-poule", nasty), formula)
    told = run_import(database_url, file, write_mapping(tmp_path))
    assert told.returncode == 0, told.said
    kept = one_row(database_url, "SELECT object FROM cases")["object"]
    assert kept.startswith("<script>alert(1)</script>🌳xxx")
    assert len(kept) == 20_000
    assert rejected(file)[0]["adresse"] == "'=HYPERLINK(1)"


def test_a_quoted_cell_may_hold_commas_and_lines(database_url: str, tmp_path: Path) -> None:
    file = write_rows(tmp_path, GOOD.format("Q1", 1).replace("3 rue des Lilas", '"3, rue\ndes ""Lilas"""'))
    run_import(database_url, file, write_mapping(tmp_path))
    assert one_row(database_url, "SELECT place_label FROM cases")["place_label"] == '3, rue\ndes "Lilas"'


def test_a_missing_column_is_told_before_anything(database_url: str, tmp_path: Path) -> None:
    file = write_rows(tmp_path, "1,2", header=HEADER.replace("canal,", "").replace("date,", ""))
    told = run_import(database_url, file, write_mapping(tmp_path))
    assert told.returncode == 2
    assert "il manque la colonne « date », « canal »" in told.said
    assert "Rien n’a été importé" in told.said
    assert "Traceback" not in told.said


def test_semicolons_are_understood(database_url: str, tmp_path: Path) -> None:
    file = write_rows(tmp_path, GOOD.format("S1", 1).replace(",", ";"), header=HEADER.replace(",", ";"))
    assert "1 demandes importées" in run_import(database_url, file, write_mapping(tmp_path)).said


def test_every_mistake_of_a_mapping_is_named_at_once(database_url: str, tmp_path: Path) -> None:
    text = MAPPING.replace('"phone"', '"pigeon"').replace('state = "assigned"', 'state = "closed"')
    mapping = write_mapping(tmp_path, text.replace('object = "soustype"', 'objet = "soustype"'))
    told = run_import(database_url, write_rows(tmp_path, *good_rows(1)), mapping)
    assert told.returncode == 2
    for words in ("canal inconnu « pigeon »", "no_answer_reason", "columns objet", "columns object"):
        assert words in told.said, told.said


def test_a_category_of_ours_that_we_do_not_have_is_told(database_url: str, tmp_path: Path) -> None:
    text = MAPPING.replace('prefix = "VV"', 'prefix = "VV"\nsame_as = { "Nid-de-poule" = "VOIR-01" }')
    told = run_import(database_url, write_rows(tmp_path, *good_rows(1)), write_mapping(tmp_path, text))
    assert told.returncode == 2
    assert "nous n’avons pas de catégorie « VOIR-01 »" in told.said
