"""What protects accounts besides the password: one's own, and those of privileged roles."""

from crm.web.protection import others, own
from crm.web.protection.blueprint import bp

__all__ = ["bp", "others", "own"]
