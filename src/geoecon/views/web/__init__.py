"""The local web application."""

from geoecon.views.web.app import create_app, serve

__all__ = ["create_app", "serve"]
