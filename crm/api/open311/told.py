"""The same answer in the two forms of GeoReport: JSON, and XML with one element for each thing of a list."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from xml.sax.saxutils import escape

from flask import Response, current_app, request

FORMS = {"json": "application/json; charset=utf-8", "xml": "text/xml; charset=utf-8"}
_ITEM = {"attributes": "attribute", "values": "value", "endpoints": "endpoint", "formats": "format"}
# What XML 1.0 cannot hold, even escaped.
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class Shape:
    """Args: `root`: the outermost element in XML; `item`: of each thing, when the answer is a list."""

    root: str
    item: str = ""


SERVICES = Shape("services", "service")
DEFINITION = Shape("service_definition")
DISCOVERY = Shape("discovery")
REQUESTS = Shape("service_requests", "request")
UPDATES = Shape("service_request_updates", "request_update")
ERRORS = Shape("errors", "error")


def answer(value: Any, shape: Shape, status: int = 200) -> Response:
    """In the form that the address asks for by its end; JSON when it asks for none."""
    form = "xml" if request.path.endswith(".xml") else "json"
    text = xml(value, shape) if form == "xml" else current_app.json.dumps(value)
    return Response(text, status, content_type=FORMS[form])


def xml(value: Any, shape: Shape) -> str:
    return f'<?xml version="1.0" encoding="utf-8"?>\n{_element(shape.root, value, shape.item)}\n'


def _element(name: str, value: Any, item: str = "") -> str:
    if isinstance(value, Mapping):
        inner = "".join(_element(key, one, _ITEM.get(key, "")) for key, one in value.items())
    elif isinstance(value, list | tuple):
        inner = "".join(_element(item, one) for one in value)
    else:
        inner = _text(value)
    return f"<{name}>{inner}</{name}>"


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return escape(_NOT_XML.sub("", str(value)))
