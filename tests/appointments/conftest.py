"""A small town whose services open moments."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from crm.foundation import UnitOfWork
from crm.territory import forget
from tests import given
from tests.given import Town


@pytest.fixture
def town(uow: UnitOfWork) -> Iterator[Town]:
    yield given.town(uow)
    forget()
