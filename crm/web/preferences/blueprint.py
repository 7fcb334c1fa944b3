"""The addresses of an agent's own settings, of help and of acts."""

from flask import Blueprint

bp = Blueprint("preferences", __name__, url_prefix="/console")
