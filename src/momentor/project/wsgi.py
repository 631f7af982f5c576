"""Django's pages as a WSGI application: mounted by asgi.py, or served alone where nothing live is wanted."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "momentor.project.settings")
application = get_wsgi_application()
