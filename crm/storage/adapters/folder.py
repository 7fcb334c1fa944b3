"""A folder of this machine, or one that several machines mount."""

from __future__ import annotations

import os
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from secrets import token_hex

from crm.foundation import NotFound, Settings, Unavailable
from crm.storage.port import check_key


@dataclass(frozen=True, slots=True)
class FolderStorage:
    folder: Path

    @property
    def label(self) -> str:
        return str(self.folder)

    def put(self, key: str, content: bytes, media_type: str) -> None:
        """Whole or not at all: written aside, then named."""
        place = self._place(key)
        aside = place.with_name(f".{token_hex(8)}.part")
        try:
            place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            with aside.open("xb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            aside.rename(place)
        except OSError as wrong:
            with suppress(OSError):
                aside.unlink(missing_ok=True)
            raise _unavailable(wrong) from wrong

    def get(self, key: str) -> bytes:
        try:
            return self._place(key).read_bytes()
        except FileNotFoundError:
            if not self.folder.is_dir():  # a share that is not mounted holds nothing, and has lost nothing
                raise Unavailable(server="files", why="folder_missing") from None
            raise NotFound(key=key) from None
        except OSError as wrong:
            raise _unavailable(wrong) from wrong

    def exists(self, key: str) -> bool:
        return self._place(key).is_file()

    def delete(self, key: str) -> None:
        try:
            self._place(key).unlink(missing_ok=True)
        except OSError as wrong:
            raise _unavailable(wrong) from wrong

    def _place(self, key: str) -> Path:
        return self.folder / check_key(key)


def _unavailable(wrong: OSError) -> Unavailable:
    return Unavailable(server="files", why=f"os_{wrong.errno}")


def build(settings: Settings) -> FolderStorage:
    named = settings.files.folder
    return FolderStorage(Path(named) if named else settings.var / "files")
