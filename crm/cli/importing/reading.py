"""A CSV as people really send them: each line's own encoding, quotes gone astray, columns in any order."""

from __future__ import annotations

import csv
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from crm.cli.speech import Refusal

_DELIMITERS = (",", ";", "\t")
_MOST_LINES = 50  # of one record: beyond, it is a quote that was never closed
csv.field_size_limit(10_000_000)


@dataclass(frozen=True, slots=True)
class Record:
    """One row of the file, or why it cannot be read.

    Args:
        line: where it begins in the file; the header is line 1.
        ends_at: bytes read so far, for the progress bar.
    """

    line: int
    cells: Sequence[str]
    ends_at: int
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Header:
    names: Sequence[str]
    delimiter: str


@dataclass(frozen=True, slots=True)
class _Line:
    number: int
    text: str
    ends_at: int
    is_readable: bool = True


def read_header(path: Path, needed: Sequence[str]) -> Header:
    """
    Raises:
        Refusal: the file is empty, is no text, or lacks columns: all are named.
    """
    with path.open("rb") as file:
        raw = file.readline()
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\x00" in raw:
        raise Refusal(
            f"{path.name} n’est pas du texte en UTF-8 ni en latin-1 : enregistrez-le en « CSV UTF-8 »."
        )
    text, _readable = _decode(raw.removeprefix(b"\xef\xbb\xbf"))
    if not text.strip():
        raise Refusal(f"{path.name} est vide.")
    tried = [Header(_names(text, delimiter), delimiter) for delimiter in _DELIMITERS]
    best = max(tried, key=lambda header: len(set(needed) & set(header.names)))
    if missing := [name for name in needed if name not in best.names]:
        raise Refusal(
            f"{path.name} : il manque la colonne {', '.join(f'« {name} »' for name in missing)}."
            f" Colonnes trouvées : {', '.join(best.names)}. Rien n’a été importé."
        )
    return best


def _names(text: str, delimiter: str) -> list[str]:
    return [name.strip() for name in next(csv.reader([text], delimiter=delimiter))]


def records(path: Path, header: Header) -> Iterator[Record]:
    """Every row after the header. What cannot be read is told and left; the next row is read all the same."""
    with path.open("rb") as file:
        lines = _lines(file)
        next(lines, None)
        held: deque[_Line] = deque()
        while held or (following := next(lines, None)):
            if not held:
                assert following is not None
                held.append(following)
            if not held[0].text.strip():
                held.popleft()
                continue
            yield _record(held, lines, header)


def _record(held: deque[_Line], lines: Iterator[_Line], header: Header) -> Record:
    """Take one record from the lines held; if several lines do not make one, only the first is given up."""
    first = held[0]
    if not first.is_readable:
        held.popleft()
        return Record(first.number, [first.text], first.ends_at, "caractères illisibles")
    taken = _until_quotes_close(held, lines)
    cells = _parse([line.text for line in taken], header.delimiter) if taken else None
    if cells is not None and len(cells) == len(header.names):
        for _line in taken:
            held.popleft()
        return Record(first.number, cells, taken[-1].ends_at)
    held.popleft()
    alone = _parse([first.text], header.delimiter)
    if not taken or len(taken) > 1 or alone is None:
        return Record(first.number, [first.text.rstrip("\r\n")], first.ends_at, "guillemets mal fermés")
    reason = f"{len(alone)} cellules au lieu de {len(header.names)}"
    return Record(first.number, alone, first.ends_at, reason)


def _until_quotes_close(held: deque[_Line], lines: Iterator[_Line]) -> list[_Line]:
    """The first lines held, and those that follow, until every quote is closed; nothing if none ever is."""
    taken: list[_Line] = []
    quotes = 0
    for at in range(_MOST_LINES):
        if at == len(held):
            following = next(lines, None)
            if following is None:
                return []
            held.append(following)
        taken.append(held[at])
        quotes += held[at].text.count('"')
        if quotes % 2 == 0:
            return taken
    return []


def _parse(texts: list[str], delimiter: str) -> list[str] | None:
    try:
        return next(csv.reader(texts, delimiter=delimiter, strict=True))
    except csv.Error:
        return None


def _lines(file: BinaryIO) -> Iterator[_Line]:
    read = 0
    for number, raw in enumerate(file, 1):
        read += len(raw)
        text, readable = _decode(raw)
        yield _Line(number, text, read, readable)


def _decode(raw: bytes) -> tuple[str, bool]:
    """UTF-8, else Windows' latin-1, line by line: a file patched by hand often has both."""
    for encoding in ("utf-8", "cp1252"):
        try:
            return raw.decode(encoding), True
        except UnicodeDecodeError:
            continue
    return raw.decode("latin-1"), False
