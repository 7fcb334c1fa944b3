"""The `crm` command."""

from crm.cli.root import main

__all__ = ["main"]
