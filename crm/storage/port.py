"""What every place that keeps bytes promises."""

from __future__ import annotations

import re
from typing import Protocol

_KEY = re.compile(r"[A-Za-z0-9_-]+(?:/[A-Za-z0-9_-]+)*(?:\.[a-z0-9]+)?")


class Storage(Protocol):
    """Keeps bytes under a key that we make ourselves, such as `ab/abcdef.jpg`.

    Every method raises Unavailable when the place cannot be reached or refuses us: trying later may work.
    """

    label: str  # how an operator calls it, without any secret

    def put(self, key: str, content: bytes, media_type: str) -> None:
        """Keep the bytes; once more under the same key, they replace what was there."""

    def get(self, key: str) -> bytes:
        """Raises NotFound."""

    def exists(self, key: str) -> bool: ...

    def delete(self, key: str) -> None:
        """Forget the bytes; a key that is not there is no error."""


def check_key(key: str) -> str:
    """
    Raises:
        ValueError: not a key of ours: nothing that a visitor wrote may become a path.
    """
    if not _KEY.fullmatch(key):
        raise ValueError(f"not a key: {key!r}")
    return key
