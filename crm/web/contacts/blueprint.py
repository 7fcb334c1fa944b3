"""The addresses of what is done to a usager's sheet."""

from flask import Blueprint

bp = Blueprint("contacts", __name__, url_prefix="/console/usagers")
