"""The addresses of incidents."""

from flask import Blueprint

bp = Blueprint("incidents", __name__, url_prefix="/console/incidents")
