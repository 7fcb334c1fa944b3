"""Three years of an invented métropole: contacts, demands, their lives and everything that was written."""

from crm.cli.demo.history.loading import load_history

__all__ = ["load_history"]
