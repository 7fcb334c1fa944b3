"""A town for each story."""

from __future__ import annotations

import pytest

from crm.catalogue import load_catalogue
from crm.foundation import ROOT, UnitOfWork
from crm.knowledge import load_replies
from tests import given
from tests.given import Town


@pytest.fixture
def town(uow: UnitOfWork) -> Town:
    return given.town(uow)


@pytest.fixture
def texts(uow: UnitOfWork, town: Town) -> None:
    """The delivered replies, and the catalogue that some of them name."""
    load_catalogue(uow, ROOT / "config" / "catalogue")
    load_replies(uow, ROOT / "config" / "replies")
