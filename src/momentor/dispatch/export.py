"""What a person was offered, and the searches for their own questions."""

from collections.abc import Iterator

from momentor.dispatch.models import Offer, Search
from momentor.people.export import Part
from momentor.people.models import Person

OF_AN_OFFER = "id question_id state made_at lapses_at seen_at decided_at pass_reason reasons score"
OF_A_SEARCH = "id question_id pace state chosen is_widened wave started_at ended_at"


def exported(person: Person) -> Iterator[Part]:
    """Return the offers made to a person, and the searches they started."""
    offers = Offer.objects.filter(mentor=person).order_by("id").values(*OF_AN_OFFER.split())
    yield Part(name="offers.json", rows=offers.iterator(chunk_size=500))
    searches = Search.objects.filter(question__mentee=person).order_by("id").values(*OF_A_SEARCH.split())
    yield Part(name="searches.json", rows=searches.iterator(chunk_size=500))
