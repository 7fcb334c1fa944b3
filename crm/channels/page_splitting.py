"""Run by itself, by `scans`: a TIFF on standard input, its pages as JPEG in a folder. Imports nothing of us.

A picture is the surest way to fill a memory: it is opened in a process that is given back with it.
"""

from __future__ import annotations

import sys
from io import BytesIO
from pathlib import Path

from PIL import Image, ImageSequence

_MOST_PIXELS = 60_000_000
_SIDE = 3508  # A4 at 300 dots an inch


def main() -> int:
    """Arguments: the folder, and how many pages at most. 2: it is no TIFF, or a page is too large."""
    folder, most = Path(sys.argv[1]), int(sys.argv[2])
    Image.MAX_IMAGE_PIXELS = None  # judged here, before anything is decoded
    try:
        with Image.open(BytesIO(sys.stdin.buffer.read()), formats=["TIFF"]) as whole:
            for number, page in enumerate(ImageSequence.Iterator(whole), 1):
                if number > most:
                    break
                if page.width * page.height > _MOST_PIXELS:
                    return 2
                _save(page, folder / f"page-{number:02d}.jpg")
    except (OSError, ValueError, SyntaxError):
        return 2
    return 0


def _save(page: Image.Image, path: Path) -> None:
    shown = page.convert("L" if page.mode in {"1", "L", "I;16"} else "RGB")
    shown.thumbnail((_SIDE, _SIDE))
    shown.save(path, "JPEG", quality=80, optimize=True)


if __name__ == "__main__":
    sys.exit(main())
