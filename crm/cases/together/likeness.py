"""How much two demands look like the same problem: near, in the same words, lately. Pure.

Half for the distance, three tenths for the words, two tenths for the age: defaults to be tuned on real data
(docs/duplicates.md has the figures).
"""

from __future__ import annotations

from datetime import datetime, timedelta

from crm.foundation import fold

EXACT_METRES = 50.0
STREET_METRES = 150.0  # one of the two is only known by its street
SAME_DOOR_METRES = 5.0
STILL_FRESH = timedelta(days=7)  # closed since no longer than that, it may be said again
_FORGOTTEN = timedelta(days=30)  # an open one does not go away, but counts no more for its age
_SHARE = {"distance": 0.5, "words": 0.3, "age": 0.2}
_SOMEWHERE = 0.5  # the same commune and no point: neither near nor far
_STEM = 5  # letters: « éteint », « éteinte », « éteints » are one word
_EMPTY = frozenset({
    "dans", "devant", "avec", "pour", "depuis", "chez", "sans", "sous", "entre", "vers", "plus", "tres",
    "bonjour", "merci", "rue", "les", "des", "une", "est", "sur", "qui", "que", "pas", "son", "ses",
})  # fmt: skip


def likeness(
    metres: float | None, within: float, said: str, other: str, received_at: datetime, now: datetime
) -> float:
    """From 0 (nothing in common) to 1 (the same, just now).

    Args:
        metres: between the two; None when one of them has no point.
        within: the radius of the search, in metres.
        said, other: what each says, with the words of its category.
        received_at: of the other one.
    """
    near = _SOMEWHERE if metres is None else max(0.0, 1.0 - metres / within)
    return (
        _SHARE["distance"] * near
        + _SHARE["words"] * words_in_common(said, other)
        + _SHARE["age"] * freshness(received_at, now)
    )


def words_in_common(said: str, other: str) -> float:
    """Twice the words shared over the words of both, from 0 to 1; inflected words count as one."""
    mine, theirs = stems(said), stems(other)
    if not mine or not theirs:
        return 0.0
    return 2 * len(mine & theirs) / (len(mine) + len(theirs))


def stems(text: str) -> frozenset[str]:
    words = (word for word in fold(text).split() if len(word) > 2 and word not in _EMPTY)
    return frozenset(word[:_STEM] for word in words)


def freshness(received_at: datetime, now: datetime) -> float:
    """1 for what was said just now, 0 for what is a month old."""
    age = max(timedelta(0), now - received_at)
    return max(0.0, 1.0 - age / _FORGOTTEN)
