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
    from django.core.validators import validate_email
    from django.db import transaction
    from django.utils import timezone
    from django.utils.text import slugify

    from momentor.foundation.refusals import Refusal
    from momentor.foundation.tenancy import signing_in
    from momentor.people.actions.organisations import found_organisation

    given = password or secrets.token_urlsafe(12)
    slug = slug or slugify(organisation)[:40] or "mentors"
    try:
        validate_email(email)
        with transaction.atomic(), signing_in():
            person = _administrator(email=email, name=name or email.partition("@")[0], password=given)
            found_organisation(name=organisation, slug=slug, by=person, now=timezone.now())
    except ValidationError as error:
        return {"error": " ".join(error.messages)}
    except Refusal as refusal:
        return {"error": str(refusal.message)}
    made = {"is_there": False, "organisation": organisation, "slug": slug, "email": person.email}
    return made if password else {**made, "password": given}


def _administrator(*, email: str, name: str, password: str) -> Any:
    from allauth.account.models import EmailAddress
    from django.contrib.auth.password_validation import validate_password

    from momentor.people.models import Person

    validate_password(password, Person(email=email, name=name))
    person = Person.objects.create_superuser(email, password, name=name)
    EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
    return person


if __name__ == "__main__":
    django.setup()
    print(json.dumps(main()))
