"""The addresses of second factors once logged in."""

from flask import Blueprint

bp = Blueprint("protection", __name__, url_prefix="/console")
