"""Plays the scenes by the very acts of the product; nothing follows from them: nobody is written to."""

from __future__ import annotations

from crm.access import Permission, require
from crm.cli.demo.history.loading import rulebook
from crm.cli.demo.together import colleagues, communes, outside, scenes
from crm.cli.demo.together.people import Stage
from crm.foundation import UnitOfWork

_SCENES = (
    scenes.orders,
    outside.people_outside,
    scenes.incidents,
    scenes.rounds,
    scenes.on_call,
    scenes.appointments,
    colleagues.words_among_colleagues,
    communes.joined_communes,
)


def load_together(uow: UnitOfWork) -> None:
    """
    Raises:
        NotAllowed.
    """
    require(uow.actor, Permission.CASE_IMPORT)
    stage = Stage(uow, rulebook(uow.session, uow.now))
    for play in _SCENES:
        play(stage)
