"""A small map as SVG: communes, streets, numbered stops. Ours alone: nothing is fetched from anybody."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import cos, radians
from typing import Any

from markupsafe import Markup

Point = tuple[float, float]  # longitude, latitude
Frame = tuple[float, float, float, float]  # west, south, east, north
WIDTH, HEIGHT = 720, 420
_MARGIN = 0.12
_NARROWEST = 0.004  # degrees of latitude: some 450 m
_WALK = Markup('fill="none" stroke="#8a5a00" stroke-width="2" stroke-dasharray="6 4"')
_LABELLED = 14  # streets whose name is written: more would hide the map
_LETTER, _LINE_HIGH, _RADIUS = 5.4, 12, 12  # of a street’s name, and of a stop


def frame_of(points: Sequence[Point]) -> Frame | None:
    """A box of the picture's shape around the points, with air; None without points."""
    if not points:
        return None
    west, east = min(lon for lon, _lat in points), max(lon for lon, _lat in points)
    south, north = min(lat for _lon, lat in points), max(lat for _lon, lat in points)
    middle_lon, middle_lat = (west + east) / 2, (south + north) / 2
    squeeze = cos(radians(middle_lat))  # a degree of longitude is shorter than one of latitude
    high = max(north - south, (east - west) * squeeze * HEIGHT / WIDTH, _NARROWEST) * (1 + 2 * _MARGIN)
    wide = high * WIDTH / HEIGHT / squeeze
    return middle_lon - wide / 2, middle_lat - high / 2, middle_lon + wide / 2, middle_lat + high / 2


def draw_map(
    frame: Frame,
    communes: dict[str, Any],
    streets: Sequence[tuple[str, Sequence[Point]]],
    stops: Sequence[tuple[int, Point]],
    start: Point | None,
) -> Markup:
    """
    Args:
        communes: GeoJSON FeatureCollection of their outlines.
        streets: name and line.
        stops: number and place, in the order of the walk.
    """
    parts = [Markup('<rect width="{}" height="{}" fill="#f7f6f2"/>').format(WIDTH, HEIGHT)]
    for ring in _rings(communes):
        parts.append(_line(frame, ring, Markup('fill="#fff" stroke="#b9b4a7" stroke-width="1.5"')))
    for _name, line in streets:
        parts.append(_line(frame, line, Markup('fill="none" stroke="#d5d0c4" stroke-width="4"')))
    walk = [*([start] if start else []), *(at for _number, at in stops)]
    parts.append(_line(frame, walk, _WALK))
    parts += _names(frame, streets, walk)
    if start:
        parts.append(_dot(frame, start, "D", "#5c5c5c"))
    parts += [_dot(frame, at, text, "#0b4f71") for text, at in reversed(_together(frame, stops))]
    opening = Markup(  # as wide as what holds it, on a telephone as on paper
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {} {}" '
        'aria-hidden="true" font-family="Libertinus Serif, sans-serif">'
    ).format(WIDTH, HEIGHT)
    return opening + Markup("").join(parts) + Markup("</svg>")


def _rings(communes: dict[str, Any]) -> Iterable[Sequence[Point]]:
    for feature in communes["features"]:
        drawn = feature["geometry"]
        shapes = [drawn["coordinates"]] if drawn["type"] == "Polygon" else drawn["coordinates"]
        yield from (shape[0] for shape in shapes)


def _at(frame: Frame, point: Sequence[float]) -> tuple[float, float]:
    west, south, east, north = frame
    x = (point[0] - west) / (east - west) * WIDTH
    y = (north - point[1]) / (north - south) * HEIGHT
    return round(min(max(x, -9999), 9999), 1), round(min(max(y, -9999), 9999), 1)


def _line(frame: Frame, points: Iterable[Sequence[float]], look: Markup) -> Markup:
    spots = " ".join(f"{x},{y}" for x, y in (_at(frame, point) for point in points))
    return Markup('<polyline points="{}" {} stroke-linejoin="round"/>').format(spots, look)


def _names(
    frame: Frame, streets: Sequence[tuple[str, Sequence[Point]]], stops: Sequence[Point]
) -> list[Markup]:
    """The longest streets bear their name, where nothing else is drawn and all of it is seen."""
    longest = sorted(streets, key=lambda street: -len(street[1]))[:_LABELLED]
    named: list[Markup] = []
    written = [
        (x, y + edge, 2.0 * _RADIUS)
        for x, y in (_at(frame, at) for at in stops)
        for edge in (-_RADIUS, _RADIUS)
    ]
    for name, line in longest:
        x, y = _at(frame, line[len(line) // 2])
        half = len(name) * _LETTER / 2
        is_seen = half < x < WIDTH - half and _LINE_HIGH < y < HEIGHT
        if not is_seen or any(
            abs(x - x2) < half + half2 and abs(y - y2) < _LINE_HIGH for x2, y2, half2 in written
        ):
            continue
        written.append((x, y, half))
        named.append(
            Markup('<text x="{}" y="{}" font-size="10" fill="#6b665b" text-anchor="middle">{}</text>').format(
                x, y - 4, name
            )
        )
    return named


def _together(frame: Frame, stops: Sequence[tuple[int, Point]]) -> list[tuple[str, Point]]:
    """Stops at one place bear their numbers side by side: one would hide the other."""
    found: list[tuple[str, Point]] = []
    for number, at in stops:
        x, y = _at(frame, at)
        for rank, (text, other) in enumerate(found):
            x2, y2 = _at(frame, other)
            if abs(x - x2) < _RADIUS and abs(y - y2) < _RADIUS:
                found[rank] = (f"{text}, {number}", other)
                break
        else:
            found.append((str(number), at))
    return found


def _dot(frame: Frame, point: Point, text: str, colour: str) -> Markup:
    x, y = _at(frame, point)
    wide = max(2 * _RADIUS, 7 * len(text) + _RADIUS)
    return Markup(
        '<rect x="{}" y="{}" width="{}" height="{}" rx="{}" fill="{}" stroke="#fff" stroke-width="2"/>'
        '<text x="{}" y="{}" font-size="13" font-weight="bold" fill="#fff" text-anchor="middle">{}</text>'
    ).format(x - wide / 2, y - _RADIUS, wide, 2 * _RADIUS, _RADIUS, colour, x, y + 4.5, text)
