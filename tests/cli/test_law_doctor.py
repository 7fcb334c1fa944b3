"""What `crm doctor` and `crm replies preview` say of the receipts that the law asks for."""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlalchemy as sa
from click.testing import CliRunner

from crm.catalogue import load_catalogue
from crm.cli.doctor.findings import Mark
from crm.cli.doctor.law import receipts
from crm.cli.root import crm
from crm.foundation import ROOT, SYSTEM, Settings, SystemClock, Units, open_engine, session_factory
from crm.knowledge import load_replies
from crm.staff import Unit
from tests import given
from tests.own_database import create_database
from tests.servers import Servers

REPLIES = ROOT / "config" / "replies"


@pytest.fixture(scope="module")
def database(servers: Servers) -> str:
    """A centre with its catalogue and one service."""
    url = create_database(servers.database_url, "law_doctor")
    engine = open_engine(url, forked=True)
    with Units(session_factory(engine), SystemClock(), {}).begin(SYSTEM) as uow:
        load_catalogue(uow, ROOT / "config" / "catalogue")
        given.unit(uow)
    return url


def test_the_doctor_names_the_services_that_no_receipt_can_name(database: str) -> None:
    settings = Settings(database_url=database)
    assert "aucun texte" in receipts(settings).what
    engine = open_engine(database, forked=True)
    with Units(session_factory(engine), SystemClock(), {}).begin(SYSTEM) as uow:
        load_replies(uow, REPLIES)
    assert receipts(settings).mark is Mark.GOOD
    with Units(session_factory(engine), SystemClock(), {}).begin(SYSTEM) as uow:
        given.commune(uow)
        given.category(uow, "LOI-01")
        unit_id = uow.session.scalars(sa.select(Unit.id)).one()
        given.routing(uow, {"category_code": "LOI-01", "unit_id": unit_id})
        given.open_case(uow, given.rulebook(uow), category_code="LOI-01")
        uow.session.execute(sa.update(Unit).values(is_active=False, phone=""))
    found = receipts(settings)
    assert found.mark is Mark.WRONG and "Service voirie" in found.what


@pytest.fixture
def preview(database: str, monkeypatch: pytest.MonkeyPatch):  # type: ignore[no-untyped-def]
    monkeypatch.setenv("DATABASE_URL", database)
    monkeypatch.setenv("REDIS_URL", "redis://127.0.0.1:1")
    return lambda *words: CliRunner().invoke(crm, ["replies", "preview", *map(str, words)])


def test_a_text_is_read_as_an_usager_will_before_it_is_loaded(preview) -> None:  # type: ignore[no-untyped-def]
    told = preview(REPLIES, "acknowledgement", "--category", "REL-01")
    assert told.exit_code == 0, told.output
    assert "considérée comme refusée" in told.output and "attestation" not in told.output
    plain = preview(REPLIES, "acknowledgement", "--category", "VOIR-01").output
    assert "considérée comme" not in plain and "Éclairage public nord" in plain


def test_a_text_without_its_mentions_is_refused_and_each_is_named(preview, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    (tmp_path / "acknowledgement.toml").write_text(
        'message = "acknowledgement"\n[[template]]\nsubject = "{reference}"\n'
        'body = "Reçue. Sans réponse le {implicit_decision_date}, c’est non."\n'
    )
    told = preview(tmp_path, "acknowledgement")
    said = str(told.exception.fields if told.exception and hasattr(told.exception, "fields") else told.output)
    assert told.exit_code != 0
    for lacking in ("{received_date}", "{unit}", "{unit_phone}", "{unit_address} ou {unit_email}",
                    "{implicit_acceptance_date}", "voies et délais de recours"):  # fmt: skip
        assert lacking in said
