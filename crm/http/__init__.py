"""What the doors share: actor, unit of work, refusals, CSRF, language, dates, paging."""

from crm.foundation import typo
from crm.http.doors import actor, may_read, reading, unit_of_work, wiring
from crm.http.forms import CrmForm, reason, reasons, whole_number
from crm.http.gate import gate_of, holds, needs, public
from crm.http.language import gettext, language, ngettext
from crm.http.limits import limiter, visitor
from crm.http.paging import (
    cursor_after,
    cursor_from_address,
    cursor_of,
    moment_of,
    number_of,
    numbers_in,
    passed_in,
)
from crm.http.security import csrf
from crm.http.uploads import Taken, take_files, takes_files
from crm.http.wording import in_sentence, wording

__all__ = [
    "CrmForm",
    "Taken",
    "actor",
    "csrf",
    "cursor_after",
    "cursor_from_address",
    "cursor_of",
    "gate_of",
    "gettext",
    "holds",
    "in_sentence",
    "language",
    "limiter",
    "may_read",
    "moment_of",
    "needs",
    "ngettext",
    "number_of",
    "numbers_in",
    "passed_in",
    "public",
    "reading",
    "reason",
    "reasons",
    "take_files",
    "takes_files",
    "typo",
    "unit_of_work",
    "visitor",
    "whole_number",
    "wiring",
    "wording",
]
