"""The servers we rely on: do they answer, are they recent enough, do they agree with us?"""

from __future__ import annotations

import smtplib
import socket
from datetime import UTC, datetime
from urllib.parse import urlsplit

import psycopg
import redis

from crm.cli.db import newest_version, schema_version
from crm.cli.doctor.findings import Finding, attempt, good, information, warning, wrong
from crm.foundation import Settings

HEARTBEAT_KEY = "crm:worker:heartbeat"  # written by the workers; a test keeps the two equal
_OLDEST_POSTGRES = 15
_CLOCK_SECONDS = 2.0
_CONNECT_SECONDS = 5


def database(settings: Settings) -> list[Finding]:
    address = settings.database_url.replace("postgresql+psycopg://", "postgresql://", 1)
    try:
        with psycopg.connect(address, connect_timeout=_CONNECT_SECONDS) as connection:
            findings = [_version(connection), _clock(connection), _locks(connection)]
    except psycopg.Error as error:
        advice = (
            "Vérifiez que le serveur tourne, puis l’adresse, le compte et le mot de passe de DATABASE_URL.\n"
            "Sans DATABASE_URL, le programme fait tourner son propre PostgreSQL."
        )
        return [wrong(f"PostgreSQL ne répond pas : {str(error).strip().partition(chr(10))[0]}", advice)]
    return [*findings, _schema(settings)]


def _version(connection: psycopg.Connection) -> Finding:
    major = connection.info.server_version // 10_000
    if major >= _OLDEST_POSTGRES:
        return good(f"PostgreSQL {major}")
    return wrong(
        f"PostgreSQL {major} est trop ancien",
        f"Il en faut la version {_OLDEST_POSTGRES} ou une plus récente.",
    )


def _clock(connection: psycopg.Connection) -> Finding:
    row = connection.execute("SELECT clock_timestamp()").fetchone()
    gap = abs((datetime.now(UTC) - row[0]).total_seconds()) if row else 0.0
    if gap <= _CLOCK_SECONDS:
        return good("L’horloge d’ici et celle de la base s’accordent")
    return wrong(
        f"L’horloge d’ici et celle de la base diffèrent de {gap:.0f} s",
        "Mettez les deux machines à l’heure (NTP) : les échéances en dépendent.",
    )


def _locks(connection: psycopg.Connection) -> Finding:
    row = connection.execute(
        "SELECT count(*) FROM pg_stat_activity"
        " WHERE wait_event_type = 'Lock' AND now() - query_start > '10 s'"
    ).fetchone()
    if not row or not row[0]:
        return good("Aucune opération n’en bloque une autre dans la base")
    return wrong(
        f"{row[0]} opérations attendent un verrou depuis plus de 10 s",
        "Cherchez laquelle tient le verrou : SELECT pid, query FROM pg_stat_activity WHERE state <> 'idle'.",
    )


def _schema(settings: Settings) -> Finding:
    found, expected = schema_version(settings), newest_version()
    if found == expected:
        return good(f"Schéma de la base à jour ({found})")
    return wrong(f"Schéma de la base : {found or 'vide'} au lieu de {expected}", "Lancez « crm db upgrade ».")


def memory(settings: Settings, *, running: bool) -> list[Finding]:
    """Redis, and by it the workers."""
    try:
        with redis.Redis.from_url(settings.redis_url, socket_connect_timeout=_CONNECT_SECONDS) as client:
            client.ping()
            beating = bool(client.exists(HEARTBEAT_KEY))
    except (redis.RedisError, ValueError) as error:
        advice = (
            "Vérifiez que le serveur tourne, puis l’adresse et le mot de passe de REDIS_URL.\n"
            "Sans REDIS_URL, le programme fait tourner son propre Redis."
        )
        return [wrong(f"Redis ne répond pas : {error}", advice)]
    return [good("Redis répond"), _worker(beating, running)]


def _worker(beating: bool, running: bool) -> Finding:
    if beating:
        return good("Un travailleur au moins est à l’œuvre")
    if running:
        return wrong(
            "Aucun travailleur ne donne signe de vie", "Lancez « crm run worker » et regardez son journal."
        )
    return information("Le site ne tourne pas en ce moment", "« make run » le fait tourner.")


def mail(settings: Settings) -> Finding:
    box = settings.mail

    def check() -> Finding:
        opened = smtplib.SMTP_SSL if box.security == "tls" else smtplib.SMTP
        with opened(box.host, box.port, timeout=_CONNECT_SECONDS) as client:
            if box.security == "starttls":
                client.starttls()
            if box.user:
                client.login(box.user, box.password.get_secret_value())
            client.ehlo_or_helo_if_needed()
            client.noop()
            tells = client.has_extn("dsn")
        if box.delivery_receipts and not tells:
            return warning(
                f"La messagerie {box.host}:{box.port} prend notre courrier, mais n’annonce pas DSN",
                "Elle ne dira pas ce qui est remis : réglez-la, ou mettez [mail] delivery_receipts à false.",
            )
        return good(f"Messagerie : {box.host}:{box.port} accepte notre courrier")

    advice = (
        "Vérifiez [mail] : host, port, security (none, starttls, tls), user et password.\n"
        "Sans host, le programme garde les messages dans des fichiers, sous var/outbox."
    )
    return attempt(
        check, f"La messagerie {box.host}:{box.port} ne répond pas", advice, OSError, smtplib.SMTPException
    )


def sms(settings: Settings) -> Finding:
    if not settings.sms.url:
        return information("Pas de passerelle SMS : aucun SMS ne sera proposé", "Nommez-la dans [sms] url.")
    address = urlsplit(settings.sms.url)

    def check() -> Finding:
        port = address.port or (443 if address.scheme == "https" else 80)
        with socket.create_connection((address.hostname or "", port), timeout=_CONNECT_SECONDS):
            return good(f"Passerelle SMS : {address.hostname} répond")

    advice = "Vérifiez [sms] url et que cette machine peut joindre cette adresse."
    return attempt(check, f"La passerelle SMS {address.hostname} ne répond pas", advice, OSError)
