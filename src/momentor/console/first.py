"""Make the first organisation and its administrator: run by `momentor init` in a process inside the site."""

from __future__ import annotations

import json
import secrets
import sys
from typing import Any

import django


def main() -> dict[str, Any]:
    """Return whether one is there; make it where there is none and standard input says which."""
    from momentor.people.models import Organisation

    if Organisation.objects.exists():
        return {"is_there": True}
    wanted = sys.stdin.read()
    return _make(**json.loads(wanted)) if wanted else {"is_there": False}


def _make(organisation: str, slug: str, email: str, name: str, password: str) -> dict[str, Any]:
    from django.core.exceptions import ValidationError
    from django.db import transaction
    from django.utils import timezone
    from django.utils.text import slugify

    from momentor.foundation.refusals import Refusal
    from momentor.foundation.tenancy import signing_in
    from momentor.people.actions.accounts import open_account
    from momentor.people.actions.organisations import found_organisation

    given = password or secrets.token_urlsafe(12)
    slug = slug or slugify(organisation)[:40] or "mentors"
    try:
        with transaction.atomic(), signing_in():
            named = name or email.partition("@")[0]
            person = open_account(email=email, name=named, password=given, is_host=True)
            found_organisation(name=organisation, slug=slug, by=person, now=timezone.now())
    except ValidationError as error:
        return {"error": " ".join(error.messages)}
    except Refusal as refusal:
        return {"error": str(refusal.message)}
    made = {"is_there": False, "organisation": organisation, "slug": slug, "email": person.email}
    return made if password else {**made, "password": given}


if __name__ == "__main__":
    django.setup()
    print(json.dumps(main()))
