"""Tables as files that a spreadsheet opens: CSV and XLSX, sent as they are made, in constant memory.

XLSX is written by hand: libraries keep the whole file on disk before its first byte leaves, and take several
times as long for plain text.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import IO, cast
from xml.sax.saxutils import escape
from zipfile import ZIP_DEFLATED, ZipFile

Rows = Iterable[Sequence[str]]
MIMETYPES = {
    "csv": "text/csv",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
MOST_ROWS = 1_048_575  # of a sheet, its heading left out
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
_UNWRITABLE = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_LONGEST_CELL = 32_767
_CHUNK_BYTES = 64 * 1024

_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_KINDS = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_NO_FILLS = '<fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill>'
_PLAIN, _BOLD = 0, 1  # ranks among cellXfs below; number format 49 is text
_FILES = {
    "[Content_Types].xml": f'''<Types xmlns="{_PACKAGE}/content-types">
<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>
<Default Extension="xml" ContentType="application/xml"/>
<Override PartName="/xl/workbook.xml" ContentType="{_KINDS}.sheet.main+xml"/>
<Override PartName="/xl/styles.xml" ContentType="{_KINDS}.styles+xml"/>
<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_KINDS}.worksheet+xml"/>
</Types>''',
    "_rels/.rels": f'''<Relationships xmlns="{_PACKAGE}/relationships">
<Relationship Id="rId1" Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/>
</Relationships>''',
    "xl/_rels/workbook.xml.rels": f'''<Relationships xmlns="{_PACKAGE}/relationships">
<Relationship Id="rId1" Type="{_OFFICE}/worksheet" Target="worksheets/sheet1.xml"/>
<Relationship Id="rId2" Type="{_OFFICE}/styles" Target="styles.xml"/>
</Relationships>''',
    "xl/styles.xml": f'''<styleSheet xmlns="{_MAIN}">
<fonts count="2"><font><sz val="11"/><name val="Calibri"/></font>
<font><b/><sz val="11"/><name val="Calibri"/></font></fonts>
<fills count="2">{_NO_FILLS}</fills>
<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>
<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>
<cellXfs count="2"><xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0"/>
<xf numFmtId="49" fontId="1" fillId="0" borderId="0" xfId="0"/></cellXfs>
<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles>
</styleSheet>''',
}
_SHEET_HEAD = f'''{_HEAD}<worksheet xmlns="{_MAIN}">
<sheetViews><sheetView workbookViewId="0">
<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>
<cols><col min="1" max="40" width="22" customWidth="1"/></cols><sheetData>'''
_SHEET_END = "</sheetData></worksheet>"


def neutral(text: str) -> str:
    """What a spreadsheet would take for a formula is shown as text: `=HYPERLINK(…)` → `'=HYPERLINK(…)`."""
    return f"'{text}" if text.startswith(_FORMULA) else text


def as_csv(rows: Rows) -> Iterator[bytes]:
    """Semicolons and a byte order mark: French spreadsheets open it by a double click."""
    sink = _Sink()
    writer = csv.writer(_Lines(sink), delimiter=";", lineterminator="\r\n")
    sink.write(b"\xef\xbb\xbf")
    for row in rows:
        writer.writerow([neutral(cell) for cell in row])
        if sink.is_full:
            yield sink.take()
    yield sink.take()


def as_xlsx(rows: Rows, title: str) -> Iterator[bytes]:
    """One sheet of text, its first row in bold and kept in sight."""
    sink = _Sink()
    with ZipFile(cast(IO[bytes], sink), "w", ZIP_DEFLATED) as book:  # it only writes and flushes
        for name, content in {**_FILES, "xl/workbook.xml": _workbook(title)}.items():
            book.writestr(name, _HEAD + content)
        with book.open("xl/worksheets/sheet1.xml", "w") as sheet:
            sheet.write(_SHEET_HEAD.encode())
            for rank, row in enumerate(rows):
                if rank > MOST_ROWS:
                    break
                sheet.write(_row(row, _PLAIN if rank else _BOLD).encode())
                if sink.is_full:
                    yield sink.take()
            sheet.write(_SHEET_END.encode())
    yield sink.take()


class _Sink:
    """Holds what was written until it is sent. A zip file written there cannot go back, and does not."""

    def __init__(self) -> None:
        self._held: list[bytes] = []
        self._size = 0

    def write(self, data: bytes) -> int:
        self._held.append(bytes(data))
        self._size += len(data)
        return len(data)

    def flush(self) -> None:
        """Nothing to do: `take` empties it."""

    @property
    def is_full(self) -> bool:
        return self._size >= _CHUNK_BYTES

    def take(self) -> bytes:
        held, self._held, self._size = b"".join(self._held), [], 0
        return held


class _Lines:
    """What the csv module writes to."""

    def __init__(self, sink: _Sink) -> None:
        self._sink = sink

    def write(self, line: str) -> int:
        return self._sink.write(line.encode("utf-8", "replace"))


def _workbook(title: str) -> str:
    name = escape(re.sub(r"[\[\]:*?/\\]", " ", title)[:31], {'"': "&quot;"})
    return f'''<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}">
<sheets><sheet name="{name}" sheetId="1" r:id="rId1"/></sheets></workbook>'''


def _row(cells: Sequence[str], style: int) -> str:
    return f"<row>{''.join(_cell(cell, style) for cell in cells)}</row>"


def _cell(text: str, style: int) -> str:
    if not text:
        return f'<c s="{style}"/>'
    kept = escape(_UNWRITABLE.sub("", neutral(text[: _LONGEST_CELL - 1])))
    return f'<c s="{style}" t="inlineStr"><is><t xml:space="preserve">{kept}</t></is></c>'
