"""Going on to a page after something was done: always with 303, so that reloading does it no second time."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme


class SeeOther(HttpResponseRedirect):
    """The answer to a POST that did something."""

    status_code = 303


def go(name: str, *args: Any) -> HttpResponse:
    """Go on to a page by its name."""
    return SeeOther(reverse(name, args=args))


def go_back(request: HttpRequest, otherwise: str) -> HttpResponse:
    """Go to the address in `next` if it is one of ours, else to the page of that name."""
    wanted = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=settings.IS_SECURE
    )
    return SeeOther(wanted) if wanted and is_ours else go(otherwise)
