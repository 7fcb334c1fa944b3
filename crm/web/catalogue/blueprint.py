"""The addresses of the catalogue, under the administration."""

from flask import Blueprint

bp = Blueprint("catalogue", __name__, url_prefix="/console")
AT = "/administration/categories"
DANGERS = "/administration/dangers"
EITHER = "/administration/<any(categories, dangers):thing>/<code>"
