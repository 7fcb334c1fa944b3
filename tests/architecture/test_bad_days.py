"""docs/bad-days.md keeps its word: each test it names exists, each reason has words, nothing is evaluated."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from crm.foundation import ROOT
from crm.http.wording import FAMILIES
from crm.web.inbox.wording import left_out
from tests.architecture.source import files, name, tree

PAGE = ROOT / "docs" / "bad-days.md"
_NAMED = re.compile(r"`(tests/[\w/]+\.py)::(test_\w+)`")
_ROW = re.compile(r"^\|(?!---)(.+)\|(.+)\|(.+)\|$", re.MULTILINE)
_EVALUATING = {"eval", "exec", "compile", "from_string"}
_LEAST_BYTES = 16  # 128 bits


def _rows() -> list[tuple[str, ...]]:
    found = [tuple(cell.strip() for cell in row) for row in _ROW.findall(PAGE.read_text(encoding="utf-8"))]
    return [row for row in found if row[0] != "what happens"]


@pytest.mark.parametrize("row", _rows(), ids=lambda row: row[0][:40])
def test_every_row_has_its_proof_or_says_why_not(row: tuple[str, ...]) -> None:
    proofs = _NAMED.findall(row[2])
    assert proofs or row[2].startswith("— "), "name a test, or say why there is none"
    for path, test in proofs:
        held = {node.name for node in ast.walk(tree(ROOT / path)) if isinstance(node, ast.FunctionDef)}
        assert test in held, f"{path} has no {test}"


def _codes(path: Path, *names: str) -> set[str]:
    """Literal codes given to calls of these names, and to `reason`, `left_out` lists of arrivals."""
    found = set()
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Call) and getattr(node.func, "id", getattr(node.func, "attr", "")) in names:
            found |= {
                one.value
                for given in node.args
                for one in ast.walk(given)
                if isinstance(one, ast.Constant) and isinstance(one.value, str)
            }
    return {code for code in found if re.fullmatch(r"[a-z_]+", code)}


def test_every_reason_of_an_arrival_is_said_in_words() -> None:
    waiting = {code for path in files("crm/channels", "crm/inbox") for code in _codes(path, "Unreadable")}
    silent = waiting - FAMILIES()["arrival_reason"].keys()
    assert not silent, f"say {sorted(silent)} under « arrival_reason » in crm/http/wording.py"
    not_taken = {code for path in files("crm/channels") for code in _codes(path, "leave_out")}
    silent = not_taken - left_out().keys()
    assert not silent, f"say {sorted(silent)} in crm/web/inbox/wording.py, left_out()"


def test_nothing_is_evaluated() -> None:
    found = {
        name(path)
        for path in files("crm", "workers")
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call)
        and (getattr(node.func, "id", "") in _EVALUATING or getattr(node.func, "attr", "") == "from_string")
    }
    assert found == set()


def test_a_link_holds_enough_chance() -> None:
    for path in files("crm"):
        if "cli" in path.parts:
            continue  # passwords, which whoever made the account reads
        sizes = {
            target.id: node.value.value
            for node in ast.walk(tree(path))
            if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant)
            for target in node.targets
            if isinstance(target, ast.Name)
        }
        for call in (node for node in ast.walk(tree(path)) if isinstance(node, ast.Call)):
            if ast.unparse(call.func).endswith("token_urlsafe"):
                size = sizes.get(ast.unparse(call.args[0]), getattr(call.args[0], "value", 0))
                assert isinstance(size, int) and size >= _LEAST_BYTES, name(path)
