"""Asking twice for the same thing makes it once: replies kept by Idempotency-Key (IETF draft of that name).

A reply is stored in the transaction of what it tells of: both are there, or neither. Only successes are kept, since a
refusal changed nothing, and may be otherwise next time.
"""

import hashlib
import json
import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, cast
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse

from momentor.api.models import RememberedReply
from momentor.api.refusals import KeyAtWork, KeyMalformed, KeyUsed
from momentor.people.api import ApiRequest

KEPT_FOR = timedelta(days=1)
_KEY = re.compile(r'^"?([\x21\x23-\x7e]{1,255})"?$')


def once(request: ApiRequest, answer: Callable[[], HttpResponse]) -> HttpResponse:
    """Return the answer, or what it was when the same request came with the same key before.

    Raises KeyMalformed, KeyUsed, KeyAtWork.
    """
    given = request.headers.get("Idempotency-Key")
    if given is None:
        return answer()
    key = _read(given)
    _hold(request.by.pk, key, request)
    fingerprint = _fingerprint(request)
    known = RememberedReply.objects.filter(person=request.by, key=key).first()
    if known is not None and known.made_at < request.now - KEPT_FOR:
        known.delete()
        known = None
    if known is None:
        return _remember(answer(), request, key, fingerprint)
    if known.fingerprint != fingerprint:
        raise KeyUsed
    assert known.status is not None, "replies are stored whole"
    response = JsonResponse(known.body, status=known.status, safe=False, json_dumps_params={"ensure_ascii": False})
    response["Idempotency-Replayed"] = "true"
    return response


def forget_replies(*, now: datetime) -> int:
    """Remove the replies whose day is over; return how many."""
    return RememberedReply.objects.filter(made_at__lt=now - KEPT_FOR).delete()[0]


def _read(given: str) -> str:
    found = _KEY.fullmatch(given.strip())
    if found is None:
        raise KeyMalformed
    return found[1]


def _hold(person_id: UUID, key: str, request: ApiRequest) -> None:
    """Keep others with this key away until the transaction ends, without letting them wait."""
    name = f"{request.organisation.pk} {person_id} {key}"
    with connection.cursor() as cursor:
        cursor.execute("select pg_try_advisory_xact_lock(hashtextextended(%s, 0))", [name])
        (is_ours,) = cursor.fetchone()
    if not is_ours:
        raise KeyAtWork


def _fingerprint(request: HttpRequest) -> str:
    hashed = hashlib.sha256(f"{request.method} {request.path_info}\n".encode())
    if request.content_type == "multipart/form-data" and request.META.get("CONTENT_LENGTH"):
        for name, file in sorted(cast("dict[str, UploadedFile[Any]]", request.FILES.dict()).items()):
            hashed.update(f"{name} {file.name} {file.size}\n".encode())
            for chunk in file.chunks():
                hashed.update(chunk)
            file.seek(0)
    else:
        hashed.update(request.body)
    return hashed.hexdigest()


def _remember(response: HttpResponse, request: ApiRequest, key: str, fingerprint: str) -> HttpResponse:
    if response.status_code < 300:
        RememberedReply.objects.create(
            person=request.by,
            key=key,
            fingerprint=fingerprint,
            status=response.status_code,
            body=json.loads(response.content) if response.content else None,
            made_at=request.now,
        )
    return response
