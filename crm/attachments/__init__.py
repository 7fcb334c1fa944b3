"""Photos and files of a demand: checked, redrawn, kept, shown to whom they concern."""

from crm.attachments.actions import (
    MOST_PER_CASE,
    Giving,
    attach_files,
    forget_staged,
    mark_forgotten,
    mark_not_stored,
    mark_stored,
    stage_file,
    withdraw_file,
)
from crm.attachments.checking import Checked, FileRefused, check_file, clean_name
from crm.attachments.events import FilesAdded, FilesReceived, FilesWithdrawn
from crm.attachments.evidence import Evidence
from crm.attachments.queries import (
    CaseFile,
    FileToStore,
    StagedFile,
    file_bytes,
    file_of_case,
    files_left_waiting,
    files_of_case,
    files_to_forget,
    files_to_store,
    has_evidence,
    staged_files,
    staged_thumbnail,
    waiting_bytes,
)

__all__ = [
    "MOST_PER_CASE",
    "CaseFile",
    "Checked",
    "Evidence",
    "FileRefused",
    "FileToStore",
    "FilesAdded",
    "FilesReceived",
    "FilesWithdrawn",
    "Giving",
    "StagedFile",
    "attach_files",
    "check_file",
    "clean_name",
    "file_bytes",
    "file_of_case",
    "files_left_waiting",
    "files_of_case",
    "files_to_forget",
    "files_to_store",
    "forget_staged",
    "has_evidence",
    "mark_forgotten",
    "mark_not_stored",
    "mark_stored",
    "stage_file",
    "staged_files",
    "staged_thumbnail",
    "waiting_bytes",
    "withdraw_file",
]
