"""The addresses of a mairie's desk."""

from flask import Blueprint

bp = Blueprint("desk", __name__, url_prefix="/console")
