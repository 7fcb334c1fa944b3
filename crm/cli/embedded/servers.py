"""The embedded servers together: found when they already run, else started; shared between commands."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol
from urllib.parse import urlsplit

from crm.cli.embedded import mail, postgres, redis
from crm.cli.embedded.notes import Note, Use, alone, last_note, read_note, remove_note, write_note
from crm.foundation import Settings


class _Start(Protocol):
    def __call__(self, var: Path, previous: Note | None, *, tied: bool) -> Note: ...


@dataclass(frozen=True, slots=True)
class Kind:
    name: str
    label: str  # French, said to people
    start: _Start
    stop: Callable[[Note], None]


KINDS = (
    Kind(postgres.NAME, "PostgreSQL", postgres.start, postgres.stop),
    Kind(redis.NAME, "Redis", redis.start, redis.stop),
    Kind(mail.NAME, "Messagerie", mail.start, mail.stop),
)


def needed(settings: Settings) -> tuple[Kind, ...]:
    """Those that no setting replaces by a real server."""
    named = {
        postgres.NAME: settings.database_url,
        redis.NAME: settings.redis_url,
        mail.NAME: settings.mail.host,
    }
    return tuple(kind for kind in KINDS if not named[kind.name])


class Embedded:
    """One command's use of the embedded servers.

    Args:
        tied: what we start dies with us, even if we are killed. For whoever owns the folder (`crm run all`,
            tests); a passing command leaves what it started to whoever came to use it meanwhile.
    """

    def __init__(self, var: Path, kinds: tuple[Kind, ...] = KINDS, *, tied: bool = False) -> None:
        self.var = var.resolve()
        self._run = self.var / "run"
        self._kinds = kinds
        self._tied = tied
        self._started: set[str] = set()
        self._uses: dict[str, Use] = {}
        self.notes: dict[str, Note] = {}

    def start(self) -> None:
        """Raises CannotStart, with nothing of ours left running."""
        self.prepare()
        try:
            for kind in self._kinds:
                self.ensure(kind)
        except BaseException:
            self.stop()
            raise

    def prepare(self) -> None:
        for folder in (self.var, self._run, self.var / "log"):
            folder.mkdir(parents=True, exist_ok=True)

    def ensure(self, kind: Kind) -> bool:
        """Find it or start it. True when it had to be started."""
        with alone(self._run, kind.name):
            if kind.name not in self._uses:
                self._uses[kind.name] = Use(self._run, kind.name)
            note = read_note(self._run, kind.name)
            missing = note is None
            if note is None:
                note = kind.start(self.var, last_note(self._run, kind.name), tied=self._tied)
                self._started.add(kind.name)
                write_note(self._run, note)
            self.notes[kind.name] = note
        return missing

    def dead(self) -> list[Kind]:
        return [k for k in self._kinds if k.name in self.notes and not self.notes[k.name].process.is_alive()]

    def stop(self) -> None:
        """Last started first. What another command still uses stays, unless it is tied to us."""
        for kind in reversed(self._kinds):
            use = self._uses.pop(kind.name, None)
            if use is None:
                continue
            with alone(self._run, kind.name):
                last = use.end()
                note = self.notes.pop(kind.name, None)
                if note is not None and (last or (self._tied and kind.name in self._started)):
                    kind.stop(note)
                    remove_note(self._run, kind.name)

    def environment(self) -> dict[str, str]:
        """What makes a programme of ours use these servers."""
        told: dict[str, str] = {}
        if note := self.notes.get(postgres.NAME):
            told["DATABASE_URL"] = note.url
        if note := self.notes.get(redis.NAME):
            told["REDIS_URL"] = note.url
        if note := self.notes.get(mail.NAME):
            address = urlsplit(note.url)
            told["CRM_MAIL_HOST"], told["CRM_MAIL_PORT"] = str(address.hostname), str(address.port)
        return told

    def settings(self, environ: Mapping[str, str] = os.environ) -> Settings:
        return Settings.load(environ={**environ, **self.environment()})
