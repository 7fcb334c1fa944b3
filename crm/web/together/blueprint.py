"""The addresses of what colleagues do together."""

from flask import Blueprint

bp = Blueprint("together", __name__, url_prefix="/console")
