"""The way of a request through the API: who asks, how often, in what form; then the operation, in one transaction."""

import json
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import NinjaAPI
from ninja.operation import Operation, PathView
from ninja.parser import Parser

from momentor.api import limits
from momentor.api.callers import SAFE, recognise
from momentor.api.problems import problem_of
from momentor.api.refusals import (
    BodyTooLarge,
    LengthMissing,
    MethodNotAllowed,
    NoBodyWanted,
    NoSuchParameter,
    NoSuchPart,
    NotAcceptable,
    NothingHere,
    NotJson,
    ParameterTwice,
    TooFast,
)
from momentor.api.remembering import once
from momentor.foundation.api import is_open_before_agreeing
from momentor.foundation.tenancy import acting_in
from momentor.people.api import ApiRequest
from momentor.people.standing import ConductNotAgreed

MOST_BYTES = 256_000
ROOM_FOR_FORM = 64_000
JSON_TYPES = ("application/json", "application/problem+json")


class StrictParser(Parser):
    """Reads JSON as RFC 8259 wants it: UTF-8, no NaN, no field twice."""

    def parse_body(self, request: HttpRequest) -> Any:
        try:
            return json.loads(request.body.decode("utf-8"), object_pairs_hook=_each_once, parse_constant=_no_constant)
        except RecursionError as trouble:
            raise ValueError("nested too deep") from trouble


def _each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a field twice")
    return found


def _no_constant(name: str) -> Any:
    raise ValueError(name)


class Api(NinjaAPI):
    """django-ninja reads and writes; what goes wrong is told at the door, where the transaction ends."""

    def on_exception(self, request: HttpRequest, exc: Any) -> HttpResponse:
        raise exc

    def get_openapi_operation_id(self, operation: Operation) -> str:
        return operation.view_func.__name__


class Door:
    """One address of the API."""

    csrf_exempt = True  # callers.py asks for the proof where a cookie, and no token, says who it is

    def __init__(self, path_view: PathView) -> None:
        self._operations = {method: one for one in path_view.operations for method in one.methods}
        self.name = path_view.operations[0].view_func.__name__

    def __call__(self, request: HttpRequest, **names: Any) -> HttpResponse:
        try:
            response = self._answer(request, names)
        except Exception as trouble:  # noqa: BLE001 - the edge: it logs what it does not know
            response = problem_of(trouble, request)
            if isinstance(trouble, MethodNotAllowed):
                response["Allow"] = ", ".join(self._allowed)
            if isinstance(trouble, TooFast):
                response["Retry-After"] = str(request.allowance.seconds_until_next)  # type: ignore[attr-defined]
        return _with_headers(response, request)

    @property
    def _allowed(self) -> list[str]:
        return sorted({*self._operations, *(["HEAD"] if "GET" in self._operations else [])})

    def _answer(self, request: HttpRequest, names: dict[str, Any]) -> HttpResponse:
        _check_length(request, self._most_bytes(request))
        caller = recognise(request, now=timezone.now())
        _check_pace(caller)
        method = "GET" if request.method == "HEAD" else str(request.method)
        operation = self._operations.get(method)
        if operation is None:
            raise MethodNotAllowed
        _check_form(request, operation)
        with acting_in(caller.organisation.pk, person_id=caller.by.pk), transaction.atomic():
            if method in SAFE:
                return operation.run(caller, **names)  # type: ignore[return-value]  # nothing is streamed
            return _write(caller, operation, names)

    def _most_bytes(self, request: HttpRequest) -> int:
        operation = self._operations.get(str(request.method))
        takes_file = operation is not None and "file" in _sources(operation)
        return settings.UPLOAD_BYTES + ROOM_FOR_FORM if takes_file else MOST_BYTES


def _write(caller: ApiRequest, operation: Operation, names: dict[str, Any]) -> HttpResponse:
    if caller.membership.agreed_to_conduct_at is None and not is_open_before_agreeing(operation.view_func):
        raise ConductNotAgreed

    def answer() -> HttpResponse:
        response: HttpResponse = operation.run(caller, **names)  # type: ignore[assignment]
        # What the database checks at the end of the transaction, it checks here, where we can still say so.
        connection.check_constraints()
        return response

    return once(caller, answer) if caller.method == "POST" else answer()


def _check_length(request: HttpRequest, most: int) -> None:
    if request.META.get("HTTP_TRANSFER_ENCODING") and not request.META.get("CONTENT_LENGTH"):
        raise LengthMissing
    if _length(request) > most:
        raise BodyTooLarge(most=most)


def _length(request: HttpRequest) -> int:
    given = str(request.META.get("CONTENT_LENGTH") or "0")
    return int(given) if given.isascii() and given.isdigit() else 0


def _check_pace(caller: ApiRequest) -> None:
    allowance, is_ours = limits.allowance_of(caller.organisation.pk, caller.by.pk)
    caller.allowance = allowance  # type: ignore[attr-defined]
    if not is_ours:
        raise TooFast(most=limits.A_MINUTE)


def _check_form(request: HttpRequest, operation: Operation) -> None:
    """Refuse what an operation would not look at: other parameters, other types, a body where none is taken."""
    known, lists = _parameters(operation)
    for name, values in request.GET.lists():
        if name not in known:
            raise NoSuchParameter(name=name[:60])
        if len(values) > 1 and name not in lists:
            raise ParameterTwice(name=name)
    sources = _sources(operation)
    wants_file = "file" in sources
    if _length(request):
        wanted = "multipart/form-data" if wants_file else "application/json"
        if not wants_file and "body" not in sources:
            raise NoBodyWanted
        if request.content_type != wanted:
            raise NotJson(wanted=wanted)
        if wants_file:
            _check_parts(request, operation)
    if not getattr(operation.view_func, "gives_file", False) and not any(map(request.accepts, JSON_TYPES)):
        raise NotAcceptable


def _check_parts(request: HttpRequest, operation: Operation) -> None:
    known = {
        name for model in operation.models if model.__ninja_param_source__ == "file" for name in model.model_fields
    }
    counts: list[tuple[str, int]] = [(name, len(values)) for name, values in request.POST.lists()]
    counts += [(name, len(values)) for name, values in request.FILES.lists()]
    for name, count in counts:
        if name not in known or count > 1:
            raise NoSuchPart(name=name[:60])


def _sources(operation: Operation) -> set[str]:
    return {str(model.__ninja_param_source__) for model in operation.models}


def _parameters(operation: Operation) -> tuple[set[str], set[str]]:
    known: set[str] = set()
    lists: set[str] = set()
    for model in operation.models:
        if model.__ninja_param_source__ == "query":
            known |= set(getattr(model, "__ninja_flatten_map__", None) or model.model_fields)
            lists |= set(getattr(model, "__ninja_collection_fields__", []))
    return known, lists


def _with_headers(response: HttpResponse, request: HttpRequest) -> HttpResponse:
    response.headers.setdefault("Cache-Control", "private, no-store")
    response["Vary"] = "Authorization, Cookie, Accept-Language"
    allowance = getattr(request, "allowance", None)
    if allowance is not None:
        response["RateLimit-Policy"] = f'"person";q={limits.AT_ONCE};w={limits.AT_ONCE * 60 // limits.A_MINUTE}'
        response["RateLimit"] = f'"person";r={int(allowance.left)};t={allowance.seconds_until_full}'
    return response


def nowhere(request: HttpRequest, **names: str) -> HttpResponse:
    """Answer at every address that the API does not have."""
    try:
        recognise(request, now=timezone.now())
        response = problem_of(NothingHere(), request)
    except Exception as trouble:  # noqa: BLE001 - as at the door
        response = problem_of(trouble, request)
    return _with_headers(response, request)


nowhere.csrf_exempt = True  # type: ignore[attr-defined]  # it changes nothing
