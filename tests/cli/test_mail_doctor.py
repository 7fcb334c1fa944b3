"""« crm doctor » and a server asked for receipts: does it know how to give them?"""

from __future__ import annotations

import pytest

from crm.cli.doctor.servers import mail
from crm.foundation import Settings
from crm.foundation.settings import Mail
from tests.mail_servers import mail_house
from tests.servers import Servers


@pytest.mark.parametrize("asked", [True, False])
def test_a_server_that_knows_no_receipts_is_named_when_they_are_asked(servers: Servers, asked: bool) -> None:
    told = Mail(host="127.0.0.1", port=servers.smtp_port, delivery_receipts=asked)
    assert ("n’annonce pas DSN" in " ".join(mail(Settings(mail=told)).lines())) == asked


def test_a_server_that_knows_them_is_well() -> None:
    with mail_house() as house:
        told = Mail(host="127.0.0.1", port=house.smtp, delivery_receipts=True)
        assert "accepte notre courrier" in " ".join(mail(Settings(mail=told)).lines())
