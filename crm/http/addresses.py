"""How things are named in addresses."""

from __future__ import annotations

from werkzeug.routing import BaseConverter, IntegerConverter, Map, ValidationError

from crm.cases import Mistyped, parse_reference


class TokenConverter(BaseConverter):
    """The secret of a message's link, or of a file; anything else is no address: nothing is looked up."""

    regex = r"[A-Za-z0-9_-]{20,64}"


class ReferenceConverter(BaseConverter):
    """`2026-004217-57` in an address. One that is mistyped is no address at all: nothing is looked up."""

    regex = r"\d{4}-\d{6,8}-\d{2}"

    def to_python(self, value: str) -> str:
        try:
            return parse_reference(value)
        except Mistyped:
            raise ValidationError from None


class IdConverter(IntegerConverter):
    """`<int:…>` in an address. A number that no column could hold is no address of ours."""

    def __init__(self, map: Map) -> None:
        super().__init__(map, max=2**63 - 1)
