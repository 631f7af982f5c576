"""The OpenAPI document: what ninja knows of the operations, and what holds for all of them."""

import re
from functools import cache
from typing import Any

from ninja.openapi.schema import OpenAPISchema

from momentor.api import limits
from momentor.api.door import MOST_BYTES
from momentor.api.routes import api

Document = dict[str, Any]

TAGS = {
    "me": "Oneself: who I am here, what I show, and when I may be asked.",
    "people": "The members one may see.",
    "programmes": "Rules, people and goals under one name.",
    "matches": "Whom one mentors in a programme, and by whom one is mentored.",
    "questions": "A question from its first word to its answer.",
    "searches": "Finding a mentor for a question.",
    "offers": "A question put to a mentor, who may take it, pass, or let it lapse.",
    "bookings": "Free slots, and what was booked in them.",
    "sessions": "Conversations: coming, talking, files, more time, the end.",
    "takeaways": "What stays of a conversation, and what came of it.",
    "nudges": "Reminders of plans on their day.",
    "answers": "Answers that others may read.",
    "notices": "What one should know.",
    "blocks and reports": "Being left alone, and calling a moderator.",
    "live": "What is pushed to a person.",
}
DESCRIPTION = f"""\
Everything that the pages do, for programs: ask, find somebody, talk, keep what was said, and tell what came of it.

**Who asks.** Send a token as `Authorization: Bearer mom_…`; people make them on the page “Tokens for programs” in
their settings. A token acts as its person in one organisation, until it expires or is taken back. In a browser the
session's cookie does as well; whatever writes then needs the token of the cookie `csrf` in the header `X-CSRFToken`.

**What is refused** comes as problem details (RFC 9457, `application/problem+json`): `code` names the reason and never
changes, `detail` is a sentence for people in the language that `Accept-Language` asks for, and `errors` names each
field that is wrong by its JSON pointer. What you may not see is 404, as if it were not there.

**Asking twice.** Each POST takes an `Idempotency-Key`: within a day, the same request with the same key gives the
reply of the first time, with the header `Idempotency-Replayed`. Another request with that key is 422; one that is
still at work is 409. Refusals are not kept, since they changed nothing.

**Lists** come a page at a time: give `next` as `cursor` to go on. What is added meanwhile moves nothing.

**How often.** Each person may ask {limits.A_MINUTE} times a minute, {limits.AT_ONCE} at once, in each web process of
the site (a site with several lets through as many times more). Over that comes 429 with `Retry-After`; `RateLimit`
says what is left.

**Strictness.** Fields and query parameters that are not named here are refused, so a slip of the pen is found at
once. A body has {MOST_BYTES} bytes at most.
"""
SECURITY = {
    "token": {"type": "http", "scheme": "bearer", "description": "A token that its person made in the settings."},
    "session": {
        "type": "apiKey",
        "in": "cookie",
        "name": "session",
        "description": "The session of a signed-in browser (__Host-session over HTTPS), with X-CSRFToken on writes.",
    },
}
PROBLEM = {
    "type": "object",
    "description": "Why something was refused (RFC 9457).",
    "required": ["type", "title", "status", "detail", "code"],
    "properties": {
        "type": {"type": "string", "format": "uri", "maxLength": 500, "description": "Where the code is explained."},
        "title": {"type": "string", "maxLength": 200},
        "status": {"type": "integer", "format": "int32", "minimum": 400, "maximum": 599},
        "detail": {"type": "string", "maxLength": 2000, "description": "A sentence for people."},
        "code": {
            "type": "string",
            "maxLength": 80,
            "pattern": "^[A-Za-z]+$",
            "description": "The reason, for programs.",
        },
        "errors": {
            "type": "array",
            "maxItems": 1000,
            "items": {
                "type": "object",
                "required": ["detail"],
                "properties": {
                    "detail": {"type": "string", "maxLength": 500},
                    "pointer": {"type": "string", "maxLength": 2000, "description": "JSON pointer into the body."},
                    "parameter": {"type": "string", "maxLength": 200},
                },
                "additionalProperties": False,
            },
        },
    },
    "additionalProperties": False,
}
REFUSED = {
    "400": "The request cannot be read: no JSON in UTF-8, a field twice, a malformed key.",
    "401": "No token and no session, or one that opens nothing here.",
    "403": "Not before you agree to the code of conduct, not without X-CSRFToken, or not your part.",
    "404": "There is nothing here for you: not there, not yours, or in another organisation.",
    "405": "This address does not answer this method; `Allow` says which.",
    "406": "The answer is JSON, which `Accept` does not take.",
    "409": "It cannot be done as things stand: the code says why.",
    "411": "The body came without its length.",
    "413": "The body is too large.",
    "415": "The body is of another type than this takes.",
    "422": "Something in it cannot be used: see `errors`, or the code.",
    "429": "Too much in a short time: wait as long as `Retry-After` says; after a day's limit, until tomorrow.",
    "500": "Something broke on our side. Nothing was changed.",
    "503": "The database is away for a moment. Nothing was changed; try again.",
}
ALWAYS = ("401", "403", "404", "406", "422", "429", "500", "503")
WHEN_WRITING = ("400", "409", "411", "413", "415")
HEADERS = {
    "RateLimit": {
        "description": "What is left, and the seconds until all is back (IETF draft of that name).",
        "schema": {"type": "string", "maxLength": 80},
        "example": '"person";r=59;t=1',
    },
    "RetryAfter": {
        "description": "Seconds to wait.",
        "schema": {"type": "integer", "format": "int32", "minimum": 0, "maximum": 86400},
    },
}
KEY = {
    "in": "header",
    "name": "Idempotency-Key",
    "required": False,
    "description": "A name of your own for this request: sent twice, it is done once.",
    "schema": {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!#-~]{1,255}$"},
}
EVENTS = {
    "get": {
        "operationId": "listen",
        "summary": "Listen",
        "description": "What is pushed to a person, as server-sent events: offers, searches, messages to fetch. Each"
        " has the name of its kind and a JSON object of ids as data. A comment comes every 15 seconds.",
        "tags": ["live"],
        "parameters": [],
        "responses": {
            "200": {
                "description": "A stream that stays open.",
                "content": {"text/event-stream": {"schema": {"type": "string", "maxLength": 1_000_000}}},
            },
        },
    }
}


class Described(OpenAPISchema):
    """What ninja knows of the operations; two shapes of one name would hide each other, so they are refused."""

    def add_schema_definitions(self, definitions: Document) -> None:
        for name, schema in definitions.items():
            if self.schemas.get(name, schema) != schema:
                raise ValueError(f"two shapes are called {name}")
        super().add_schema_definitions(definitions)


# What an answer names, for the operations that ask for it by the name of their part of the address.
NAMES = {
    "draft_question": {"question_id": "/id"},
    "list_questions": {"question_id": "/items/0/id"},
    "list_answers": {"answer_id": "/0/id"},
    "list_offers": {"offer_id": "/items/0/id"},
    "pull_question": {"offer_id": "/id"},
    "accept_offer": {"session_id": "/id"},
    "list_sessions": {"session_id": "/items/0/id"},
    "book_slot": {"booking_id": "/id"},
    "list_bookings": {"booking_id": "/items/0/id"},
    "list_people": {"person_id": "/items/0/person/id"},
    "list_notices": {"notice_id": "/items/0/id"},
    "list_nudges": {"nudge_id": "/items/0/id"},
    "save_sample": {"sample_id": "/id"},
}


@cache
def document() -> Document:
    """Return the whole description, the same for every organisation."""
    made = dict(Described(api, ""))
    schemas = {name: _tidied(schema) for name, schema in made["components"]["schemas"].items()}
    paths = {
        path: {method: _operation(one, method, path) for method, one in found.items()}
        for path, found in made["paths"].items()
    }
    _link(paths)
    paths["/events"] = {"get": _refusing(dict(EVENTS["get"]), "get")}
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Momentor",
            "version": "1",
            "summary": "Ask one specific question, talk for ten minutes with somebody who has been there.",
            "description": DESCRIPTION,
            "license": {"name": "AGPL-3.0-or-later", "identifier": "AGPL-3.0-or-later"},
            "contact": {"name": "The host of this site", "url": "/"},
        },
        "servers": [
            {
                "url": "/at/{organisation}/api/v1",
                "description": "One organisation of this site.",
                "variables": {"organisation": {"default": "workshop", "description": "Its part of the address."}},
            }
        ],
        "security": [{"token": []}, {"session": []}],
        "tags": [{"name": name, "description": text} for name, text in TAGS.items()],
        "paths": dict(sorted(paths.items())),
        "components": {
            "securitySchemes": SECURITY,
            "headers": HEADERS,
            "responses": {name: _problem(text) for name, text in REFUSED.items()},
            "schemas": dict(sorted({**schemas, "Problem": PROBLEM}.items())),
        },
    }


def _link(paths: Document) -> None:
    """Say which operation takes what another one names."""
    takers: dict[str, list[str]] = {}
    for path, methods in paths.items():
        names = re.findall(r"{(\w+)}", path)
        if len(names) == 1:
            takers.setdefault(names[0], []).extend(one["operationId"] for one in methods.values())
    for methods in paths.values():
        for one in methods.values():
            for name, place in NAMES.get(one["operationId"], {}).items():
                reply = next(reply for status, reply in one["responses"].items() if status.startswith("2"))
                reply["links"] = {
                    taker: {"operationId": taker, "parameters": {name: f"$response.body#{place}"}}
                    for taker in takers[name]
                }


def _problem(text: str) -> Document:
    return {
        "description": text,
        "headers": {"RateLimit": {"$ref": "#/components/headers/RateLimit"}},
        "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }


def _operation(given: Document, method: str, path: str) -> Document:
    one = _tidied(given)
    summary, _stop, rest = str(one.get("description", "")).partition(". ")
    one["summary"] = re.sub(r"\s+", " ", summary).rstrip(".")
    if not one.get("description"):
        raise ValueError(f"{method} {path} has no docstring")
    if rest:
        one["description"] = re.sub(r"\s+", " ", one["description"])
    else:
        one["description"] = one["summary"] + "."
    if method == "post":
        one["parameters"] = [*one["parameters"], KEY]
    one["responses"] = {str(status): reply for status, reply in one["responses"].items()}
    for reply in one["responses"].values():
        reply["headers"] = {"RateLimit": {"$ref": "#/components/headers/RateLimit"}}
    if one["operationId"] == "fetch_file":
        one["responses"]["200"]["content"] = {"*/*": {"schema": {"type": "string", "maxLength": 100_000_000}}}
    return _refusing(one, method)


def _refusing(one: Document, method: str) -> Document:
    statuses = [*ALWAYS, *(WHEN_WRITING if method != "get" else ())]
    refused = {status: {"$ref": f"#/components/responses/{status}"} for status in statuses}
    one["responses"] = dict(sorted({**refused, **one["responses"]}.items()))
    return one


def _tidied(part: Any) -> Any:
    """Return a part of a schema without what pydantic says too much: titles, and null as the default of no null."""
    if isinstance(part, list):
        return [_tidied(one) for one in part]
    if not isinstance(part, dict):
        return part
    kept = {name: _tidied(value) for name, value in part.items() if not (name == "title" and isinstance(value, str))}
    if "default" in kept and kept["default"] is None:
        del kept["default"]
    if "description" in kept and isinstance(kept["description"], str):
        kept["description"] = re.sub(r"\s+", " ", kept["description"])
    if kept.get("type") == "object" and "properties" in kept and "additionalProperties" not in kept:
        kept["additionalProperties"] = False
    return kept
