"""French and English served by the same process."""

from __future__ import annotations

from flask import Flask

from crm.http import ngettext


def test_the_word_of_a_code_follows_each_reader(app: Flask) -> None:
    button = app.jinja_env.from_string('{{ "close"|wording("verb") }}')
    with app.test_request_context("/login?lang=en"):
        assert button.render() == "Answer and close"
    with app.test_request_context("/login?lang=fr"):
        assert button.render() == "Répondre et clore", "whoever came first decides for nobody else"


def test_none_is_never_called_one(app: Flask) -> None:
    def told(many: int) -> tuple[str, str]:
        with app.test_request_context("/login?lang=fr"):
            rules = ngettext("Une règle changée de service.", "%(num)d règles changées de service.", many)
            return rules, ngettext("%(num)d arrêt", "%(num)d arrêts", many)

    assert told(0) == ("0 règles changées de service.", "0 arrêt")
    assert told(1) == ("Une règle changée de service.", "1 arrêt")
    assert told(2) == ("2 règles changées de service.", "2 arrêts")
