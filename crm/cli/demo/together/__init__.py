"""What colleagues do together on the demonstration’s last day: each of its screens shows something."""

from crm.cli.demo.together.loading import load_together

__all__ = ["load_together"]
