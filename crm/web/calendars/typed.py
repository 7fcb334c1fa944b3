"""A calendar as its form holds it, there and back: what is typed is what config/calendar.toml would say."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from werkzeug.datastructures import MultiDict

from crm.deadlines import REPEATS, WEEKDAYS, legal_holidays
from crm.http import whole_number

MOST_CLOSURES = 60
_HOLIDAYS_AHEAD = timedelta(days=400)
_HOURS = ("cut_off", "end_of_service")
_PLAIN = ("time_zone", *_HOURS)
_HOUR = re.compile(r"\b(\d{1,2})\s*[h:]\s*(\d{2})?")
_KEPT = re.compile(r"\b(\d\d):(\d\d)\b")
_SLOT = re.compile(rf"({_KEPT.pattern})-(?={_KEPT.pattern})")


def written_from(form: MultiDict[str, str], before: Mapping[str, Any]) -> dict[str, Any]:
    """What was typed. A weekday without hours of service is not worked. What a unit's calendar has no box for
    stays as it was.
    """
    service = _hours(form, "service")
    return {
        **{
            key: _plain_hour(form.get(key, "")) or before.get(key, "")
            for key in _PLAIN
            if key in form or key in before
        },
        "urgent_hours": (whole_number(form["urgent_hours"]) or 0)
        if "urgent_hours" in form
        else before.get("urgent_hours", 4),
        "alsace_moselle": "alsace_moselle" in form,
        "working_days": [day for day in WEEKDAYS if service.get(day)],
        "service_hours": service,
        "opening_hours": _hours(form, "opening"),
        "worked_holidays": sorted(_worked(form, before)),
        "closure": _closures(form),
    }


def _hours(form: MultiDict[str, str], kind: str) -> dict[str, list[str]]:
    typed = {day: _slots(form.get(f"{kind}-{day}", "")) for day in WEEKDAYS}
    return {day: slots for day, slots in typed.items() if slots}


def _plain_hour(typed: str) -> str:
    """« 17 h 30 » → `17:30`; what is no hour stays."""
    return _HOUR.sub(
        lambda found: f"{int(found[1]):02d}:{found[2] or '00'}", typed.replace("h ", "h")
    ).strip()


def _slots(typed: str) -> list[str]:
    """« 8 h - 12 h 30, 13:30–17:30 » → `08:00-12:30`, `13:30-17:30`; what is no hour stays."""
    plain = _plain_hour(typed)
    found = (re.sub(r"\s*(?:[-–—]|à)\s*", "-", part.strip()) for part in re.split(r"[,;]| et ", plain))
    return [part for part in found if part]


def _worked(form: MultiDict[str, str], before: Mapping[str, Any]) -> set[str]:
    """Those ticked, and those of years that the form does not show."""
    shown = set(form.getlist("holiday_shown"))
    return {str(day) for day in before.get("worked_holidays", ())} - shown | set(
        form.getlist("worked")
    ) & shown


def _closures(form: MultiDict[str, str]) -> list[dict[str, str]]:
    dropped = set(form.getlist("drop"))
    rows = zip(
        *(form.getlist(f"closure_{name}") for name in ("on", "until", "repeats", "label")), strict=False
    )
    found = []
    for rank, (on, until, repeats, label) in enumerate(list(rows)[:MOST_CLOSURES]):
        if on.strip() and str(rank) not in dropped:
            row = {
                "on": on.strip(),
                "repeats": repeats if repeats in REPEATS else "once",
                "label": label.strip()[:80],
            }
            found.append(row | ({"until": until.strip()} if until.strip() else {}))
    return found


def filled_from(written: Mapping[str, Any], today: date) -> dict[str, Any]:
    """What stands in the form's boxes."""
    service = written.get("service_hours", {})
    whole = [f"08:00-{_hour(written.get('end_of_service', '18:00'))}"]
    worked = {str(day) for day in written.get("worked_holidays", ())}
    return {
        "cut_off": _said(_hour(written.get("cut_off", "17:00"))),
        "end_of_service": _said(_hour(written.get("end_of_service", "18:00"))),
        "urgent_hours": written.get("urgent_hours", 4),
        "alsace_moselle": bool(written.get("alsace_moselle")),
        "service": {
            day: _said(
                ", ".join(service.get(day) or (whole if day in written.get("working_days", ()) else []))
            )
            for day in WEEKDAYS
        },
        "opening": {day: _said(", ".join(written.get("opening_hours", {}).get(day, ()))) for day in WEEKDAYS},
        "holidays": [
            {"on": day, "worked": day.isoformat() in worked}
            for day in _holidays(today, today + _HOLIDAYS_AHEAD, bool(written.get("alsace_moselle")))
        ],
        "closures": [
            {
                "on": str(row.get("on", "")),
                "until": str(row.get("until") or ""),
                "repeats": row.get("repeats", "once"),
                "label": row.get("label", ""),
            }
            for row in written.get("closure", ())
        ],
    }


def as_kept(written: Mapping[str, Any]) -> dict[str, Any]:
    """The same in plain words of JSON: a file gives dates, a form texts."""
    if isinstance(written, Mapping):
        return {str(key): _plain(value) for key, value in written.items()}
    raise TypeError


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return as_kept(value)
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    return value.isoformat() if isinstance(value, date) else value


def _hour(value: object) -> str:
    """Without its seconds; what is no hour as it was typed."""
    text = str(value)
    return text[:5] if re.fullmatch(r"\d\d:\d\d:00", text) else text


def _said(text: str) -> str:
    """`08:00-12:30` → « 8 h - 12 h 30 », as the hint writes hours; what is no hour as it was typed."""
    spaced = _SLOT.sub(r"\1 - ", text)
    return _KEPT.sub(lambda found: f"{int(found[1])} h" + (f" {found[2]}" if int(found[2]) else ""), spaced)


def _holidays(first: date, last: date, alsace_moselle: bool) -> list[date]:
    years = range(first.year, last.year + 1)
    return sorted(
        day for year in years for day in legal_holidays(year, alsace_moselle) if first <= day <= last
    )
