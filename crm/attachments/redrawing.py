"""Redraws one picture: run as a programme of its own, on standard input, never imported by the product.

What is sent to us was made by anybody. It is opened here, in a process that may use little memory and time,
and may crash; what comes out is pixels that we drew, with nothing of what the file carried besides.

    python -I redrawing.py JPEG 60000000 2048 320 < received > redrawn

Out: a line of JSON, `{"width", "height", "sizes": [whole, small]}`, then both JPEG; or `{"refused": reason}`.
"""

import json
import resource
import sys
from importlib import import_module
from io import BytesIO

from PIL import Image, ImageOps, UnidentifiedImageError

_MEMORY_BYTES = 1_500_000_000  # of addresses: threads of the HEIC decoder reserve more than they use
_CPU_SECONDS = 20
_QUALITY, _QUALITY_SMALL = 84, 76
_PAPER = (255, 255, 255)  # behind what is transparent


def main(kind: str, most_pixels: int, side: int, small_side: int) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY_BYTES, _MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (_CPU_SECONDS, _CPU_SECONDS))
    Image.MAX_IMAGE_PIXELS = None  # judged here, before anything is decoded
    try:
        if kind == "HEIF":
            _learn_heif()
        told, parts = _redrawn(kind, most_pixels, side, small_side)
    except MemoryError:
        told, parts = {"refused": "too_many_pixels"}, []
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, EOFError, RuntimeError):
        told, parts = {"refused": "damaged"}, []
    out = sys.stdout.buffer
    out.write(json.dumps(told).encode() + b"\n")
    for part in parts:
        out.write(part)


def _redrawn(
    kind: str, most_pixels: int, side: int, small_side: int
) -> tuple[dict[str, object], list[bytes]]:
    with Image.open(sys.stdin.buffer, formats=(kind,)) as received:
        picture: Image.Image = received
        width, height = picture.size
        if width * height > most_pixels:
            return {"refused": "too_many_pixels", "width": width, "height": height}, []
        if picture.mode == "P":
            picture = picture.convert("RGBA")
        picture.thumbnail((side, side), Image.Resampling.LANCZOS)  # a JPEG is decoded smaller at once
        upright = ImageOps.exif_transpose(picture)
    whole = _on_paper(upright)
    small = whole.copy()
    small.thumbnail((small_side, small_side), Image.Resampling.LANCZOS)
    parts = [_jpeg(whole, _QUALITY), _jpeg(small, _QUALITY_SMALL)]
    return {"width": whole.width, "height": whole.height, "sizes": [len(part) for part in parts]}, parts


def _on_paper(picture: Image.Image) -> Image.Image:
    """RGB, and nothing else: no comment, no place, no name of a camera."""
    if picture.mode.startswith("I;16"):
        picture = picture.point(lambda level: level / 256).convert("L")
    if "A" in picture.getbands() or "transparency" in picture.info:
        picture = picture.convert("RGBA")
        drawn = Image.new("RGB", picture.size, _PAPER)
        drawn.paste(picture, mask=picture.getchannel("A"))
    else:
        drawn = picture.convert("RGB")
    drawn.info = {}
    drawn.getexif().clear()
    return drawn


def _jpeg(picture: Image.Image, quality: int) -> bytes:
    kept = BytesIO()
    picture.save(kept, "JPEG", quality=quality, optimize=True, progressive=True)
    return kept.getvalue()


def _learn_heif() -> None:
    """Only where one came: this decoder is the heaviest."""
    heif = import_module("pillow_heif")
    heif.register_heif_opener(thumbnails=False)


if __name__ == "__main__":
    main(sys.argv[1], *map(int, sys.argv[2:5]))
