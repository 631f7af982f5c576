"""What is told when something breaks outside every view: on the way in, where the database says who is there."""

import re
import sys

from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.views import defaults

from momentor.api.problems import problem_of

_OF_THE_API = re.compile(r"^(?:/at/[^/]+)?/api/v1/")


def broken(request: HttpRequest) -> HttpResponse:
    """Return a problem document to programs, and the page that says sorry to people."""
    trouble = sys.exc_info()[1]
    if isinstance(trouble, Exception) and _OF_THE_API.match(request.path):
        with translation.override(translation.get_language_from_request(request)):
            return problem_of(trouble, request)
    return defaults.server_error(request)
