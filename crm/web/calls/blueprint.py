"""The addresses of the call that rings."""

from flask import Blueprint

bp = Blueprint("calls", __name__, url_prefix="/console/appels")
