"""The addresses of the board."""

from flask import Blueprint

bp = Blueprint("reporting", __name__, url_prefix="/console/tableau")
