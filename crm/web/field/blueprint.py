"""The addresses of the ground."""

from flask import Blueprint

bp = Blueprint("field", __name__, url_prefix="/console/terrain")
