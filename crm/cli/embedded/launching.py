"""How an embedded server is launched: under which account, tied or not to our own life."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import time
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import IO

from crm.cli.embedded.processes import Process, identify

_ENVIRONMENT = {"LC_ALL": "C", "TZ": "UTC", "PATH": os.defpath}
# `no_setuid_fixup`: access(2), by which PostgreSQL finds its own binary, would otherwise forget the right.
_REACH_ANYWHERE = (
    "--securebits=+no_setuid_fixup",
    "--inh-caps=+dac_override",
    "--ambient-caps=+dac_override",
)
_PORT_PATIENCE_SECONDS = 2.0  # one killed a moment ago may still be letting go of it


class CannotStart(Exception):
    """An embedded server cannot start. The message says what to do, in French."""


def wheel_folder(package: str) -> Path:
    """Where a wheel lies, without importing it: its import may do more than we ask."""
    spec = find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise CannotStart(f"Le paquet {package} manque dans .venv : relancez « make run », qui l’installe.")
    return Path(spec.submodule_search_locations[0])


def tied_to_us() -> list[str]:
    """The kernel asks the programme to stop when we die, however we die: we, that is the calling thread."""
    return ["setpriv", "--pdeathsig", "INT"] if shutil.which("setpriv") else []


def unprivileged(folder: Path, binary: Path, *, tied: bool) -> list[str]:
    """How to run `binary` on `folder` without being root: PostgreSQL refuses root.

    As root we lend it the `nobody` account (or the one that owns `folder`). A checkout under /root is closed
    to that account: it then keeps root's single right to pass file modes, and no file's mode is changed.
    """
    _own(folder)
    if os.geteuid() != 0:
        return tied_to_us() if tied else []
    if not shutil.which("setpriv"):
        raise CannotStart(
            "PostgreSQL refuse de tourner en tant que root et la commande setpriv manque :"
            " installez util-linux, ou lancez le programme sous un compte ordinaire."
        )
    owner = folder.stat()
    account = ["setpriv", f"--reuid={owner.st_uid}", f"--regid={owner.st_gid}", "--clear-groups"]
    account += ["--pdeathsig", "INT"] if tied else []
    for extra in ((), _REACH_ANYWHERE):
        if _succeeds([*account, *extra, str(binary), "--version"]) and _succeeds(
            [*account, *extra, "ls", str(folder)]
        ):
            return [*account, *extra]
    raise CannotStart(
        f"Le compte « {pwd.getpwuid(owner.st_uid).pw_name} », que PostgreSQL prend quand on est root,"
        f" n’a pas accès à {folder} : placez le projet ailleurs (par exemple sous /srv) ou nommez un autre"
        " dossier par CRM_VAR."
    )


def spawn(argv: Sequence[str], log: IO[bytes], *, fds: Sequence[int] = ()) -> Process:
    """In a session of its own: the Ctrl-C of our terminal is ours to pass on, in order.

    Raises:
        CannotStart: it ended at once; its log says why.
    """
    child = subprocess.Popen(
        argv, stdin=subprocess.DEVNULL, stdout=log, stderr=log, pass_fds=fds, start_new_session=True,
        cwd="/", env=_ENVIRONMENT,
    )  # fmt: skip
    child.returncode = 0  # from here on it is a Process, which outlives this object and buries it
    try:
        return identify(child.pid)
    except ProcessLookupError:
        raise CannotStart(f"{argv[0]} s’est arrêté aussitôt.") from None


def run_quietly(argv: Sequence[str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(argv, capture_output=True, text=True, cwd="/", env=_ENVIRONMENT, check=False)


def free_port(preferred: int = 0) -> int:
    """A port of the loopback that nobody holds; the preferred one when it is free."""
    end = time.monotonic() + _PORT_PATIENCE_SECONDS
    while preferred and time.monotonic() < end:
        if _bound(preferred):
            return preferred
        time.sleep(0.05)
    if port := _bound(0):
        return port
    raise CannotStart("Aucun port libre sur 127.0.0.1 : arrêtez des programmes qui en tiennent.")


def _bound(port: int) -> int | None:
    with socket.socket() as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind(("127.0.0.1", port))
        except OSError:
            return None
        return int(trial.getsockname()[1])


def log_tail(path: Path, lines: int = 8) -> str:
    try:
        return "\n".join(path.read_text(encoding="utf-8", errors="replace").splitlines()[-lines:])
    except FileNotFoundError:
        return ""


def _own(folder: Path) -> None:
    """As root, give a folder of root's to nobody; as somebody else, refuse what is not ours."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    owner = folder.stat().st_uid
    if os.geteuid() == 0 and owner == 0:
        nobody = pwd.getpwnam("nobody")
        os.chown(folder, nobody.pw_uid, nobody.pw_gid)
    elif os.geteuid() not in {0, owner}:
        raise CannotStart(
            f"{folder} appartient à un autre compte (« {pwd.getpwuid(owner).pw_name} ») :"
            " relancez sous le compte de la première fois, ou nommez un autre dossier par CRM_VAR."
        )


def _succeeds(argv: Sequence[str]) -> bool:
    return run_quietly(argv).returncode == 0
