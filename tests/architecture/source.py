"""The product's own sources, read once."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from crm.foundation import ROOT

OURS = ("crm", "workers")
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


def files(*folders: str, suffix: str = ".py") -> list[Path]:
    return sorted(
        path
        for folder in folders
        for path in (ROOT / folder).rglob(f"*{suffix}")
        if "__pycache__" not in path.parts and "static" not in path.parts
    )


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def functions(path: Path) -> Iterator[ast.FunctionDef]:
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.FunctionDef):
            yield node


def calls(node: ast.AST) -> set[str]:
    """Names of what is called inside, methods by their own name."""
    found = set()
    for inner in ast.walk(node):
        if isinstance(inner, ast.Call):
            called = inner.func
            found.add(getattr(called, "id", getattr(called, "attr", "")))
    return found
