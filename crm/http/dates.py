"""Dates as they are said in French or English, always on Paris time."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from functools import lru_cache

from babel.dates import format_date, format_time
from flask import Flask

from crm.foundation import PARIS
from crm.http.doors import wiring
from crm.http.language import gettext as _
from crm.http.language import language, ngettext

_MONTH = 365.25 / 12  # days
_MONTHS_FROM, _YEARS_FROM = 60, 24  # days, months: said in days up to two months, in months up to two years


def _day(moment: date | datetime) -> date:
    return moment.astimezone(PARIS).date() if isinstance(moment, datetime) else moment


def today() -> date:
    return wiring().clock.now().astimezone(PARIS).date()


def _written(day: date, pattern: str) -> str:
    return _in_words(day, pattern, language())


@lru_cache(maxsize=4096)
def _in_words(day: date, pattern: str, language: str) -> str:
    """A list says the same few days again and again. In French the first of a month is « 1er »."""
    text = format_date(day, pattern, locale=language)
    return text.replace("1 ", "1er ", 1) if language == "fr" and day.day == 1 else text


def full_day(moment: date | datetime) -> str:
    """« lundi 24 novembre 2026 »"""
    return _written(_day(moment), "EEEE d MMMM y")


def day(moment: date | datetime) -> str:
    """« lundi 24 novembre », with the year when it is not this one."""
    this = _day(moment)
    pattern = "EEEE d MMMM" if this.year == today().year else "EEEE d MMMM y"
    return _written(this, pattern)


def promise(at: datetime, priority: int) -> str:
    """« lundi 24 novembre »; of an emergency, the hour too: « dimanche 22 novembre, 1 h 48 »."""
    return f"{day(at)}, {hour(at)}" if priority == 1 else day(at)


def short_day(moment: date | datetime) -> str:
    """« 24 nov. », with the year when it is not this one."""
    this = _day(moment)
    pattern = "d MMM" if this.year == today().year else "d MMM y"
    return _written(this, pattern)


def hour(moment: datetime) -> str:
    """« 12 h 20 »"""
    return clock_hour(moment.astimezone(PARIS).time())


def clock_hour(at: time) -> str:
    """The same of an hour of every day."""
    if language() == "fr":
        return f"{at.hour}\u202fh" if at.minute == 0 else f"{at.hour}\u202fh\u202f{at.minute:02d}"
    return format_time(at, "HH:mm", locale=language())


def moment(at: datetime) -> str:
    """« 21 novembre, 12 h 20 »"""
    this = _day(at)
    pattern = "d MMMM" if this.year == today().year else "d MMMM y"
    return f"{_written(this, pattern)}, {hour(at)}"


def ago(moment: date | datetime) -> str:
    """« aujourd’hui », « dans 3 jours », « il y a 2 jours », then « il y a 9 mois », « il y a 2 ans »"""
    days = (_day(moment) - today()).days
    if days == 0:
        return _("aujourd’hui")
    if abs(days) == 1:
        return _("demain") if days > 0 else _("hier")
    if days > 0:
        return ngettext("dans %(num)d jour", "dans %(num)d jours", days)
    if days > -_MONTHS_FROM:
        return ngettext("il y a %(num)d jour", "il y a %(num)d jours", -days)
    months = int(-days / _MONTH)
    if months < _YEARS_FROM:
        return _("il y a %(months)d mois", months=months)
    return ngettext("il y a %(num)d an", "il y a %(num)d ans", months // 12)


def since(at: datetime) -> str:
    """« à l’instant », « il y a 4 min », « il y a 3 h », « il y a 2 jours »"""
    minutes = int((wiring().clock.now() - at).total_seconds() // 60)
    if minutes < 1:
        return _("à l’instant")
    if minutes < 60:
        return _("il y a %(minutes)d min", minutes=minutes)
    return _("il y a %(hours)d h", hours=minutes // 60) if minutes < 24 * 60 else ago(at)


def due_day(at: datetime, priority: int = 0) -> str:
    """« aujourd’hui, 12 h 40 », « demain », « 24 novembre »; the hour is always said of an emergency."""
    this, now = _day(at), today()
    said = _due_date(this, now)
    return f"{said}, {hour(at)}" if this == now or priority == 1 else said


def _due_date(this: date, now: date) -> str:
    if this == now:
        return _("aujourd’hui")
    if this == now + timedelta(days=1):
        return _("demain")
    return _written(this, "d MMMM" if this.year == now.year else "d MMMM y")


def install(app: Flask) -> None:
    words = (full_day, promise, day, short_day, hour, moment, ago, since, due_day)
    app.jinja_env.filters.update({word.__name__: word for word in words})
    app.jinja_env.filters["iso"] = lambda at: at.isoformat()
