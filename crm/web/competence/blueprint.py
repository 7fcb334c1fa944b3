"""The addresses of competence, under the administration and on each demand."""

from flask import Blueprint

bp = Blueprint("competence", __name__, url_prefix="/console")
AT = "/administration/competences"
