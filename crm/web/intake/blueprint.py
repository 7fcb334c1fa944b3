"""The addresses of the entry desk."""

from flask import Blueprint

bp = Blueprint("intake", __name__, url_prefix="/console")
