"""The addresses of what is asked outside."""

from flask import Blueprint

bp = Blueprint("guests", __name__, url_prefix="/console")
