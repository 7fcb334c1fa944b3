"""The addresses of one case."""

from flask import Blueprint

bp = Blueprint("cases", __name__, url_prefix="/console/demandes")
