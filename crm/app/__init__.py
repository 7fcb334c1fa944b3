"""Starts the web programme: one Flask application, its doors and what they share."""

from crm.app.factory import create_app

__all__ = ["create_app"]
