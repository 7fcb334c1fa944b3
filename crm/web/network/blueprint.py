"""The addresses of the joining kit, under the administration."""

from flask import Blueprint

bp = Blueprint("network", __name__, url_prefix="/console/administration/communes")
