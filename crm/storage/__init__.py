"""Where the bytes of files are kept: one port, a local folder or any S3-compatible store behind it."""

from crm.storage.open import open_storage
from crm.storage.port import Storage, check_key

__all__ = ["Storage", "check_key", "open_storage"]
