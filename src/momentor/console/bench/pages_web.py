"""The web process that `momentor bench pages` asks: the site's own application with the addresses of pages_app."""

from django.conf import settings

settings.ROOT_URLCONF = "momentor.console.bench.pages_app"

from momentor.project.asgi import application  # noqa: E402 - the addresses come first

__all__ = ["application"]
