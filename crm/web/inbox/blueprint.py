"""The addresses of what arrived."""

from flask import Blueprint

bp = Blueprint("inbox", __name__, url_prefix="/console/arrivees")
