"""What a person was offered, and the searches for their own questions."""

from collections.abc import Iterator
from typing import Any

from momentor.asking.blind import key_of
from momentor.dispatch.models import Offer, Search
from momentor.people.export import Part
from momentor.people.models import Person

OF_AN_OFFER = "id question_id state made_at lapses_at seen_at decided_at pass_reason reasons score"
OF_A_SEARCH = "id question_id pace state is_widened wave started_at ended_at"


def exported(person: Person) -> Iterator[Part]:
    """Return the offers made to a person, and the searches they started."""
    offers = Offer.objects.filter(mentor=person).order_by("id").values(*OF_AN_OFFER.split())
    yield Part(name="offers.json", rows=offers.iterator(chunk_size=500))
    yield Part(name="searches.json", rows=_searches(person))


def _searches(person: Person) -> Iterator[dict[str, Any]]:
    searches = Search.objects.filter(question__mentee=person).select_related("question__programme").order_by("id")
    for search in searches.iterator(chunk_size=500):
        chosen = [key_of(search.question, mentor_id) for mentor_id in search.chosen]
        yield {name: getattr(search, name) for name in OF_A_SEARCH.split()} | {"chosen": chosen}
