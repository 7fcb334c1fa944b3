"""The addresses of search and of usagers."""

from flask import Blueprint

bp = Blueprint("finding", __name__, url_prefix="/console")
