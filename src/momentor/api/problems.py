"""Every no of the API in one shape: problem details (RFC 9457) a sentence, a code, and the fields that are wrong."""

import logging
from typing import Any

from django.conf import settings
from django.core.exceptions import ObjectDoesNotExist, PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from ninja.errors import HttpError, ValidationError

from momentor.api.refusals import Away, BodyTooLarge, MalformedJson, NothingHere
from momentor.foundation.problems import document, headers
from momentor.foundation.refusals import Refusal

logger = logging.getLogger("momentor.api")

# What pydantic finds, in our words; the parts come from its context.
SENTENCES = {
    "missing": gettext_lazy("This is needed."),
    "extra_forbidden": gettext_lazy("There is no such field."),
    "string_type": gettext_lazy("Give a text."),
    "string_too_long": gettext_lazy("Keep it to %(max_length)s characters."),
    "string_too_short": gettext_lazy("Give at least %(min_length)s characters."),
    "string_pattern_mismatch": gettext_lazy("This is not in the form that is asked for."),
    "int_type": gettext_lazy("Give a whole number."),
    "int_parsing": gettext_lazy("Give a whole number."),
    "bool_type": gettext_lazy("Give true or false."),
    "bool_parsing": gettext_lazy("Give true or false."),
    "greater_than_equal": gettext_lazy("Give %(ge)s or more."),
    "less_than_equal": gettext_lazy("Give %(le)s or less."),
    "enum": gettext_lazy("Give one of: %(expected)s."),
    "literal_error": gettext_lazy("Give one of: %(expected)s."),
    "list_type": gettext_lazy("Give a list."),
    "too_long": gettext_lazy("Give at most %(max_length)s."),
    "uuid_parsing": gettext_lazy("This is not an id."),
    "uuid_type": gettext_lazy("This is not an id."),
    "timezone_aware": gettext_lazy("Give the time with its zone, as in 2026-03-04T10:00:00Z."),
    "datetime_parsing": gettext_lazy("Give a time, as in 2026-03-04T10:00:00Z."),
    "datetime_from_date_parsing": gettext_lazy("Give a time, as in 2026-03-04T10:00:00Z."),
    "date_parsing": gettext_lazy("Give a day, as in 2026-03-04."),
    "date_from_datetime_parsing": gettext_lazy("Give a day, as in 2026-03-04."),
    "time_parsing": gettext_lazy("Give a time of day, as in 08:30."),
}


class FieldsWrong(Refusal):
    message = gettext_lazy("Some of what you sent cannot be used. See “errors”, and send it again.")
    status = 422


class Broken(Refusal):
    message = gettext_lazy("Something went wrong on our side, and was written down. Nothing was changed.")
    status = 500


class BadRequest(Refusal):
    message = gettext_lazy("This request cannot be read.")
    status = 400


def problem(refusal: Refusal, *, errors: list[dict[str, str]] | None = None) -> HttpResponse:
    """Return a refusal as a problem document."""
    return HttpResponse(document(refusal, errors=errors), status=refusal.status, headers=headers(refusal))


def problem_of(trouble: Exception, request: HttpRequest) -> HttpResponse:
    """Return what went wrong as a problem document; what we do not know is a bug, logged and told without details."""
    if isinstance(trouble, Refusal):
        return problem(trouble)
    if isinstance(trouble, ValidationError):
        return problem(FieldsWrong(), errors=[_error(found) for found in trouble.errors])
    if isinstance(trouble, (Http404, ObjectDoesNotExist)):
        return problem(NothingHere())
    if isinstance(trouble, PermissionDenied):
        return problem(_Forbidden())
    if isinstance(trouble, RequestDataTooBig):
        return problem(BodyTooLarge(most=settings.DATA_UPLOAD_MAX_MEMORY_SIZE))
    if isinstance(trouble, HttpError) and trouble.status_code == 400:
        return problem(MalformedJson())
    if isinstance(trouble, (SuspiciousOperation, MultiPartParserError, UnreadablePostError)):
        return problem(BadRequest())
    if isinstance(trouble, (OperationalError, InterfaceError)):
        logger.warning("the database is away", extra={"error": type(trouble).__name__})
        return problem(Away())
    logger.error("a request broke", exc_info=trouble, extra={"page": request.path_info})
    return problem(Broken())


class _Forbidden(Refusal):
    message = gettext_lazy("You may not do this.")
    status = 403

    @property
    def code(self) -> str:
        return "Forbidden"


def _error(found: dict[str, Any]) -> dict[str, str]:
    source, *place = found["loc"]
    sentence = SENTENCES.get(found["type"])
    detail = str(sentence) % (found.get("ctx") or {}) if sentence else _("This cannot be used.")
    if source in ("body", "form", "file"):
        # The first part is the name that the parameter has in our code.
        inside = place[1:] if source == "body" else place
        return {"detail": detail, "pointer": "#" + "".join(f"/{_escaped(part)}" for part in inside)}
    return {"detail": detail, "parameter": str(place[-1]) if place else ""}


def _escaped(part: object) -> str:
    """Return a part of a JSON pointer (RFC 6901), cut where somebody sends a field with an endless name."""
    return str(part)[:100].replace("~", "~0").replace("/", "~1")
