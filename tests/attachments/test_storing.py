"""From the database to the storage: late when it is away, never lost, never twice."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from io import BytesIO

import pytest
import sqlalchemy as sa

from crm.attachments import (
    Giving,
    attach_files,
    check_file,
    file_bytes,
    files_of_case,
    forget_staged,
    mark_stored,
    stage_file,
    withdraw_file,
)
from crm.attachments.models import Attachment, WaitingFile
from crm.foundation import SYSTEM, Delivery, FrozenClock, Settings, Units
from crm.foundation.settings import Files
from crm.notifications import claim_due
from crm.reactions import REACTIONS
from crm.storage import open_storage
from crm.wiring import Wiring
from tests.attachments import pictures
from tests.own_database import create_database, wired_to
from tests.s3_server import S3Server
from tests.servers import Servers
from workers.jobs.forget_files import forget_left
from workers.jobs.run import do_deliveries
from workers.jobs.store_files import store_left_waiting

_CASE = 7


@pytest.fixture(scope="module")
def database(servers: Servers) -> str:
    return create_database(servers.database_url, "files")


@pytest.fixture
def house(database: str, servers: Servers, s3: S3Server, clock: FrozenClock) -> Iterator[Wiring]:
    made = wired_to(database, servers.redis_url, servers.smtp_port)
    with made.engine.begin() as connection:
        for table in (Delivery, Attachment, WaitingFile):
            connection.execute(sa.delete(table))
    units = Units(made.sessions, clock, REACTIONS)
    yield replace(made, units=units, clock=clock, storage=open_storage(Settings(files=s3.files)))
    made.close()


def _join(house: Wiring, *contents: bytes) -> list[int]:
    with house.units.begin(SYSTEM) as uow:
        checked = [check_file(BytesIO(content), "photo.jpg", Files()) for content in contents]
        tokens = [stage_file(uow, None, one) for one in checked]
        return attach_files(uow, None, _CASE, tokens, Giving(from_usager=True, opens=True))


def _work(house: Wiring) -> None:
    with house.units.begin(SYSTEM) as uow:
        claimed = claim_due(uow, 50)
    do_deliveries(house, [one.id for one in claimed])


def _waiting(house: Wiring) -> int:
    with house.sessions() as session:
        return session.scalar(sa.select(sa.func.count()).select_from(WaitingFile)) or 0


def test_a_photo_is_stored_and_leaves_the_database(house: Wiring) -> None:
    _join(house, pictures.photo())
    _work(house)
    with house.sessions() as session:
        (file,) = files_of_case(session, _CASE)
        assert file.stored_at is not None and not file.is_waiting(house.clock.now())
        assert file_bytes(session, house.storage, file).startswith(b"\xff\xd8\xff")
        assert len(file_bytes(session, house.storage, file, thumbnail=True)) < 20_000
    assert _waiting(house) == 0


def test_while_the_storage_is_away_the_photo_waits_and_is_still_shown(
    house: Wiring, s3: S3Server, clock: FrozenClock
) -> None:
    s3.stop()
    try:
        _join(house, pictures.photo(900, 600))
        _work(house)
        with house.sessions() as session:
            (file,) = files_of_case(session, _CASE)
            assert file.stored_at is None and file.is_waiting(clock.now())
            assert file_bytes(session, house.storage, file).startswith(b"\xff\xd8\xff")
            delivery = session.scalars(sa.select(Delivery)).one()
            assert (delivery.done_at, delivery.last_error) == (None, "ConnectionError")
    finally:
        s3.start()
    clock.at += timedelta(minutes=30)
    _work(house)
    with house.sessions() as session:
        (file,) = files_of_case(session, _CASE)
        assert file.stored_at == clock.at and not file.is_waiting(clock.at)
        assert house.storage.get(file.key) == file_bytes(session, house.storage, file)
        assert session.scalars(sa.select(Delivery)).one().done_at is not None
    assert _waiting(house) == 0


def test_after_a_long_absence_what_no_delivery_carries_is_stored_all_the_same(
    house: Wiring, clock: FrozenClock
) -> None:
    _join(house, pictures.photo(800, 600), pictures.PDF)
    with house.engine.begin() as connection:
        connection.execute(sa.update(Delivery).values(parked_at=clock.at))
    store_left_waiting(house)
    assert _waiting(house) == 2, "what is younger is in the hands of its own delivery"
    clock.at += timedelta(minutes=5)
    store_left_waiting(house)
    with house.sessions() as session:
        assert all(file.stored_at for file in files_of_case(session, _CASE))
    assert _waiting(house) == 0


def test_a_worker_that_dies_half_way_loses_nothing(house: Wiring) -> None:
    """The bytes were put, then the machine went: the delivery comes due again and puts them again."""
    _join(house, pictures.photo(700, 500))
    with house.sessions() as session:
        (file,) = files_of_case(session, _CASE)
    house.storage.put(file.key, b"half", "image/jpeg")
    _work(house)
    with house.sessions() as session:
        (stored,) = files_of_case(session, _CASE)
        assert file_bytes(session, house.storage, stored).startswith(b"\xff\xd8\xff")


def test_the_same_delivery_twice_stores_once(house: Wiring) -> None:
    _join(house, pictures.photo(600, 400))
    with house.units.begin(SYSTEM) as uow:
        ids = [one.id for one in claim_due(uow, 50)]
    for _ in range(2):
        do_deliveries(house, ids)
    with house.sessions() as session:
        (file,) = files_of_case(session, _CASE)
        assert file.stored_at is not None


def test_files_of_forms_never_sent_are_forgotten_after_two_days(house: Wiring, clock: FrozenClock) -> None:
    with house.units.begin(SYSTEM) as uow:
        stage_file(uow, None, check_file(BytesIO(pictures.PDF), "a.pdf", Files()))
    _join(house, pictures.photo(500, 400))
    clock.at += timedelta(days=2, minutes=1)
    with house.units.begin(SYSTEM) as uow:
        assert forget_staged(uow) == 1
    assert _waiting(house) == 1, "what a case has is never forgotten"


def _withdraw(house: Wiring, token: str) -> None:
    with house.units.begin(SYSTEM) as uow:
        withdraw_file(uow, None, _CASE, token, interaction_id=1, only_own=False)


def _one(house: Wiring) -> Attachment:
    with house.sessions() as session:
        return session.scalars(sa.select(Attachment)).one()


def test_a_withdrawn_file_leaves_the_storage_and_may_be_sent_again(house: Wiring) -> None:
    photo = pictures.photo()
    _join(house, photo)
    _work(house)
    kept = _one(house)
    assert house.storage.exists(kept.key) and house.storage.exists(kept.thumbnail_key or "")
    _withdraw(house, kept.token)
    with house.sessions() as session:
        assert files_of_case(session, _CASE) == []
    _work(house)
    assert not house.storage.exists(kept.key) and not house.storage.exists(kept.thumbnail_key or "")
    assert _one(house).withdrawn_at is not None and _one(house).name == "photo.jpg", "the row stays"
    assert len(_join(house, photo)) == 1


def test_withdrawn_before_it_was_stored_it_never_is(house: Wiring) -> None:
    _join(house, pictures.photo())
    _withdraw(house, _one(house).token)
    assert _waiting(house) == 0
    _work(house)
    store_left_waiting(house)
    assert not house.storage.exists(_one(house).key)


def test_what_was_being_stored_meanwhile_is_forgotten_by_the_clock(house: Wiring) -> None:
    _join(house, pictures.photo())
    kept = _one(house)
    _withdraw(house, kept.token)
    _work(house)
    house.storage.put(kept.key, b"late", "image/jpeg")  # a worker that had read it before
    with house.units.begin(SYSTEM) as uow:
        mark_stored(uow, kept.id)
    forget_left(house)
    assert not house.storage.exists(kept.key) and _one(house).stored_at is None
