"""docs/lifecycle.md, read from the table of verbs; `python -m crm.cases.lifecycle_doc` prints it."""

from __future__ import annotations

import sys

from crm.access import GRANTS, Scope
from crm.cases.lifecycle import STEPS, CaseState, Step, public_step

_HEAD = """# The life of a case

Generated from `crm/cases/lifecycle.py` and `crm/access/permissions.py`; do not edit by hand:
`python -m crm.cases.lifecycle_doc > docs/lifecycle.md`.
"""
_TAIL = """
A unit resolves, it never closes: the relation side answers the usager, then closes. Closing takes an answer
or the reason why nobody can be answered; PostgreSQL refuses a closed case that has neither. A case that is
taken up again before anybody was competent goes back to `registered`. The first announced date is never
rewritten.
"""


def lifecycle_markdown() -> str:
    """The whole page: diagram, verbs, who may, and what residents read."""
    return "\n".join((_HEAD, *_diagram(), "", *_verbs(), "", *_steps(), _TAIL))


def _diagram() -> list[str]:
    lines = ["```mermaid", "stateDiagram-v2", "  [*] --> registered", "  [*] --> assigned"]
    for step in STEPS.values():
        lines += [
            f"  {source} --> {step.target}: {step.verb}" for source in CaseState if source in step.sources
        ]
    return [*lines, "```"]


def _verbs() -> list[str]:
    head = ["## Verbs", "", "| verb | from | to | needs | who |", "|---|---|---|---|---|"]
    return head + [
        f"| {step.verb} | {_sources(step)} | {step.target} | {_needs(step)} | {_who(step)} |"
        for step in STEPS.values()
    ]


def _needs(step: Step) -> str:
    return ", ".join(step.requires) or "–"


def _sources(step: Step) -> str:
    return ", ".join(state for state in CaseState if state in step.sources)


def _who(step: Step) -> str:
    """`advisor (every), desk_agent (commune)`; the programme itself may do everything and is not named."""
    held = [
        f"{role} ({scope})"
        for role, scopes in GRANTS.items()
        for scope, permissions in scopes.items()
        if role != "system" and scope is not Scope.NOWHERE and step.permission in permissions
    ]
    return ", ".join(held)


def _steps() -> list[str]:
    head = ["## What the resident reads", "", "| state | public step |", "|---|---|"]
    rows = [f"| {state} | {public_step(state, None)} |" for state in CaseState]
    return [*head, *rows, f"| {CaseState.CLOSED}, outcome T | {public_step(CaseState.CLOSED, 'T')} |"]


if __name__ == "__main__":
    sys.stdout.write(lifecycle_markdown())
