"""The tokens keep the contrasts the law asks: 4.5:1 for text, 3:1 for edges of controls and states."""

import re
from pathlib import Path

import pytest

TOKENS = Path(__file__).parents[2] / "assets" / "scss" / "_tokens.scss"
COLOURS = dict(re.findall(r"^\$([a-z0-9-]+): (#[0-9a-f]{6});", TOKENS.read_text("utf-8"), flags=re.MULTILINE))

TONES = ("ok", "warn", "danger", "info", "brand")
GROUNDS = ("panel", "ground", "hover", "plain", *(f"{tone}-2" for tone in TONES))
TEXTS = [
    *((text, ground) for ground in GROUNDS for text in ("ink", "ink-2")),
    *((tone, ground) for tone in TONES for ground in ("panel", "ground", "hover", f"{tone}-2")),
    ("panel", "brand"),
    ("panel", "brand-deep"),
    ("brand-deep", "panel"),
]
EDGES = [
    ("line-strong", "panel"),
    ("line-strong", "ground"),
    *(("focus", ground) for ground in ("panel", "ground", "hover", "brand-2", "danger-2")),
    *((tone, f"{tone}-2") for tone in TONES),
]
# Separates without meaning anything, or fills a picture whose figures stand beside it: no contrast is asked.
DECORATION = {"line", "shade-1", "shade-2"}


def luminance(colour: str) -> float:
    """Relative luminance, WCAG 2.2."""
    channels = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(first: str, second: str) -> float:
    light, dark = sorted((luminance(COLOURS[first]), luminance(COLOURS[second])), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize(("text", "ground"), TEXTS)
def test_text_is_readable(text: str, ground: str) -> None:
    assert contrast(text, ground) >= 4.5, f"{text} on {ground}: {contrast(text, ground):.2f}"


@pytest.mark.parametrize(("edge", "ground"), EDGES)
def test_controls_and_states_are_seen(edge: str, ground: str) -> None:
    assert contrast(edge, ground) >= 3, f"{edge} on {ground}: {contrast(edge, ground):.2f}"


def test_a_new_colour_is_checked_against_something() -> None:
    checked = {name for pair in (*TEXTS, *EDGES) for name in pair}
    assert set(COLOURS) - checked - DECORATION == set()


def test_screens_take_their_colours_from_the_tokens() -> None:
    sheets = [sheet for sheet in TOKENS.parent.glob("*.scss") if sheet != TOKENS]
    text = "".join(sheet.read_text("utf-8") for sheet in sheets)
    assert set(re.findall(r"#[0-9a-f]{3,6}\b", text)) <= {"#fff"}
