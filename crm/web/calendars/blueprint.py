"""The addresses of calendars and of what they promise."""

from flask import Blueprint

bp = Blueprint("calendars", __name__, url_prefix="/console")
AT = "/administration/calendriers"
