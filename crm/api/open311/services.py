"""What may be asked for: the catalogue as GeoReport services and their attributes."""

from __future__ import annotations

from typing import Any

from flask.typing import ResponseReturnValue

from crm.api.open311.blueprint import Refused, offered
from crm.api.open311.told import DEFINITION, DISCOVERY, FORMS, SERVICES, answer
from crm.catalogue import Category, Question
from crm.http import gettext as _
from crm.http import language, public, wiring

_CHANGESET = "2026-11-01T00:00:00+01:00"  # of this interface
_DATATYPES = {
    "text": "string",
    "number": "number",
    "date": "datetime",
    "yesno": "singlevaluelist",
    "choice": "singlevaluelist",
}


@offered("/discovery")
@public
def discovery() -> ResponseReturnValue:
    settings = wiring().settings
    base = f"{settings.centre.site_url.rstrip('/')}/open311/v2"
    told = {
        "changeset": _CHANGESET,
        "contact": f"{settings.centre.name}, {settings.centre.email}, {settings.centre.phone}",
        "key_service": _("Demandez une clé au centre de relation."),
        "endpoints": [
            {
                "specification": "http://wiki.open311.org/GeoReport_v2",
                "url": base,
                "changeset": _CHANGESET,
                "type": "test" if settings.demo else "production",
                "formats": [kind.partition(";")[0] for kind in FORMS.values()],
            }
        ],
    }
    return answer(told, DISCOVERY)


@offered("/services")
@public
def services() -> ResponseReturnValue:
    catalogue, _index = wiring().rulebooks.categories()
    groups = {domain.code: _said(domain.label, domain.label_en) for domain in catalogue.domains}
    return answer(
        [
            {
                "service_code": category.code,
                "service_name": service_name(category),
                "description": _said(category.handling, category.handling_en),
                "metadata": bool(category.questions),
                "type": "realtime",
                "keywords": ",".join(category.synonyms),
                "group": groups.get(category.domain_code, ""),
            }
            for domain in catalogue.domains
            for category in catalogue.in_domain(domain.code)
        ],
        SERVICES,
    )


@offered("/services/<code>")
@public
def definition(code: str) -> ResponseReturnValue:
    category = service(code)
    attributes = [_attribute(at, question) for at, question in enumerate(category.questions, 1)]
    return answer({"service_code": category.code, "attributes": attributes}, DEFINITION)


def service(code: str) -> Category:
    """The category that may be asked for under this code, or its heir. Raises Refused."""
    catalogue, _index = wiring().rulebooks.categories()
    found = catalogue.in_use(code)
    if found is None or not found.is_active:
        raise Refused(404, "No such service_code: see services.json.")
    return found


def service_name(category: Category) -> str:
    return _said(category.label, category.label_en)


def _said(french: str, english: str) -> str:
    return english or french if language() == "en" else french


def _attribute(order: int, question: Question) -> dict[str, Any]:
    values = [
        {"key": choice.value, "name": _said(choice.label, choice.label_en)} for choice in question.choices
    ]
    if question.kind == "yesno":
        values = [{"key": "yes", "name": _("Oui")}, {"key": "no", "name": _("Non")}]
    return {
        "variable": True,
        "code": question.key,
        "datatype": _DATATYPES[question.kind],
        "required": question.is_required,
        "datatype_description": "AAAA-MM-JJ" if question.kind == "date" else "",
        "order": order,
        "description": _said(question.label, question.label_en),
        "values": values,
    }
