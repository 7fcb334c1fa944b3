"""The addresses of work orders: a list of their own, and a page under each case."""

from flask import Blueprint

bp = Blueprint("orders", __name__, url_prefix="/console")
