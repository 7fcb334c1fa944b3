"""A real mail house on this machine: exim takes, delivers and returns; dovecot opens the boxes by IMAP."""

from __future__ import annotations

import grp
import os
import pwd
import shutil
import signal
import smtplib
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from uuid import uuid4

from pydantic import SecretStr

from crm.cli.embedded import free_port
from crm.foundation.settings import Mailbox

DOMAIN = "rivebois.example"  # delivered here; whoever is at usagers.example does not exist
_PASSWORD = "not-a-secret"
_PATIENCE_SECONDS = 20
_PATH = f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin"
_MISSING = (
    "the mail loop is tested with real servers: apt-get install -y --no-install-recommends"
    " dovecot-imapd exim4-daemon-light (.ci/run does it)"
)

_DOVECOT = """
base_dir = {folder}/run
state_dir = {folder}/run
log_path = {folder}/dovecot.log
protocols = imap
listen = 127.0.0.1
ssl = no
disable_plaintext_auth = no
default_internal_user = {internal}
default_internal_group = {internal_group}
default_login_user = {login}
first_valid_uid = 1
mail_location = maildir:{folder}/mail/%u
mailbox_list_index = no
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={folder}/mail/%u
}}
service anvil {{
  chroot =
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {imap}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
service stats {{
  chroot =
}}
"""
_EXIM = """
primary_hostname = mta.rivebois.example
spool_directory = {folder}/spool
log_file_path = {folder}/exim-%slog
pid_file_path = {folder}/exim.pid
local_interfaces = 127.0.0.1
daemon_smtp_ports = {smtp}
tls_advertise_hosts =
dsn_advertise_hosts = *
deliver_drop_privilege = true
acl_smtp_rcpt = take
acl_smtp_data = take
host_lookup =
rfc1413_hosts =
begin acl
take:
  accept
begin routers
ours:
  driver = accept
  domains = rivebois.example
  local_parts = dsearch;{folder}/boxes
  local_part_suffix = +*
  local_part_suffix_optional
  transport = box
nobody:
  driver = redirect
  allow_fail
  data = :fail: 550 5.1.1 No such person here
begin transports
box:
  driver = appendfile
  directory = {folder}/mail/$local_part_data@rivebois.example
  maildir_format
  create_directory
  envelope_to_add
  return_path_add
  user = {owner}
  group = {group}
begin retry
*  *  F,1h,1m
"""


@dataclass
class MailHouse:
    folder: Path = field(default_factory=lambda: Path(tempfile.mkdtemp(prefix="crm-mail-")))
    imap: int = field(default_factory=free_port)
    smtp: int = field(default_factory=free_port)
    _dovecot: subprocess.Popen[bytes] | None = None
    _exim: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        self.folder.chmod(0o755)  # its parts run as users of their own
        (self.folder / "mail").mkdir()
        (self.folder / "spool").mkdir()
        (self.folder / "boxes").mkdir()
        is_root = os.geteuid() == 0
        me = pwd.getpwuid(os.geteuid())
        owner = pwd.getpwnam("Debian-exim") if is_root else me
        told = {
            "folder": self.folder, "password": _PASSWORD, "imap": self.imap, "smtp": self.smtp,
            "internal": "dovecot" if is_root else me.pw_name,
            "internal_group": "dovecot" if is_root else grp.getgrgid(me.pw_gid).gr_name,
            "login": "dovenull" if is_root else me.pw_name,
            "uid": owner.pw_uid, "gid": owner.pw_gid, "owner": owner.pw_name,
            "group": grp.getgrgid(owner.pw_gid).gr_name,
        }  # fmt: skip
        (self.folder / "dovecot.conf").write_text(_DOVECOT.format(**told))
        (self.folder / "exim.conf").write_text(_EXIM.format(**told))
        self._owner = owner
        if is_root:
            os.chown(self.folder / "mail", owner.pw_uid, owner.pw_gid)
            os.chown(self.folder / "spool", owner.pw_uid, owner.pw_gid)
            os.chown(self.folder, owner.pw_uid, owner.pw_gid)
        self._exim = self._run("exim4", "-C", f"{self.folder}/exim.conf", "-bdf")
        self.start_imap()
        _answers(self.smtp, self.folder)

    def start_imap(self) -> None:
        self._dovecot = self._run("dovecot", "-F", "-c", f"{self.folder}/dovecot.conf")
        _answers(self.imap, self.folder)

    def stop_imap(self) -> None:
        """Every connection is cut; what was delivered stays in the boxes."""
        process, self._dovecot = self._dovecot, None
        if process:
            process.send_signal(signal.SIGTERM)
            process.wait()

    def stop(self) -> None:
        self.stop_imap()
        if self._exim:
            self._exim.terminate()
            self._exim.wait()
        shutil.rmtree(self.folder, ignore_errors=True)

    def box(self, **changed: object) -> Mailbox:
        """A new box and how it is opened."""
        user = f"centre-{uuid4().hex[:8]}@{DOMAIN}"
        (self.folder / "boxes" / user.partition("@")[0]).touch()  # exim writes to no place that a mail names
        told = {"host": "127.0.0.1", "port": self.imap, "user": user, "security": "none",
                "password": SecretStr(_PASSWORD), "poll_seconds": 5, "timeout_seconds": 5}  # fmt: skip
        return Mailbox(**{**told, **changed})  # type: ignore[arg-type]

    def put(self, box: Mailbox, *mails: bytes) -> None:
        """As if they had just been delivered."""
        new = self.folder / "mail" / box.user / "new"
        for part in (new, new.with_name("cur"), new.with_name("tmp")):
            part.mkdir(parents=True, exist_ok=True)
        for mail in mails:
            (new / f"{time.time_ns()}.{uuid4().hex}.house").write_bytes(mail)
        if os.geteuid() == 0:
            for path in (new.parent, *new.parent.rglob("*")):
                os.chown(path, self._owner.pw_uid, self._owner.pw_gid)

    def send(self, to: str, mail: bytes, sender: str = "ana@usagers.example") -> None:
        """By SMTP, as anybody does."""
        with smtplib.SMTP("127.0.0.1", self.smtp, timeout=5) as server:
            server.sendmail(sender, [to], mail)

    def held(self, box: Mailbox, folder: str = "") -> int:
        """How many mails stand in a folder of the box; "" is its entrance."""
        place = self.folder / "mail" / box.user / folder
        return sum(1 for part in ("new", "cur") for _ in (place / part).glob("*"))

    def _run(self, programme: str, *told: str) -> subprocess.Popen[bytes]:
        found = shutil.which(programme, path=_PATH)
        assert found, _MISSING
        with (self.folder / "started.log").open("ab") as log:
            return subprocess.Popen([found, *told], stdout=log, stderr=log)


def _answers(port: int, folder: Path) -> None:
    until = time.monotonic() + _PATIENCE_SECONDS
    while True:
        with socket.socket() as tried, suppress(TimeoutError):
            tried.settimeout(2)
            if tried.connect_ex(("127.0.0.1", port)) == 0 and tried.recv(100):
                return
        logs = "\n".join(log.read_text()[-2000:] for log in folder.glob("*log"))
        assert time.monotonic() < until, logs
        time.sleep(0.05)


@contextmanager
def mail_house() -> Iterator[MailHouse]:
    made = MailHouse()
    try:
        made.start()
        yield made
    finally:
        made.stop()
