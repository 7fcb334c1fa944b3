"""Every code of the centre's words is said in words."""

from __future__ import annotations

import ast
from pathlib import Path

from flask import Flask

from crm.knowledge import MESSAGES, PLACEHOLDERS, Remark, house_rules
from crm.web.words.saying import hole_words, message_words, remark_words


def test_every_message_and_every_hole_has_its_words(app: Flask) -> None:
    with app.test_request_context():
        assert set(message_words()) == set(MESSAGES)
        assert set(hole_words()) == PLACEHOLDERS


def test_every_remark_is_a_sentence(app: Flask) -> None:
    source = ast.parse(Path(house_rules.__file__).read_text("utf-8"))
    codes = {
        node.args[0].value
        for node in ast.walk(source)
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "Remark"
        if isinstance(node.args[0], ast.Constant)
    }
    assert len(codes) > 8
    with app.test_request_context():
        for code in codes:
            assert remark_words(Remark(str(code), "reference")).endswith(".")
