"""What happens around every page: where we are, who is looking, in which language, and how a no is said."""

import logging
import re
import time
from collections.abc import Callable
from http import HTTPStatus
from uuid import UUID

from django.contrib.auth import SESSION_KEY
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import set_script_prefix
from django.utils import translation

from momentor.foundation.problems import document, headers
from momentor.foundation.refusals import Refusal
from momentor.foundation.tenancy import acting_in
from momentor.people.gates import PageRequest
from momentor.people.models import Membership, Organisation
from momentor.web import metrics

Response = HttpResponse
GetResponse = Callable[[HttpRequest], HttpResponse]

AT = re.compile(r"^/at/(?P<slug>[-a-z0-9_]{1,40})(?P<rest>/.*)\Z", re.DOTALL)  # an end of line may be anywhere
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
logger = logging.getLogger("momentor.web")


class Observed:
    """Counts and logs every request: what, how long, how it ended; never what was in it."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        began = time.perf_counter()
        response = self.get_response(request)
        seconds = time.perf_counter() - began
        page = request.resolver_match.view_name if request.resolver_match else "none"
        # A visitor may call any word a method; each would be counted for ever.
        method = request.method if request.method in METHODS else "other"
        metrics.pages.labels(page, method, response.status_code).observe(seconds)
        logger.info(
            "page",
            extra={
                "page": page,
                "method": request.method,
                "status": response.status_code,
                "milliseconds": round(seconds * 1000, 1),
            },
        )
        return response


class AtOrganisation:
    """Opens the organisation named in the address for the whole request, and lets `{% url %}` stay inside it.

    Sets request.organisation and request.membership; both are None outside /at/<slug>/. A person who is no active
    member gets 404, as if the organisation were not there, except on the pages that let people in.
    """

    OPEN_TO_ALL = re.compile(
        r"^/(accounts|admin|api|join|about|conduct|privacy|language|theme|unsubscribe|replies)(/|$)"
    )
    SIGNING_IN = re.compile(r"^/(accounts|admin/login)(/|$)")

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: PageRequest) -> HttpResponse:
        request.organisation = None
        request.membership = None
        slug, request.path_info = _split(request.path_info)
        person_id = _person_of(request)
        if slug is None:
            with acting_in(None, person_id=person_id, is_signing_in=self._signs_in(request)):
                return self._answer(request)

        organisation = Organisation.objects.filter(slug=slug).first()
        if organisation is None:
            if not request.path_info.startswith("/api/"):  # which says so in its own form
                request.path_info = "/not-found/"
            with acting_in(None, person_id=person_id):
                return self._answer(request)

        set_script_prefix(f"/at/{slug}/")
        with acting_in(organisation.pk, person_id=person_id, is_signing_in=self._signs_in(request)):
            request.organisation = organisation
            if person_id:
                request.membership = (
                    Membership.objects.active().filter(person_id=person_id, organisation=organisation).first()
                )
            if request.membership is None and not self.OPEN_TO_ALL.match(request.path_info):
                # The same answer as for an organisation that does not exist.
                request.path_info = (
                    "/at-the-door/" if person_id is None or organisation.entry != "invited" else "/not-found/"
                )
            return self._answer(request)

    def _answer(self, request: PageRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR:
            # Django made a page of the exception; what was half done before it must not stay.
            transaction.set_rollback(True)
        return response

    def _signs_in(self, request: PageRequest) -> bool:
        return bool(self.SIGNING_IN.match(request.path_info))


def _split(path: str) -> tuple[str | None, str]:
    found = AT.match(path)
    return (found["slug"], found["rest"]) if found else (None, path)


def _person_of(request: HttpRequest) -> UUID | None:
    """Return who the session says is looking, without asking the table of people, which is still closed."""
    known = request.session.get(SESSION_KEY)
    return UUID(known) if known else None


class PersonsLanguage:
    """Speaks the language a person chose: kept in a cookie, else what the browser asks for."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        language = translation.get_language_from_request(request)
        translation.activate(language)
        request.LANGUAGE_CODE = language
        response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        if SESSION_KEY in request.session:
            # What a signed-in person sees is theirs: no shared cache, no page from the back button after signing out.
            response.headers.setdefault("Cache-Control", "private, no-store")
        return response


class Refusals:
    """Turns a refusal that no view caught into a page, or a problem document, that says why and what to do."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, Refusal):
            return None
        if request.path_info.startswith("/api/"):
            return problem(exception)
        return render(request, "refused.html", {"refusal": exception}, status=exception.status)


def problem(refusal: Refusal) -> HttpResponse:
    """Return a problem document (RFC 9457)."""
    return HttpResponse(document(refusal), status=refusal.status, headers=headers(refusal))


def not_found(request: HttpRequest) -> HttpResponse:
    raise Http404
