"""The addresses of people and places, under the administration; those of whoever looks for a colleague."""

from flask import Blueprint

bp = Blueprint("staff", __name__)
AT = "/console/administration"
