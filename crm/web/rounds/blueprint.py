"""The addresses of rounds."""

from flask import Blueprint

bp = Blueprint("rounds", __name__, url_prefix="/console/tournees")
