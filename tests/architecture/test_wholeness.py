"""What needs a counterpart has it: facts their sentence, jobs their cause, refusals their words."""

from __future__ import annotations

import ast
import re
from importlib import import_module
from pathlib import Path

import pytest

from crm.cases import STEPS, BounceReason, CaseState, NoAnswerReason, Outcome, PublicStep, ReopenReason
from crm.catalogue import ARRIVALS, OUTCOMES
from crm.foundation import CrmError, Event
from crm.http import errors
from crm.http.wording import FAMILIES
from crm.interactions.wording import CHANNELS
from crm.reactions import REACTIONS
from crm.trail import SENTENCES
from tests.architecture.source import files, name, tree
from workers.jobs import JOBS

MODULES = [name(path).removesuffix(".py").replace("/", ".") for path in files("crm", "workers")]


def _everything_imported() -> None:
    for module in MODULES:
        if not module.endswith(".main") and not module.startswith("crm.cli"):
            import_module(module.removesuffix(".__init__"))


def _below(kind: type) -> set[type]:
    _everything_imported()
    found, todo = set(), [kind]
    while todo:
        todo += (below := todo.pop().__subclasses__())
        found |= set(below)
    return {one for one in found if one.__module__.startswith(("crm.", "workers."))}


def test_every_fact_has_its_sentence() -> None:
    kinds = {event.kind for event in _below(Event) if hasattr(event, "kind")}
    missing = kinds - SENTENCES.keys()
    assert not missing, f"write a Sentence for {sorted(missing)} in crm/trail/wording.py"


def test_a_sentence_names_only_what_its_fact_holds() -> None:
    for event in _below(Event):
        if not hasattr(event, "kind"):
            continue
        held = set(event.__dataclass_fields__)  # type: ignore[attr-defined]
        told = SENTENCES[event.kind]
        for text in filter(None, (told.text, told.public)):
            for hole in re.findall(r"%\((\w+)\)s", text):
                assert {hole, f"{hole}_id"} & held, f"{event.__name__} has no « {hole} » for « {text} »"


def test_every_reaction_is_a_job_and_every_job_has_its_cause() -> None:
    caused = {job for jobs in REACTIONS.values() for job in jobs}
    assert caused == set(JOBS), "crm/reactions and workers/jobs name different jobs"
    assert caused <= FAMILIES()["job"].keys(), "name the job in crm/http/wording.py"


def test_every_refusal_has_its_status() -> None:
    silent = {error.__name__ for error in _below(CrmError)} - {error.__name__ for error in errors.STATUS}
    silent -= {"Refused", "Forged", "Unreadable"}  # what a channel answers workers and its own hook
    assert not silent, f"give {sorted(silent)} a status in crm/http/errors.py"


@pytest.mark.parametrize(
    ("family", "codes"),
    [
        ("state", CaseState),
        ("step", PublicStep),
        ("bounce_reason", BounceReason),
        ("reopen_reason", ReopenReason),
        ("no_answer_reason", NoAnswerReason),
        ("verb", STEPS),
    ],
)
def test_every_code_has_its_word(family: str, codes: object) -> None:
    words = FAMILIES()[family].keys()
    missing = {str(code) for code in codes} - words  # type: ignore[attr-defined]
    assert not missing, f"name {sorted(missing)} under « {family} » in crm/http/wording.py"


def test_every_channel_has_its_words_and_its_manner() -> None:
    assert FAMILIES()["channel"].keys() - {"none"} == ARRIVALS.keys()
    assert CHANNELS.keys() - {"internal"} == ARRIVALS.keys()


def test_the_closed_list_of_outcomes_is_one() -> None:
    assert set(OUTCOMES) == {str(outcome) for outcome in Outcome}


def _reasons() -> set[str]:
    """Every reason that some `Invalid({...: "reason"})` gives in what a screen calls."""
    found = set()
    for path in files("crm"):
        if "cli" in path.parts:
            continue
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Invalid" and node.args:
                found |= _codes(getattr(node.args[0], "values", []))
            elif isinstance(node, ast.Assign) and ast.unparse(node.targets[0]).startswith("wrong["):
                found |= _codes([node.value])
    return found


def _codes(values: list[ast.expr]) -> set[str]:
    """`unknown`, `too_short`: what is written as a code, not as a sentence."""
    texts = {str(value.value) for value in values if isinstance(value, ast.Constant)}
    return {text for text in texts if re.fullmatch(r"[a-z_]+", text)}


_SAID_ELSEWHERE = {"unusable", "taken", "malformed", "unit_required", "commune_required"}
_SAID_ELSEWHERE |= {
    "too_short",
    "too_simple",
    "not_geojson",
}  # by the command line alone: files, accounts, passwords


def test_every_reason_of_a_refusal_is_said_in_words() -> None:
    asked = ast.unparse(tree(Path(errors.__file__).with_name("forms.py")))
    silent = {code for code in _reasons() - _SAID_ELSEWHERE if f"'{code}'" not in asked}
    assert not silent, f"say {sorted(silent)} in crm/http/forms.py, reason()"
