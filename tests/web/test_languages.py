"""French and English served by the same process."""

from __future__ import annotations

from flask import Flask


def test_the_word_of_a_code_follows_each_reader(app: Flask) -> None:
    button = app.jinja_env.from_string('{{ "close"|wording("verb") }}')
    with app.test_request_context("/login?lang=en"):
        assert button.render() == "Answer and close"
    with app.test_request_context("/login?lang=fr"):
        assert button.render() == "Répondre et clore", "whoever came first decides for nobody else"
