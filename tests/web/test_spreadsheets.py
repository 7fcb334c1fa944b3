"""Files for spreadsheets: whole, harmless, and never held in memory."""

from __future__ import annotations

import csv
import io
import tracemalloc
from collections.abc import Iterator

import pytest
from hypothesis import given as draw
from hypothesis import strategies as st
from openpyxl import load_workbook

from crm.http.spreadsheets import as_csv, as_xlsx, neutral

_FORMULAS = ['=HYPERLINK("http://x")', "+1", "-1", "@SUM(A1)", "\tx", "\rx", "\nx"]


def _read_csv(content: bytes) -> list[list[str]]:
    assert content.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=";"))


def _read_xlsx(content: bytes) -> list[list[str]]:
    sheet = load_workbook(io.BytesIO(content)).active
    assert sheet is not None
    return [["" if cell is None else str(cell) for cell in row] for row in sheet.iter_rows(values_only=True)]


@pytest.mark.parametrize("typed", _FORMULAS)
def test_no_cell_is_a_formula(typed: str) -> None:
    rows = [["Objet"], [typed]]
    assert neutral(typed) == f"'{typed}"
    assert _read_csv(b"".join(as_csv(rows)))[1][0] == f"'{typed}"
    sheet = load_workbook(io.BytesIO(b"".join(as_xlsx(rows, "Liste")))).active
    assert sheet is not None
    cell = sheet["A2"]
    assert cell.data_type == "s" and str(cell.value).startswith("'")


@draw(st.lists(st.lists(st.text(max_size=40), min_size=3, max_size=3), min_size=1, max_size=6))
def test_csv_gives_back_what_was_written(rows: list[list[str]]) -> None:
    clean = [[cell.encode("utf-8", "replace").decode() for cell in row] for row in rows]
    assert _read_csv(b"".join(as_csv(clean))) == [[neutral(cell) for cell in row] for row in clean]


def test_xlsx_gives_back_what_was_written() -> None:
    rows = [
        ["Référence", "Objet", "Usager"],
        ["2026-004217-57", "Un <trou> & « rien »\nau sol", 'فاطمة O’Brien "x" 😀'],
        ["", "  marges  ", "\x00\x0b\ufffeinvisible"],
    ]
    found = _read_xlsx(b"".join(as_xlsx(rows, "À traiter / [tout]")))
    assert found[:2] == rows[:2]
    assert found[2] == ["", "  marges  ", "invisible"]


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_a_long_list_leaves_as_it_is_made(form: str) -> None:
    made = 0

    def rows() -> Iterator[list[str]]:
        nonlocal made
        for rank in range(20_000):
            made += 1
            yield [f"2026-{rank:06d}", "Un trou dans la chaussée, devant l’école", str(rank * 7919)] * 3

    tracemalloc.start()
    parts = as_csv(rows()) if form == "csv" else as_xlsx(rows(), "Liste")
    next(parts)
    assert made < 10_000, "the first bytes leave before the last line is read"
    size = sum(len(part) for part in parts)
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert made == 20_000 and size > 200_000
    assert peak < 2_000_000
