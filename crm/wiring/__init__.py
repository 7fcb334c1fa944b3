"""Opens database, Redis and channels and attaches the reactions: once a process."""

from crm.wiring.wiring import Wiring, wire, wiring

__all__ = ["Wiring", "wire", "wiring"]
