"""A person's tokens: what they are called, and when they were made and used; never what opens anything."""

from collections.abc import Iterator

from momentor.api.models import ApiToken
from momentor.people.export import Part
from momentor.people.models import Person

SHOWN = "name made_at used_at expires_at revoked_at"


def exported(person: Person) -> Iterator[Part]:
    """Return the tokens of a person in one organisation, those that open nothing any more included."""
    tokens = ApiToken.objects.filter(person=person).order_by("id").values(*SHOWN.split())
    yield Part(name="api_tokens.json", rows=tokens.iterator(chunk_size=500))
