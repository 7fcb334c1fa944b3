"""What rests on a category elsewhere: rules of competence, texts of messages and ready words that name it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from crm.catalogue import OUTCOMES, Bearing, Working
from crm.http import wiring
from crm.knowledge import choose, reply_templates, snippets
from crm.routing import Rule, latest_version, rules_of


@dataclass(frozen=True, slots=True)
class Named:
    """Rules of the latest version, texts of messages and ready words, written for one category alone."""

    table_id: int | None
    rules: tuple[int, ...]
    texts: int
    words: int

    def __bool__(self) -> bool:
        return bool(self.rules or self.texts or self.words)


def bearing_on(session: Session, one: Working) -> Bearing:
    awaited: defaultdict[str, frozenset[str]] = defaultdict(frozenset)
    asked = {told["key"] for told in (one.in_force or {}).get("question", ())}
    for rule in _rules(session):
        if rule.category_code == one.code or (rule.category_code is None and _may_meet(rule, one)):
            for key, answers in rule.answers.items():
                if key in asked or rule.category_code == one.code:
                    awaited[key] |= frozenset(answers)
    return Bearing(dict(awaited), _unanswered(session, one.content))


def _may_meet(rule: Rule, one: Working) -> bool:
    return rule.domain_code in {None, one.content["domain_code"]}


def _unanswered(session: Session, content: Any) -> frozenset[str]:
    texts = reply_templates(session, "answer")
    subject = {"category_code": content["code"], "domain_code": content["domain_code"]}
    return frozenset(code for code in OUTCOMES if choose(texts, "answer", outcome=code, **subject) is None)


def named_by(session: Session, code: str) -> Named:
    return named(session).get(code, Named(None, (), 0, 0))


def named(session: Session) -> dict[str, Named]:
    """Category → what is written for it alone, of those that anything is written for. Four statements."""
    latest = latest_version(session)
    rules: defaultdict[str, list[int]] = defaultdict(list)
    for rule in rules_of(session, latest.id) if latest else ():
        if rule.category_code:
            rules[rule.category_code].append(rule.number)
    texts = Counter(text.category_code for text in reply_templates(session) if text.category_code)
    words = Counter(one.category_code for one in snippets(session) if one.category_code)
    table_id = latest.id if latest else None
    return {
        code: Named(table_id, tuple(sorted(rules.get(code, ()))), texts[code], words[code])
        for code in {*rules, *texts, *words}
    }


def _rules(session: Session) -> Iterator[Rule]:
    """Of what decides today, and of what is to decide next."""
    current, latest = wiring().rulebooks.current().table, latest_version(session)
    yield from current.rules
    if latest is not None and latest.version != current.version:
        yield from rules_of(session, latest.id)
