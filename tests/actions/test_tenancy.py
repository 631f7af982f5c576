"""Organisations are kept apart by the database itself, even where the code forgets a filter."""

from momentor.foundation.tenancy import acting_in
from momentor.people.models import Membership, Organisation, Person


def test_a_forgotten_filter_shows_only_the_own_organisation(
    organisation: Organisation, amina: Person, ben: Person, chloe: Person
) -> None:
    with acting_in(organisation.pk):
        assert {m.person_id for m in Membership.objects.all()} == {amina.pk, ben.pk}
        assert set(Person.objects.all()) == {amina, ben}


def test_without_an_organisation_there_is_nothing_to_see(amina: Person, ben: Person) -> None:
    assert not Membership.objects.exists()
    assert not Person.objects.exists()
