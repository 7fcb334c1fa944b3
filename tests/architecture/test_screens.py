"""What every screen owes its reader: our own styles, our own words, French set right."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from tests.architecture.source import files, name, tree

TEMPLATES = [path for path in files("templates", suffix=".html") if path.parent.name != "outbound"]
_INLINE = re.compile(
    r"<style|\sstyle\s*=|<script(?![^>]*\ssrc=)|\son(?:click|change|submit|load|input)\s*=", re.I
)
_BANNED = re.compile(r"\b(clients?|clientes?|administrée?s?|réclamante?s?)\b", re.I)
_MESSAGE = re.compile(r"""\b_\(\s*(?:"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)')""")
_NARROW = re.compile("[\u202f\u2009]")
_STRAIGHT = re.compile(r"\w'\w")


@pytest.mark.parametrize("path", TEMPLATES, ids=name)
def test_a_template_holds_no_style_and_no_script(path: Path) -> None:
    found = _INLINE.search(path.read_text(encoding="utf-8"))
    assert found is None, f"{name(path)}: move « {found and found.group()} » to assets/"


@pytest.mark.parametrize("path", TEMPLATES, ids=name)
def test_a_template_escapes_what_it_shows(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert "|safe" not in text.replace(" ", ""), f"{name(path)}: build Markup in Python, or show text"
    assert "autoescape false" not in text


def _messages() -> list[tuple[str, str]]:
    """(file, message) of every text given to gettext."""
    found = [
        (name(path), "".join(match))
        for path in TEMPLATES
        for match in _MESSAGE.findall(path.read_text(encoding="utf-8"))
    ]
    for path in files("crm", "workers"):
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in {
                "_",
                "N_",
                "gettext",
                "ngettext",
            }:
                found += [(name(path), a.value) for a in node.args if _is_text(a)]  # type: ignore[attr-defined]
    assert len(found) > 200
    return found


def _is_text(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


def test_messages_say_usager_and_nothing_colder() -> None:
    cold = [(where, text) for where, text in _messages() if _BANNED.search(text)]
    assert not cold, f"write « usager » instead: {cold}"


def test_messages_have_typographic_apostrophes() -> None:
    straight = [(where, text) for where, text in _messages() if _STRAIGHT.search(text)]
    assert not straight, f"write ’ instead of ': {straight}"


def test_nobody_types_narrow_spaces_by_hand() -> None:
    typed = [(where, text) for where, text in _messages() if _NARROW.search(text)]
    assert not typed, f"write a plain space, _() narrows it: {typed}"


def test_what_residents_read_speaks_plainly() -> None:
    """Their pages, the pieces these are made of, and what is sent to them, whatever its format."""
    read = [
        *files("templates/portal", "templates/outbound", "templates/_parts", "templates/_layout", suffix=""),
        *files("config/replies", suffix=".toml"),
    ]
    pages = [path for path in read if path.is_file()]
    assert len(pages) > 60
    cold = [name(path) for path in pages if _BANNED.search(_shown(path))]
    assert not cold, f"write « usager » instead: {cold}"


def _shown(path: Path) -> str:
    return re.sub(r"{[#%].*?[#%]}", "", path.read_text(encoding="utf-8"), flags=re.S)
