"""The addresses of appointments."""

from flask import Blueprint

bp = Blueprint("appointments", __name__, url_prefix="/console")
