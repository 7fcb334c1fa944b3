"""The addresses of the answer to the usager."""

from flask import Blueprint

bp = Blueprint("answers", __name__, url_prefix="/console/demandes")
