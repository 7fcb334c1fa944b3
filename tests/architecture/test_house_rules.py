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


def _actions() -> list[tuple[Path, ast.FunctionDef]]:
    found = [
        (path, node)
        for path in PRODUCT
        if path.stem == "actions" or path.parent.name == "actions"
        for node in tree(path).body
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_")
    ]
    assert len(found) > 25
    return [(path, node) for path, node in found if node.args.args and node.args.args[0].arg == "uow"]


_ASKING = {"require", "hold", "hold_for"}
# Steps of an action, called with a case that the action already holds.
_HELD = {"take_step", "start_again", "check_outcome"}


@pytest.mark.parametrize(("path", "action"), _actions(), ids=lambda value: getattr(value, "name", ""))
def test_every_action_asks_whether_it_may(path: Path, action: ast.FunctionDef) -> None:
    if action.name in _HELD:
        return
    told = f"{name(path)}: {action.name} starts with require(uow.actor, Permission.…, subject) or hold(…)"
    assert calls(action) & _ASKING, told


@pytest.mark.parametrize(("path", "action"), _actions(), ids=lambda value: getattr(value, "name", ""))
def test_an_action_takes_the_unit_of_work_and_never_a_session(path: Path, action: ast.FunctionDef) -> None:
    names = {argument.arg for argument in (*action.args.args, *action.args.kwonlyargs)}
    assert "session" not in names and "actor" not in names, f"{action.name}: uow.session, uow.actor"


def test_the_floors_hold() -> None:
    ran = subprocess.run(
        [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert ran.returncode == 0, f"a room imports upwards:\n{ran.stdout[-2000:]}"
