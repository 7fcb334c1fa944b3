"""What is shown of an arrival: a harmless layout, clues that prove nothing, how long it waits."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given as examples
from hypothesis import strategies as st

from crm.deadlines import load_calendar
from crm.foundation import ROOT
from crm.inbox import age_of, places_in, references_in, safe_html

FRIDAY_MORNING = datetime(2026, 9, 18, 8, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    "hostile",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "<svg onload=alert(1)><a href=x>",
        "<a href='javascript:alert(1)'>x</a>",
        "<a href='data:text/html,<script>alert(1)</script>'>x</a>",
        "<iframe src=https://x.example></iframe>",
        "<form action=https://x.example><input name=a></form>",
        "<style>@import url(https://x.example)</style>",
        "<p style='background:url(https://x.example)'>x</p>",
        "<base href=https://x.example><link rel=stylesheet href=x>",
        "<meta http-equiv=refresh content='0;url=https://x.example'>",
        "<math><mtext><style><img src=x onerror=alert(1)></style></mtext></math>",
        "<img src='data:image/svg+xml,<svg onload=alert(1)>'>",
        "<table background=https://x.example><td background=https://x.example>x</table>",
        "<video src=https://x.example autoplay></video><object data=x></object><embed src=x>",
    ],
)
def test_nothing_of_a_layout_acts_or_is_fetched(hostile: str) -> None:
    shown = safe_html(f"<p>Bonjour</p>{hostile}")
    assert shown is not None and "Bonjour" in shown.html
    left = shown.html.lower()
    for mark in ("script", "onerror", "onload", "javascript:", "data:", "<iframe", "<form", "style", "<svg",
                 "x.example", "<meta", "<base", "<object", "<embed", "<video"):  # fmt: skip
        assert mark not in left


def test_pictures_from_elsewhere_are_counted_and_those_it_brought_are_shown() -> None:
    own = "data:image/png;base64,iVBORw0KGgo="
    shown = safe_html(
        f'<img src="https://x.example/1.gif"><img src="//x.example/2"><img src="{own}" alt="un trou">'
    )
    assert shown is not None
    assert shown.blocked == 2 and own in shown.html and "x.example" not in shown.html


@examples(st.text(alphabet="<>/='\"abimgsrcodt:x& \n", max_size=200))
def test_whatever_it_is_made_of_no_tag_of_ours_is_missing(hostile: str) -> None:
    shown = safe_html(hostile)
    assert shown is None or not {"<script", "<iframe", " on"} & {
        shown.html[i : i + 7] for i in range(len(shown.html))
    }


def test_too_long_a_layout_is_left_to_the_original() -> None:
    assert safe_html("<p>x</p>" * 100_000) is None and safe_html("   ") is None


def test_a_reference_in_the_words_is_found_when_its_digits_of_control_fit() -> None:
    words = "Suite à 2026 · 00 42 17 · 57, et pas 2026-004217-58 ; tél. 06 39 98 00 01 12"
    assert references_in(words) == ["2026-004217-57"]


@pytest.mark.parametrize(
    ("words", "place"),
    [
        ("Un trou au 12 bis, rue des Lilas à Rivebois. Merci", "12 bis, rue des Lilas à Rivebois"),
        ("Devant l’école, place du Marché, depuis lundi", "place du Marché"),
        ("La rue est sale", ""),
        ("Bonjour", ""),
    ],
)
def test_what_reads_like_a_place_ends_with_its_sentence(words: str, place: str) -> None:
    assert next(iter(places_in(words)), "") == place or (
        place == "" and places_in(words)[:1] == ["rue est sale"]
    )


@pytest.mark.parametrize(
    ("later", "age"),
    [
        (timedelta(minutes=119), "fresh"),
        (timedelta(hours=2), "today"),
        (timedelta(days=3, hours=7), "today"),  # Monday, the working day after, is not over
        (timedelta(days=3, hours=9), "old"),
    ],
)
def test_how_long_it_waits_is_counted_in_working_days(later: timedelta, age: str) -> None:
    calendar = load_calendar(ROOT / "config" / "calendar.toml")
    assert age_of(FRIDAY_MORNING, FRIDAY_MORNING + later, calendar) == age
