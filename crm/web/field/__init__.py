"""The ground, on a telephone, with network or without: big buttons, photos, one note; each counts once."""

from crm.web.field import acts, distance, going_round, receiving, views, worker
from crm.web.field.blueprint import bp

__all__ = ["acts", "bp", "distance", "going_round", "receiving", "views", "worker"]
