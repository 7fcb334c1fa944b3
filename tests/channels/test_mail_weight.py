"""The heaviest mails that are taken in whole leave a worker small: measured in a process of its own."""

from __future__ import annotations

import subprocess
import sys

import pytest

from crm.foundation import ROOT

_MOST_MB = 400
_PROGRAMME = """
import re, sys
from pathlib import Path
from tests.channels.mails import mail, read
from email.message import EmailMessage

def parts(count, size):
    made = EmailMessage()
    made["From"] = "ana@usagers.example"
    made.set_content("Voici")
    for number in range(count):
        made.add_attachment(bytes(size), maintype="application", subtype="zip", filename=f"{number}.zip")
    return made.as_bytes()

kind = sys.argv[1]
content = {
    "one_file": lambda: parts(1, 18_000_000),
    "many_lines": lambda: b"From: ana@usagers.example\\r\\n\\r\\n" + b"x\\r\\n" * 8_000_000,
    "page": lambda: b"From: a@b.example\\r\\nContent-Type: text/html\\r\\n\\r\\n" + b"<div>" * 5_000_000,
}[kind]()
told = read(content)
status = Path("/proc/self/status").read_text()  # getrusage would count whoever started us
print(int(re.search(r"VmHWM:\\s+(\\d+)", status)[1]) // 1024)
"""


@pytest.mark.parametrize("kind", ["one_file", "many_lines", "page"])
def test_a_mail_at_the_limit_stays_within_what_a_worker_may_hold(kind: str) -> None:
    ran = subprocess.run(
        [sys.executable, "-c", _PROGRAMME, kind], cwd=ROOT, capture_output=True, text=True, timeout=120
    )
    assert ran.returncode == 0, ran.stderr[-2000:]
    assert int(ran.stdout) < _MOST_MB
