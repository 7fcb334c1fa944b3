"""`crm doctor`: looks at every dependency and setting, and says what to do."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from pathlib import Path

import click

from crm.cli.doctor import counters, files, law, servers
from crm.cli.doctor.findings import Finding, Mark, good, information, warning, wrong
from crm.cli.doctor.machine import machine
from crm.cli.doctor.mailboxes import mailboxes
from crm.cli.embedded import CannotStart, Embedded, needed
from crm.cli.ground import var_folder
from crm.foundation import Settings, SettingsError

_ILL = 1


@click.command()
@click.pass_context
def doctor(context: click.Context) -> None:
    """Examine la machine, les réglages et les serveurs, et dit quoi faire."""
    ill = False
    for finding in _everything():
        click.echo("\n".join(finding.lines()))
        ill = ill or finding.mark is Mark.WRONG
    click.echo("\nÀ corriger : voir les lignes marquées ✗." if ill else "\nTout va bien.")
    context.exit(_ILL if ill else 0)


def _everything() -> Iterator[Finding]:
    try:
        settings = Settings.load()
    except SettingsError as refused:
        advice = "\n".join(refused.problems)
        yield wrong("Les réglages ne peuvent pas être lus : le reste n’est pas examiné", advice)
        return
    var = var_folder(settings)
    yield good("Réglages lisibles et complets")
    yield _secret(settings)
    yield from _demonstration(settings)
    yield from machine(var)
    yield from _servers(settings, var)


def _secret(settings: Settings) -> Finding:
    if settings.secret_key.get_secret_value():
        return good("Clé secrète donnée par les réglages")
    if not settings.demo:
        return wrong(
            "Aucune clé secrète",
            "Donnez-en une par CRM_SECRET_KEY, la même à toutes les machines : sans elle, rien ne démarre.",
        )
    return information(
        "Clé secrète fabriquée et gardée sous var/secret-key",
        "Avec plusieurs machines, donnez la même à toutes par CRM_SECRET_KEY.",
    )


def _demonstration(settings: Settings) -> Iterator[Finding]:
    """Invented usagers and accounts must not meet real servers by mistake."""
    if not settings.demo:
        return
    real = {
        "DATABASE_URL": settings.database_url,
        "REDIS_URL": settings.redis_url,
        "[mail] host": settings.mail.host,
        "[sms] url": settings.sms.url,
    }
    named = [name for name, value in real.items() if value]
    if named:
        yield warning(
            f"Mode démonstration, mais de vrais serveurs sont nommés : {', '.join(named)}",
            "Mettez demo = false, ou retirez ces réglages :\n"
            "la démonstration y chargerait des usagers inventés et y enverrait leurs messages.",
        )


def _servers(settings: Settings, var: Path) -> Iterator[Finding]:
    """Embedded ones are found, or started for the time of the examination."""
    embedded = Embedded(var, needed(settings))
    failed = set()
    try:
        embedded.prepare()
        for kind in needed(settings):
            try:
                embedded.ensure(kind)
            except CannotStart as refused:
                failed.add(kind.name)
                yield wrong(f"{kind.label} (embarqué) ne démarre pas", str(refused))
        known = embedded.settings()
        if "postgres" not in failed:
            found = servers.database(known)
            yield from found
            if all(one.mark is not Mark.WRONG for one in found):
                yield counters.board(known)
                yield law.receipts(known)
        if "redis" not in failed:
            yield from servers.memory(known, running=is_running(var) or not needed(settings))
        if "smtp" not in failed:
            yield servers.mail(known)
        yield from mailboxes(known)
        yield servers.sms(known)
        yield files.storage(known)
        yield files.scanner(known)
    finally:
        embedded.stop()


def is_running(var: Path) -> bool:
    """Whether `crm run all` is at work on this folder."""
    lock = var / "run" / "all.lock"
    if not lock.exists():
        return False
    with lock.open() as file:
        try:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False
