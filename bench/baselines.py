"""What the same machine does at best in the same minutes: a bare transaction, a bare page, a bare mail."""

from __future__ import annotations

import os
import pwd
import re
import smtplib
import subprocess
import time
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import psycopg

from bench.house import House
from crm.cli.embedded.postgres import binaries

_HERE = Path(__file__).parent
_TPS = re.compile(r"tps = ([\d.]+) \(without")


def prepare_tickets(house: House) -> None:
    with psycopg.connect(house.database_url, autocommit=True) as connection:
        connection.execute((_HERE / "ticket_tables.sql").read_text())
        connection.execute("VACUUM ANALYZE bare_tickets")


def bare_transactions(house: House, *, clients: int, seconds: float) -> float:
    """pgbench on bench/ticket.sql: transactions a second."""
    script = (_HERE / "ticket.sql").read_text()
    sockets = parse_qs(urlsplit(house.database_url).query)["host"][0]
    done = subprocess.run(
        [
            binaries() / "pgbench", "--no-vacuum", "--file=-", f"--client={clients}",
            f"--jobs={min(clients, 2)}", f"--time={max(1, round(seconds))}",
            "--host", sockets, "--username=crm", "crm",
        ],
        input=script, capture_output=True, text=True, check=True,
    )  # fmt: skip
    found = _TPS.search(done.stdout)
    assert found, done.stdout
    return float(found[1])


def bare_mails(house: House, *, count: int) -> float:
    """Mails a second on one kept connection to the sink, of the size of ours."""
    message = EmailMessage(policy=SMTP)
    message["From"], message["To"] = "relation@rivebois.example", "bench@exemple.example"
    message["Subject"] = "Votre demande est enregistrée"
    message.set_content("Bonjour,\n\n" + "Votre demande est enregistrée sous la référence.\n" * 30)
    content = message.as_bytes(policy=SMTP)
    mail = house.settings.mail
    with smtplib.SMTP(mail.host, mail.port, timeout=30) as server:
        began = time.monotonic()
        for _ in range(count):
            server.sendmail("relation@rivebois.example", ["bench@exemple.example"], content)
        return count / (time.monotonic() - began)


def machine() -> dict[str, object]:
    """What the figures were taken on, and how busy it was."""
    model = re.search(r"model name\s*: (.*)", Path("/proc/cpuinfo").read_text())
    return {
        "cores": os.cpu_count(),
        "processor": model[1] if model else "",
        "load_average": [round(load, 1) for load in os.getloadavg()],
        "root": pwd.getpwuid(os.geteuid()).pw_name == "root",
    }
