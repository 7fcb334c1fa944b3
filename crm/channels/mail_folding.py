"""What somebody wrote now, apart from what they quote and from their signature. Nothing is ever dropped."""

from __future__ import annotations

import re
import unicodedata

from mailparser_reply import EmailReplyParser

_PARSER = EmailReplyParser(languages=["fr", "en"])
# The library's patterns look back a long way: what is not a letter between people is cut by our own.
_LONGEST, _LONGEST_LINE = 20_000, 1_000
_SPACES = str.maketrans({"\xa0": " ", "\u202f": " ", "\u2009": " ", "\u200b": "", "\ufeff": "", "\r": "\n"})
# « Le … a écrit : » cut in two by the mail programme.
_CUT_IN_TWO = re.compile(
    r"^((?:> ?)*(?:Le|On) [^\n]{5,200})\n(?:> ?)*([^\n]{0,120}(?:a écrit|wrote) ?:)$", re.M
)
_WROTE = re.compile(r"^(?:> ?)*(?:Le .{5,300}a écrit|On .{5,300}wrote) ?:$", re.M)
_BEFORE = re.compile(
    r"^\W{0,40}(?:message d.origine|original message|message transf[ée]r[ée]|forwarded message"
    r"|d[ée]but du message)\b.{0,60}$|^_{20,}$|^De ?: .{3,200}$|^From: .{3,200}$",
    re.I,
)
_FROM_MY = re.compile(
    r"^(?:envoyé (?:de|depuis|à partir de) |sent from |obtenir outlook |get outlook )", re.I
)


def fold_reply(text: str) -> tuple[str, str]:
    """`(said, folded)`. What cannot be told apart is all said."""
    whole = _tidy(text)
    said = _said(whole)
    if said == whole:
        return whole, ""
    if not said:
        return ("", whole) if _only_quotes(whole) else (whole, "")
    return said, whole[len(said) :].strip() if whole.startswith(said) else whole


def _tidy(text: str) -> str:
    lines = unicodedata.normalize("NFC", text.replace("\r\n", "\n").translate(_SPACES)).split("\n")
    return _CUT_IN_TWO.sub(r"\1 \2", "\n".join(line.strip() for line in lines)).strip()


def _said(whole: str) -> str:
    said = _before_marks(whole)
    if said == whole and _WROTE.search(whole):
        return whole  # answered line by line
    if said and len(said) <= _LONGEST and max(map(len, said.split("\n"))) <= _LONGEST_LINE:
        replies = _PARSER.read(said).replies
        body = replies[0].body if replies else ""
        said = body if body and said.startswith(body) else said
    return _without_last_quotes(said)


def _before_marks(whole: str) -> str:
    """Up to where a mail programme announces what came before, or signs in its own name."""
    lines = whole.split("\n")
    for at, line in enumerate(lines):
        if _WROTE.match(line) and _is_answered_within(lines[at + 1 :]):
            return whole
        if _WROTE.match(line) or _BEFORE.match(line) or _FROM_MY.match(line):
            return "\n".join(lines[:at]).strip()
    return whole


def _is_answered_within(quoted: list[str]) -> bool:
    """Somebody answers line by line: what they wrote stands among and after what they quote."""
    marks = [line.startswith(">") for line in quoted if line]
    return True in marks and False in marks[marks.index(True) :]


def _without_last_quotes(said: str) -> str:
    lines = said.split("\n")
    while lines and (lines[-1].startswith(">") or not lines[-1]):
        lines.pop()
    return "\n".join(lines)


def _only_quotes(whole: str) -> bool:
    own = (line for line in whole.split("\n") if line and not line.startswith(">"))
    return all(_WROTE.match(line) or _FROM_MY.match(line) for line in own)
