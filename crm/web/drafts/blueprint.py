"""The addresses of drafts."""

from flask import Blueprint

bp = Blueprint("drafts", __name__, url_prefix="/console/brouillons")
