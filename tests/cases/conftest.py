"""A small town whose services work on cases."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from crm.foundation import Actor, UnitOfWork
from crm.territory import forget
from tests import given
from tests.given import Town


@pytest.fixture
def town(uow: UnitOfWork) -> Iterator[Town]:
    yield given.town(uow)
    forget()


@pytest.fixture
def advisor() -> Actor:
    return given.actor("advisor")
