"""What is told when something breaks outside every view: on the way in, where the database says who is there."""

import re
import sys

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template import loader
from django.utils import translation
from django.views import defaults

from momentor.api.problems import problem_of

AWAY_SECONDS = 5  # a database that restarts is back by then
_OF_THE_API = re.compile(r"^(?:/at/[^/]+)?/api/v1/")


def broken(request: HttpRequest) -> HttpResponse:
    """Return a problem document to programs, and the page that says sorry to people."""
    trouble = sys.exc_info()[1]
    with translation.override(translation.get_language_from_request(request)):
        if isinstance(trouble, Exception) and _OF_THE_API.match(request.path):
            return problem_of(trouble, request)
        if isinstance(trouble, (OperationalError, InterfaceError)):
            page = loader.get_template("503.html").render()
            return HttpResponse(page, status=503, headers={"Retry-After": AWAY_SECONDS})
        return defaults.server_error(request)
