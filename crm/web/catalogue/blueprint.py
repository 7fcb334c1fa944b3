"""The addresses of the catalogue, under the administration."""

from flask import Blueprint

bp = Blueprint("catalogue", __name__, url_prefix="/console")
AT = "/administration/categories"
DANGERS = "/administration/dangers"
OUTCOMES_AT = "/administration/issues"
ANY = "/administration/<any(categories, dangers, issues):thing>/<code>"
