"""Agents' screens: they translate HTTP into one action or one query."""

from flask import Flask

from crm.web import (
    answers,
    appointments,
    calendars,
    calls,
    cases,
    catalogue,
    competence,
    contacts,
    deliveries,
    desk,
    dispatch,
    drafts,
    entrance,
    field,
    finding,
    guests,
    inbox,
    incidents,
    intake,
    keys,
    letters_in,
    letters_out,
    messages,
    notices,
    orders,
    papers,
    preferences,
    queues,
    receipts,
    reporting,
    rounds,
    style,
    together,
    webhooks,
    words,
)
from crm.web.frame import install_frame

_ROOMS = (
    entrance,
    intake,
    inbox,
    calls,
    desk,
    field,
    drafts,
    cases,
    answers,
    appointments,
    queues,
    orders,
    rounds,
    messages,
    papers,
    letters_in,
    letters_out,
    receipts,
    finding,
    contacts,
    dispatch,
    guests,
    incidents,
    reporting,
    deliveries,
    webhooks,
    keys,
    competence,
    catalogue,
    calendars,
    notices,
    preferences,
    style,
    together,
    words,
)


def install(app: Flask) -> None:
    for room in _ROOMS:
        app.register_blueprint(room.bp)
    install_frame(app)
    entrance.install(app)
