"""Write what docs/reference keeps of the API: python -m momentor.api.kept"""

import json
from pathlib import Path

import django

DOCS = Path(__file__).resolve().parents[3] / "docs" / "reference"

PAGE = """\
# The JSON API

Every organisation has it at `/at/<slug>/api/v1/`. The page `/at/<slug>/api/docs/` shows each operation with its fields
and a line to try; `/at/<slug>/api/v1/openapi.json` is the same for machines (OpenAPI 3.1, kept here as `openapi.json`).

## From a question to its outcome

Make a token on the page *Settings → Tokens for programs* (`/at/<slug>/settings/tokens/`). It is shown once.

```sh
API=http://localhost:8000/at/workshop/api/v1; TOKEN=mom_…
ask() {{ curl -sS -H "Authorization: Bearer $TOKEN" -H "Content-Type: application/json" "$@"; }}

ask $API/questions -H "Idempotency-Key: $(uuidgen)" -d '{{"text": "How do I know whether I would be a good foreman?"}}'
ask $API/questions/$QUESTION/shortlist
ask $API/questions/$QUESTION/search -d '{{"chosen": []}}'     # asks: whoever is first
ask $API/questions/$QUESTION/search                           # where it stands; in the end the "session"
ask $API/sessions/$SESSION/attendance -X PUT                  # come; with the second of the two the clock starts
ask $API/sessions/$SESSION/messages -d '{{"client_id": "1", "body": "Hello!"}}'
ask "$API/sessions/$SESSION/messages?after=0"
ask $API/sessions/$SESSION/takeaway -X PUT -d '{{"insight": "Try it first", "first_step": "Ask for a shift"}}'
ask $API/sessions/$SESSION/end -X POST
```

The mentor's side is `GET /offers`, `POST /offers/{{id}}/acceptance` or `/pass`, and `POST /pulls` for “I have ten
minutes”. `GET /events` is a stream of server-sent events that says when to look again.

## What holds everywhere

{rules}

What a person may not see is 404, the same as what is not there; an organisation that one does not belong to answers as
one that does not exist. An offer shows who asks only where the page would: not while the mentee stays anonymous, and
not where the programme decides blind. There a shortlist names mentors by keys that hold for its question alone: give
them to `/questions/…/search`, to `/bookings`, and to `/people/…/slots` together with `question`. Once an offer was
passed on, lapsed or was withdrawn, its text is gone.

How often one may ask is counted in the memory of each web process. It keeps one program from taking the site away from
people; what must be counted exactly (questions a day, reports a day, tokens) is counted in the database.

## Codes

| Code | Status | Sentence |
|---|---|---|
{codes}

## Holding it to its word

`tests/actions/test_api_*.py` walk every address of the description as a stranger and from another organisation.
[schemathesis](https://schemathesis.readthedocs.io) makes up requests from the description, in an environment of its
own, against a site that is served:

```sh
python3 -m venv /tmp/st && /tmp/st/bin/pip install 'schemathesis>=4.32,<5'
/tmp/st/bin/schemathesis run $API/openapi.json --url $API -H "Authorization: Bearer $TOKEN" \\
  --checks all --exclude-checks positive_data_acceptance --max-examples 30 --rate-limit 200/m --exclude-path /events
```

`positive_data_acceptance` is left out, since what fits the description can still be refused for a reason (a question
of nothing but dots, a day that has passed); `/events`, since it never ends.

This page and `openapi.json` are written by `python -m momentor.api.kept`.
"""


def page() -> str:
    """Return docs/reference/api.md."""
    from momentor.api.reference import codes, rules

    return PAGE.format(
        rules="\n".join(f"- **{name}**: {text}" for name, text in rules()),
        codes="\n".join(f"| `{code}` | {status} | {sentence} |" for code, status, sentence in codes()),
    )


def description() -> str:
    """Return docs/reference/openapi.json."""
    from momentor.api.openapi import document

    return json.dumps(document(), indent=1, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    django.setup()
    from django.urls import get_resolver

    assert get_resolver().url_patterns, "every domain is loaded, so every refusal is known"
    (DOCS / "api.md").write_text(page())
    (DOCS / "openapi.json").write_text(description())
