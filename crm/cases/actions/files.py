"""What is done to the files of a case, beyond giving it some."""

from __future__ import annotations

from crm.access import Permission, allows
from crm.attachments import withdraw_file
from crm.cases.actions.loading import hold
from crm.foundation import Invalid, UnitOfWork, clean
from crm.interactions import add_note


def withdraw_case_file(uow: UnitOfWork, reference: str, token: str, motive: str) -> None:
    """Take a file out for good: somebody's face, another demand's photo. The trail keeps by whom and why.

    Who corrects cases may; who only works there, what they added themselves.

    Raises:
        NotFound: no such file on this case.
        NotAllowed: another's file.
        Invalid: no motive.
    """
    case = hold(uow, reference, Permission.CASE_NOTE)
    why = clean(motive)
    if not why:
        raise Invalid({"withdrawal": "required"})
    any_of_them = allows(uow.actor, Permission.CASE_EDIT, case)
    note_id = add_note(uow, case, case.id, why, kind="withdrawal")
    withdraw_file(uow, case, case.id, token, interaction_id=note_id, only_own=not any_of_them)
