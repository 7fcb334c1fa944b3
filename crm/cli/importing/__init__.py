"""`crm import`: what another tool knows, through a mapping file."""

from crm.cli.importing.command import import_group

__all__ = ["import_group"]
