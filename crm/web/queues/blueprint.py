"""The addresses of work lists."""

from flask import Blueprint

bp = Blueprint("queues", __name__, url_prefix="/console/files")
