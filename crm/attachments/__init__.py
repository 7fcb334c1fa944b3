"""Photos and files of a demand: checked, redrawn, kept, shown to whom they concern."""

from crm.attachments.actions import (
    MOST_PER_CASE,
    Giving,
    attach_files,
    forget_staged,
    mark_not_stored,
    mark_stored,
    stage_file,
)
from crm.attachments.checking import Checked, FileRefused, check_file, clean_name
from crm.attachments.events import FilesAdded, FilesReceived
from crm.attachments.evidence import Evidence
from crm.attachments.queries import (
    CaseFile,
    FileToStore,
    StagedFile,
    file_bytes,
    file_of_case,
    files_left_waiting,
    files_of_case,
    files_to_store,
    has_evidence,
    staged_files,
    staged_thumbnail,
    waiting_bytes,
)
from crm.attachments.remote import (
    FileToFetch,
    RemoteFileAsked,
    RemoteFileLost,
    ask_remote_file,
    attach_fetched,
    file_to_fetch,
    give_up_fetching,
)

__all__ = [
    "MOST_PER_CASE",
    "CaseFile",
    "Checked",
    "Evidence",
    "FileRefused",
    "FileToFetch",
    "FileToStore",
    "FilesAdded",
    "FilesReceived",
    "Giving",
    "RemoteFileAsked",
    "RemoteFileLost",
    "StagedFile",
    "ask_remote_file",
    "attach_fetched",
    "attach_files",
    "check_file",
    "clean_name",
    "file_bytes",
    "file_of_case",
    "file_to_fetch",
    "files_left_waiting",
    "files_of_case",
    "files_to_store",
    "forget_staged",
    "give_up_fetching",
    "has_evidence",
    "mark_not_stored",
    "mark_stored",
    "stage_file",
    "staged_files",
    "staged_thumbnail",
    "waiting_bytes",
]
