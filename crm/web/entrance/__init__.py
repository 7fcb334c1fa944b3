"""The way in and out."""

from crm.web.entrance import enrolment, second, vouching
from crm.web.entrance.lost import install
from crm.web.entrance.views import bp

__all__ = ["bp", "enrolment", "install", "second", "vouching"]
