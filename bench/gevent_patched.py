"""Configuration of gunicorn with gevent: everything must be patched before the application is loaded."""

from gevent import monkey

monkey.patch_all()
