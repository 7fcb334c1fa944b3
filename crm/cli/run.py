"""`crm run`: one part of the product, or all of them."""

from __future__ import annotations

import fcntl
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from sqlalchemy.exc import OperationalError

from crm.cli.db import expected_schema, newest_version, schema_version
from crm.cli.embedded import Embedded, needed
from crm.cli.ground import secret_key, var_folder
from crm.cli.parts import become, every_part
from crm.cli.speech import Refusal, answer
from crm.cli.supervisor import StopAsked, Supervisor, stopping_by_signal
from crm.foundation import ROOT, Settings


@click.group()
def run() -> None:
    """Fait tourner le site ou l’un de ses programmes."""


def _one(name: str, help_text: str) -> None:
    @run.command(name, help=help_text)
    def part() -> None:
        settings = Settings.load()
        missing = [kind.label for kind in needed(settings)]
        if missing:
            raise Refusal(
                f"« crm run {name} » a besoin de serveurs nommés par les réglages ({', '.join(missing)} :"
                " DATABASE_URL, REDIS_URL, [mail]). Pour tout faire tourner ici : « crm run all »."
            )
        expected_schema(settings)
        os.environ["CRM_SECRET_KEY"] = secret_key(settings)
        _refuse_another_schema(settings)
        become(name, settings)


_one("web", "Les écrans et les API.")
_one("relay", "Remet aux travailleurs ce qui est dû.")
_one("worker", "Fait ce que le relais lui remet.")
_one("timetable", "Lance ce qui revient à heures fixes.")
_one("mailboxes", "Relève les boîtes aux lettres ([[mailboxes]]).")


def _refuse_another_schema(settings: Settings) -> None:
    """A database that does not answer yet is waited for by each programme: nothing is known of it."""
    try:
        found, expected = schema_version(settings), newest_version()
    except OperationalError:
        return
    if found != expected:
        raise Refusal(
            f"Le schéma est en version {found or 'vide'}, le programme attend {expected} :"
            " lancez « crm db upgrade »."
        )


@run.command("all")
def everything() -> None:
    """Tout, au premier plan, serveurs compris si aucun réglage n’en nomme ; Ctrl-C arrête tout."""
    settings = Settings.load()
    var = var_folder(settings)
    for folder in (var, var / "run", var / "log"):
        folder.mkdir(parents=True, exist_ok=True)
    with _only_one(var, settings.port):
        _refuse_busy_port(settings)
        embedded = Embedded(var, needed(settings), tied=True)
        supervisor = Supervisor(embedded, var / "log", settings.port, _say)
        try:
            with stopping_by_signal():
                _serve(settings, embedded, supervisor, var)
        except StopAsked:
            _say("Arrêt…")
        finally:
            supervisor.stop()
            embedded.stop()
        _say("Tout est arrêté.")


def _serve(settings: Settings, embedded: Embedded, supervisor: Supervisor, var: Path) -> None:
    began = time.monotonic()
    embedded.start()
    if embedded.notes:
        _say(f"Serveurs démarrés sous {var} ({time.monotonic() - began:.1f} s).")
    environment = {**os.environ, **embedded.environment(), "CRM_VAR": str(var), "PYTHONUNBUFFERED": "1"}
    environment["CRM_SECRET_KEY"] = secret_key(settings)
    environment["PROMETHEUS_MULTIPROC_DIR"] = str(_emptied(var / "run" / "metrics"))
    if schema_version(embedded.settings()) != newest_version():
        _prepare(("db", "upgrade"), environment)
    if settings.demo and not (var / "demo-accounts.json").exists():
        _say("Premier démarrage : chargement de la métropole de démonstration…")
        _prepare(("demo", "load"), environment)
        _say(f"Comptes de démonstration : {var / 'demo-accounts.json'}")
    supervisor.start(every_part(settings), environment)
    supervisor.watch()


def _emptied(folder: Path) -> Path:
    """Where web processes put their counts together; those of an earlier run are not theirs."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder


def _prepare(command: tuple[str, ...], environment: dict[str, str]) -> None:
    """In a process of its own: whatever it opened is closed before the parts start."""
    done = subprocess.run([sys.executable, "-m", "crm.cli", *command], env=environment, cwd=ROOT, check=False)
    if done.returncode != 0:
        raise Refusal(f"« crm {' '.join(command)} » a échoué ; rien d’autre n’a été démarré.")


@contextmanager
def _only_one(var: Path, port: int) -> Iterator[None]:
    """One `crm run all` per folder; the kernel frees the place of one that died."""
    with (var / "run" / "all.lock").open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            raise Refusal(
                f"Déjà en marche sur {var} (http://127.0.0.1:{file.read().strip()}) :"
                " arrêtez-le, ou donnez un autre dossier par CRM_VAR et un autre PORT."
            ) from None
        file.truncate(0)
        file.write(str(port))
        file.flush()
        yield


def _refuse_busy_port(settings: Settings) -> None:
    with socket.socket() as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((settings.web.host, settings.port))
        except OSError:
            raise Refusal(
                f"Le port {settings.port} est déjà pris : arrêtez le programme qui le tient"
                f" ou choisissez-en un autre, par exemple « PORT={settings.port + 1} make run »."
            ) from None


def _say(words: str) -> None:
    click.echo(words)
    sys.stdout.flush()


if __name__ == "__main__":  # `make run`: the same as `crm run`, a second sooner
    answer(run)
