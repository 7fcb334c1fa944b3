"""The addresses of the centre's words, under the administration."""

from flask import Blueprint

bp = Blueprint("words", __name__, url_prefix="/console/administration")
