"""Files that came with a message, by the rules of all files: redrawn, or left out with the reason."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO

from crm.attachments import Checked, FileRefused, Giving, attach_files, check_file, stage_file
from crm.cases import Case
from crm.channels import JoinedFile
from crm.foundation import Invalid, Unavailable, UnitOfWork
from crm.foundation.settings import Files


def check_joined(files: Sequence[JoinedFile], limits: Files) -> tuple[list[Checked], list[str]]:
    """Those that may be kept, and codes of why the others stay in the original alone."""
    kept: list[Checked] = []
    left_out: list[str] = []
    for file in files:
        try:
            kept.append(check_file(BytesIO(file.content), file.name, limits))
        except FileRefused as refused:
            left_out.append(f"file_{refused.reason}")
        except Unavailable:  # too many pictures at once: the original has it still
            left_out.append("file_later")
    return kept, list(dict.fromkeys(left_out))


def join_files(uow: UnitOfWork, case: Case, interaction_id: int, files: Sequence[Checked]) -> list[str]:
    """Give them to the case; returns why some were not."""
    if not files:
        return []
    tokens = [stage_file(uow, case, file) for file in files]
    try:
        attach_files(uow, case, case.id, tokens, Giving(from_usager=True, interaction_id=interaction_id))
    except Invalid:
        return ["file_too_many_on_case"]
    return []
