"""The habits of the house, kept by a machine. Each failure says what to write instead."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

from crm.foundation import ROOT
from tests.architecture.source import OURS, calls, files, functions, name, tree

PYTHON = files(*OURS, "tests", "migrations", "scripts", "bench")
PRODUCT = files(*OURS)
LONGEST_FILE, LONGEST_FUNCTION = 300, 40
_VAGUE = re.compile(r"^(utils?|helpers?|common|misc|base|managers?|service|stuff)\.(py|html|js|scss)$")
# The unit of work commits; commands and migrations have no actor; sending holds a lock of the session.
_COMMITS = ("crm/foundation/unit_of_work.py", "crm/cli/", "migrations/", "workers/jobs/send_message.py")


@pytest.mark.parametrize("path", PYTHON, ids=name)
def test_files_and_functions_stay_short(path: Path) -> None:
    if "versions" in path.parts:
        return
    lines = len(path.read_text(encoding="utf-8").splitlines())
    assert lines <= LONGEST_FILE, f"{name(path)} has {lines} lines: split it by what it is about"
    for function in functions(path):
        long = 0 if _is_table(function) else _length(function)
        assert long <= LONGEST_FUNCTION, f"{name(path)}: split {function.name}, {long} lines, by its steps"


def _length(function: ast.FunctionDef) -> int:
    """Lines to read: the docstring is not one of them."""
    told = len((ast.get_docstring(function, clean=False) or "").splitlines())
    return (function.end_lineno or 0) - function.lineno + 1 - told


def _is_table(function: ast.FunctionDef) -> bool:
    """Only gives a literal, read like a list and not like a story."""
    last = function.body[-1]
    return len(function.body) == 1 and isinstance(last, ast.Return) and isinstance(last.value, ast.Dict)


def test_files_are_named_after_what_they_hold() -> None:
    every = [path for suffix in (".py", ".html", ".js", ".scss") for path in files(".", suffix=suffix)]
    ours = [path for path in every if not {"node_modules", ".venv", "var"} & set(path.parts)]
    vague = [name(path) for path in ours if _VAGUE.match(path.name)]
    assert not vague, f"name these after what they hold: {vague}"


@pytest.mark.parametrize("path", PRODUCT, ids=name)
def test_only_the_unit_of_work_commits(path: Path) -> None:
    if name(path).startswith(_COMMITS):
        return
    assert "commit" not in calls(tree(path)), f"{name(path)}: leave `with units.begin(actor)`, it commits"


@pytest.mark.parametrize("path", PRODUCT, ids=name)
def test_no_import_hides_inside_a_function(path: Path) -> None:
    hidden = [
        f"{name(path)}:{node.lineno}"
        for function in functions(path)
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
    ]
    assert not hidden, f"import at the top; if that makes a knot, the room is wrong: {hidden}"


@pytest.mark.parametrize("path", [p for p in PRODUCT if p.name == "__init__.py"], ids=name)
def test_each_room_says_what_it_is_for(path: Path) -> None:
    assert ast.get_docstring(tree(path)), f"{name(path)}: say in one sentence what the room is for"


def test_the_floors_hold() -> None:
    ran = subprocess.run(
        [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert ran.returncode == 0, f"a room imports upwards:\n{ran.stdout[-2000:]}"
