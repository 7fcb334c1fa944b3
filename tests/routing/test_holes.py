"""What no rule covers, at any hour of the week and in each sector."""

from __future__ import annotations

import time as stopwatch
from datetime import time

from crm.routing import WEEKDAYS, Hole, Rule, Table, holes
from tests.catalogue.from_files import delivered, leaf
from tests.routing.facts import TUESDAY, some_rule

COMMUNES = ("99001", "99002")
SECTORS = {"99001": ("est", "ouest")}
WORKED, WEEKEND = frozenset(WEEKDAYS[:5]), frozenset(WEEKDAYS[5:])
DAY, NIGHT = {"starts_at": time(8), "ends_at": time(18)}, {"starts_at": time(18), "ends_at": time(8)}


def _holes(*rules: Rule) -> list[Hole]:
    return holes(Table(1, rules), [leaf("VOIR-01")], COMMUNES, TUESDAY, SECTORS)


def test_a_table_of_weekdays_edited_on_a_tuesday_lacks_its_weekends() -> None:
    assert _holes(some_rule(1, weekdays=WORKED)) == [Hole("VOIR-01", (), is_partial=True)]
    assert _holes(some_rule(1, weekdays=WORKED), some_rule(2, weekdays=WEEKEND)) == []


def test_a_table_of_days_lacks_its_nights() -> None:
    assert _holes(some_rule(1, **DAY)) == [Hole("VOIR-01", (), is_partial=True)]
    assert _holes(some_rule(1, **DAY), some_rule(2, **NIGHT)) == []
    assert _holes(some_rule(1, **DAY), some_rule(2, insee="99001")) == [
        Hole("VOIR-01", ("99002",), is_partial=True)
    ]


def test_a_table_by_sector_lacks_only_what_no_sector_has() -> None:
    east = some_rule(1, sector_code="est")
    elsewhere = Hole("VOIR-01", ("99002",))
    assert _holes(east, some_rule(2, sector_code="ouest")) == [elsewhere]
    assert _holes(east) == [elsewhere, Hole("VOIR-01", ("99001",), is_partial=True)]


def test_a_large_table_is_looked_at_while_one_waits() -> None:
    communes = [f"99{number:03}" for number in range(60)]
    sectors = {insee: [f"{insee}-{number}" for number in range(6)] for insee in communes}
    codes = [code for insee in communes for code in sectors[insee]]
    rules = [
        some_rule(position, domain_code="VOIR", sector_code=code, weekdays=WORKED, **hours)
        for position, (code, hours) in enumerate((code, hours) for code in codes for hours in (DAY, NIGHT))
    ]
    table, categories = Table(1, tuple(rules)), tuple(delivered().categories.values())
    begun = stopwatch.process_time()
    assert len(holes(table, categories, communes, TUESDAY, sectors)) > 50
    assert stopwatch.process_time() - begun < 1
