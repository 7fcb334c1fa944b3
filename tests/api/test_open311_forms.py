"""The same answers in JSON and in XML, with the exact types; and lists that cost the same."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from xml.etree.ElementTree import Element

import pytest
import sqlalchemy as sa
from defusedxml import ElementTree
from flask.testing import FlaskClient

from crm.api.open311.told import DEFINITION
from crm.api.open311.told import xml as xml_text
from crm.foundation import FrozenClock, Sessions, Units
from tests.api.partners import bring, key_of, reference

TYPES = {"json": "application/json; charset=utf-8", "xml": "text/xml; charset=utf-8"}


@pytest.fixture
def key(units: Units, services: dict[str, int]) -> str:
    return key_of(units, "departement")


def xml(answer: Any) -> Element:
    assert answer.content_type == TYPES["xml"]
    found: Element = ElementTree.fromstring(answer.data)
    return found


def plain(element: Element) -> Any:
    """As JSON would say it, all values being texts."""
    if len(element) == 0:
        return element.text or ""
    if len({child.tag for child in element}) == 1 and element.tag == f"{element[0].tag}s":
        return [plain(child) for child in element]
    return {child.tag: plain(child) for child in element}


def as_texts(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: as_texts(one) for name, one in value.items()}
    if isinstance(value, list):
        return [as_texts(one) for one in value] or ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)


@pytest.mark.parametrize("path", ["discovery", "services", "services/ECLA-01"])
def test_what_may_be_asked_is_the_same_in_both_forms(client: FlaskClient, path: str) -> None:
    as_json = client.get(f"/open311/v2/{path}.json")
    assert as_json.content_type == TYPES["json"]
    assert plain(xml(client.get(f"/open311/v2/{path}.xml"))) == as_texts(as_json.json)


def test_discovery_offers_both_forms(client: FlaskClient) -> None:
    told = client.get("/open311/v2/discovery.json").json
    assert told["endpoints"][0]["formats"] == ["application/json", "text/xml"]


def test_true_and_false_are_no_texts_in_json(client: FlaskClient) -> None:
    light = next(s for s in client.get("/open311/v2/services.json").json if s["service_code"] == "ECLA-01")
    assert light["metadata"] is True
    attribute = client.get("/open311/v2/services/ECLA-01.json").json["attributes"][0]
    assert attribute["variable"] is True and isinstance(attribute["required"], bool)


def test_a_request_is_brought_and_read_in_xml(client: FlaskClient, key: str) -> None:
    answer = bring(client, key, "xml")
    assert answer.status_code == 201
    root = xml(answer)
    assert root.tag == "service_requests" and root[0].tag == "request"
    brought = root.findtext("request/service_request_id")
    assert root.findtext("request/service_notice")
    listed = xml(client.get("/open311/v2/requests.xml"))
    alone = xml(client.get(f"/open311/v2/requests/{brought}.xml"))
    for read in (listed, alone):
        assert [one.text for one in read.iter("service_request_id")] == [brought]
        assert read.findtext("request/status") == "open"
        assert (read.findtext("request/lat"), read.findtext("request/long")) == ("43.6", "3.9")
        assert "Martin" not in ElementTree.tostring(read, encoding="unicode")


@pytest.mark.parametrize("form", ["json", "xml"])
def test_a_refusal_is_told_in_the_form_asked_for(client: FlaskClient, key: str, form: str) -> None:
    for answer, status in (
        (bring(client, "wrong", form), 403),
        (bring(client, key, form, service_code=""), 400),
        (bring(client, key, form, service_code="XXXX"), 404),
        (client.get(f"/open311/v2/requests/2026-000000-00.{form}"), 404),
        (client.get(f"/open311/v2/requests.{form}?start_date=hier"), 400),
        (client.get(f"/open311/v2/requests.{form}?page=0"), 400),
        (client.get(f"/open311/v2/requests.{form}?api_key=wrong"), 403),
    ):
        assert (answer.status_code, answer.content_type) == (status, TYPES[form])
        if form == "json":
            assert answer.json[0]["code"] == status and answer.json[0]["description"]
        else:
            root = xml(answer)
            assert root.tag == "errors" and root.findtext("error/code") == str(status)
            assert root.findtext("error/description")


def test_signs_that_xml_cannot_hold_break_nothing() -> None:
    written = xml_text({"service_code": "\x0b<&]]>\ud800😀", "more": None}, DEFINITION)
    assert ElementTree.fromstring(written.encode()).findtext("service_code") == "<&]]>😀"


def test_fields_that_nobody_knows_are_left_aside(client: FlaskClient, key: str) -> None:
    told = {"jurisdiction_id": "rivebois.example", "device_id": "x", "account_id": "7", "new_field": "1"}
    assert bring(client, key, **told).status_code == 201
    assert client.get("/open311/v2/requests.json", query_string=told).status_code == 200


def test_extensions_tell_finer_states(client: FlaskClient, key: str) -> None:
    light = reference(client, key)
    plainly = client.get(f"/open311/v2/requests/{light}.json").json[0]
    finely = client.get(f"/open311/v2/requests/{light}.json?extensions=true").json[0]
    assert "extended_attributes" not in plainly and finely["status"] == "open"
    assert finely["extended_attributes"]["step"] == "transmitted" and finely["expected_datetime"]
    assert xml(client.get(f"/open311/v2/requests/{light}.xml?extensions=true")).findtext(
        "request/extended_attributes/step"
    )


def test_pages_follow_one_another_and_the_key_never_shows(
    client: FlaskClient, clock: FrozenClock, key: str
) -> None:
    brought = []
    for _ in range(5):
        clock.at += timedelta(minutes=1)
        brought.append(reference(client, key))
    seen: list[str] = []
    address: str | None = f"/open311/v2/requests.json?page_size=2&page=1&api_key={key}"
    while address:
        page = client.get(address)
        seen += [one["service_request_id"] for one in page.json]
        link = page.headers.get("Link", "")
        assert key not in link
        address = link[1:].partition(">")[0] or None
    assert seen == brought[::-1]
    assert client.get("/open311/v2/requests.json?page=9999&page_size=1000").status_code == 400


@pytest.fixture
def count(engine: sa.Engine) -> Callable[[Callable[[], Any]], int]:
    def counted(do: Callable[[], Any]) -> int:
        said: list[str] = []

        def note(_c: object, _k: object, statement: str, *_: object) -> None:
            if not statement.startswith(("SAVEPOINT", "RELEASE", "ROLLBACK")):
                said.append(statement)

        do()  # what is kept in memory is read once
        sa.event.listen(engine, "before_cursor_execute", note)
        do()
        sa.event.remove(engine, "before_cursor_execute", note)
        return len(said)

    return counted


def test_a_list_costs_the_same_whatever_its_rows(
    client: FlaskClient, sessions: Sessions, key: str, count: Callable[[Callable[[], Any]], int]
) -> None:
    costs = []
    for _ in range(2):
        every = [reference(client, key) for _ in range(4)]
        costs.append(
            [
                count(lambda asked=asked: client.get(f"/open311/v2/{asked}"))  # type: ignore[misc]
                for asked in (
                    "requests.json",
                    f"requests.xml?api_key={key}",
                    f"requests.json?service_request_id={','.join(every)}",
                    "servicerequestupdates.json",
                )
            ]
        )
    assert costs[0] == costs[1]
    assert max(costs[0]) <= 4, costs
