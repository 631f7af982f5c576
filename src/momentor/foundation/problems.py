"""A no as a document for programs (RFC 9457): the same from pages, from the API and from what is live."""

import json
import re
from typing import Any

from django.conf import settings

from momentor.foundation.refusals import Refusal

MEDIA_TYPE = "application/problem+json"
TRY_AGAIN_IN = 5


def document(refusal: Refusal, *, errors: list[dict[str, str]] | None = None) -> bytes:
    """Return a refusal as a problem document: a title and a code that stay, and a sentence in the reader's language."""
    body: dict[str, Any] = {
        "type": f"{settings.SITE_URL}/api/docs/#{refusal.code}",
        "title": title_of(refusal.code),
        "status": refusal.status,
        "detail": str(refusal.message),
        "code": refusal.code,
    }
    if errors:
        body["errors"] = errors
    return json.dumps(body, ensure_ascii=False).encode()


def headers(refusal: Refusal) -> dict[str, str]:
    """Return the headers that go with it."""
    found = {"Content-Type": MEDIA_TYPE}
    if refusal.status == 401:
        found["WWW-Authenticate"] = 'Bearer realm="momentor"'
    if refusal.status == 503:
        found["Retry-After"] = str(TRY_AGAIN_IN)
    return found


def title_of(code: str) -> str:
    """Return a code as words: TooManyOpenQuestions is "Too many open questions"."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", code).capitalize()
