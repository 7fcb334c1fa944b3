"""The addresses of notices and of on-call shifts."""

from flask import Blueprint

bp = Blueprint("notices", __name__, url_prefix="/console")
