"""Whoever writes asks whether they may: every function that takes the unit of work, wherever it is."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.architecture.source import files, name, tree

_ASKING = {"require", "hold", "hold_for"}
_DOORS = ("crm.web", "crm.portal", "crm.api")

# Steps that do not ask, by file: no door calls them, and what calls them has asked before.
_STEPS = {
    # Whether this request came before: of the key alone that sends it, within the act that asks.
    "crm.api.v1.repeating": {"done_before", "remember"},
    # What an action does to the case, the order or the round that it has asked for and holds.
    "crm.appointments.agents_held": {"hold_agents", "receives_then"},
    "crm.cases.actions.centre_work": {"start_again"},
    "crm.cases.actions.ending": {"end_case"},
    "crm.cases.actions.loading": {"take_step", "check_outcome", "require_coordinator"},
    "crm.cases.calling_lead": {"call_the_lead"},
    "crm.cases.orders.counting": {"count_orders", "drop_orders", "restore_orders", "move_orders"},
    "crm.cases.rounds.telling": {"tell_joined", "tell_left"},
    "crm.cases.sent_forms": {"first_sending"},
    "crm.cases.together.ending": {"end_with_case", "move_incident", "restore_incident"},
    "crm.cases.together.watching": {
        "add_follower", "count_again", "move_followers", "part", "suspect_incident",
    },
    # Locks first, so that all lock in one order; its caller asks next, and says the same to a stranger.
    "crm.cases.orders.holding": {"take_hold"},
    # What follows from an act on a contact, from the reading of one, from a demand just opened.
    "crm.contacts.points": {"recount_shared"},
    "crm.contacts.readings": {"keep_reading"},
    "crm.intake.following": {"note_what_resembles"},
    # Reads what a receipt says; whoever sends it asks.
    "crm.notifications.legal_receipts": {"known_of"},
    # The relay and the timetable: nobody asks them for anything.
    "crm.notifications.outbox": {"claim_due", "prune_done"},
    # Of the account that is proving who it is, before it may do anything at all.
    "crm.staff.factors.challenges": {"draw", "take", "known_keys"},
    "crm.staff.factors.owner": {"held_row"},
    "crm.staff.trying": {"is_locked", "count_failure", "let_in"},
}  # fmt: skip
# Picks its act from a table of its file, each of which asks.
_FROM_A_TABLE = {("crm.cases.lots.acts", "act_on_one"): ("_accept", "_plan", "_entrust")}


def _module(path: Path) -> str:
    return name(path).removesuffix(".py").removesuffix("/__init__").replace("/", ".")


_FILES = {_module(path): tree(path) for path in files("crm")}
_FUNCTIONS = {
    module: {node.name: node for node in body.body if isinstance(node, ast.FunctionDef)}
    for module, body in _FILES.items()
}
_IMPORTED = {
    module: {
        alias.asname or alias.name: (node.module or "", alias.name)
        for node in body.body
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }
    for module, body in _FILES.items()
}
Named = tuple[str, str]


def _found(module: str, called: str) -> Named | None:
    """Where the function of that name is written, through the faces that give it on."""
    if called in _FUNCTIONS.get(module, ()):
        return module, called
    given = _IMPORTED.get(module, {}).get(called)
    return _found(*given) if given else None


def _takes_work(function: ast.FunctionDef) -> bool:
    return bool(function.args.args) and function.args.args[0].arg == "uow"


def _gives_work(call: ast.Call) -> bool:
    return bool(call.args) and isinstance(call.args[0], ast.Name) and call.args[0].id == "uow"


def _called(module: str, function: ast.AST) -> Iterator[tuple[ast.Call, str, Named | None]]:
    """Each call, the word it is made by, and where what it calls is written if it is ours."""
    for call in ast.walk(function):
        if not isinstance(call, ast.Call):
            continue
        if isinstance(call.func, ast.Name):
            yield call, call.func.id, _found(module, call.func.id)
        elif isinstance(call.func, ast.Attribute):
            room = _IMPORTED[module].get(getattr(call.func.value, "id", ""))
            yield call, call.func.attr, _found(".".join(room), call.func.attr) if room else None


def _asks(module: str, function: str, seen: set[Named]) -> bool:
    """Itself, by a private step of its own file, or by an action that it hands its unit of work to."""
    if (module, function) in seen:
        return False
    seen.add((module, function))
    if table := _FROM_A_TABLE.get((module, function)):
        return all(_asks(module, act, seen) for act in table)
    for call, word, ours in _called(module, _FUNCTIONS[module][function]):
        if word in _ASKING:
            return True
        private = ours is not None and ours[0] == module and word.startswith("_")
        if ours and (private or _gives_work(call)) and _asks(*ours, seen):
            return True
    return False


def _acts() -> list[Named]:
    found = [
        (module, function.name)
        for module, inside in _FUNCTIONS.items()
        for function in inside.values()
        if _takes_work(function) and not function.name.startswith("_")
    ]
    assert len(found) > 350
    return found


@pytest.mark.parametrize(("module", "function"), _acts())
def test_every_action_asks_whether_it_may(module: str, function: str) -> None:
    asks, step = _asks(module, function, set()), function in _STEPS.get(module, ())
    told = f"{module}: {function} starts with require(uow.actor, Permission.…, subject) or hold(…)"
    assert asks or step, told
    assert not (asks and step), f"{module}: {function} asks; take it off the steps that need not"


@pytest.mark.parametrize(("module", "function"), _acts())
def test_an_action_takes_the_unit_of_work_and_never_a_session(module: str, function: str) -> None:
    taken = _FUNCTIONS[module][function].args
    names = {argument.arg for argument in (*taken.args, *taken.kwonlyargs)}
    assert "session" not in names and "actor" not in names, f"{function}: uow.session, uow.actor"


def test_no_door_calls_a_step_that_does_not_ask() -> None:
    unknown = [(m, s) for m, steps in _STEPS.items() for s in steps if s not in _FUNCTIONS.get(m, ())]
    assert not unknown, f"these are no more: {unknown}"
    open_wide = [
        f"{module} → {ours[1]}"
        for module, body in _FILES.items()
        if module.startswith(_DOORS)
        for _, _, ours in _called(module, body)
        if ours and ours[1] in _STEPS.get(ours[0], ()) and not ours[0].startswith(_DOORS)
    ]
    assert not open_wide, f"a door calls what does not ask: {open_wide}"
