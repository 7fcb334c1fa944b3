"""A database of their own: an import commits, chunk after chunk."""

from __future__ import annotations

import pytest

from tests.own_database import create_database
from tests.servers import Servers


@pytest.fixture
def database_url(servers: Servers) -> str:
    return create_database(servers.database_url, "importing")
