"""Organisations are kept apart by the database itself, even where the code forgets a filter."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.apps import apps
from django.db import connection, models, transaction
from django.db.utils import IntegrityError, ProgrammingError

from momentor.asking.models import Question
from momentor.foundation.models import EventRecord, TenantForeignKey, TenantModel
from momentor.foundation.tenancy import NoOrganisation, acting_in, signing_in
from momentor.people.models import Enrolment, Membership, Organisation, Person, Programme, Skill
from tests.cast import NOW, PageClient, client_of, make_member, make_mentor, make_organisation, make_person

TENANTS = sorted((m for m in apps.get_models() if issubclass(m, TenantModel)), key=lambda m: m._meta.db_table)


@pytest.fixture
def questions(organisation: Organisation, other_organisation: Organisation, amina: Person, chloe: Person) -> None:
    for place, person in ((organisation, amina), (other_organisation, chloe)):
        with acting_in(place.pk):
            Question.objects.create(mentee=person, text=f"A question in {place.name}", state="open", asked_at=NOW)


# A filter forgotten on purpose.


def test_a_forgotten_filter_shows_only_the_own_organisation(
    organisation: Organisation, amina: Person, ben: Person, chloe: Person, questions: None
) -> None:
    with acting_in(organisation.pk):
        assert {m.person_id for m in Membership.objects.all()} == {amina.pk, ben.pk}
        assert set(Person.objects.all()) == {amina, ben}
        assert [question.text for question in Question.objects.all()] == ["A question in Open Workshop"]
        assert {skill.name for skill in Skill.objects.all()} == {"TIG welding", "leading a crew"}


def test_not_even_an_id_known_from_elsewhere_helps(
    organisation: Organisation, other_organisation: Organisation, questions: None
) -> None:
    with acting_in(other_organisation.pk):
        secret = Question.objects.get()

    with acting_in(organisation.pk):
        assert Question.objects.filter(pk=secret.pk).first() is None
        assert Question.objects.filter(organisation=other_organisation).count() == 0
        assert Question.objects.filter(pk=secret.pk).update(text="mine") == 0
        assert Question.objects.filter(pk=secret.pk).delete()[0] == 0
        with connection.cursor() as cursor:
            cursor.execute("select count(*) from asking_question")
            assert cursor.fetchone() == (1,)


def test_without_an_organisation_there_is_nothing_to_see(amina: Person, ben: Person, questions: None) -> None:
    for model in (Membership, Person, Question, Skill, EventRecord):
        assert not model._default_manager.exists()
    with pytest.raises(NoOrganisation):
        Membership.objects.here()


def test_a_person_sees_themselves_and_their_own_places_everywhere(
    organisation: Organisation, other_organisation: Organisation, amina: Person, ben: Person
) -> None:
    make_mentor(other_organisation, ben)

    with acting_in(None, person_id=ben.pk):
        assert list(Person.objects.all()) == [ben]
        assert {m.organisation_id for m in Membership.objects.all()} == {organisation.pk, other_organisation.pk}
        assert not Skill.objects.exists()


def test_only_signing_in_looks_up_anybody(amina: Person, chloe: Person) -> None:
    with signing_in():
        assert {amina, chloe} <= set(Person.objects.all())
        assert not Membership.objects.exists()


def test_the_database_forgets_for_whom_it_worked(organisation: Organisation, amina: Person) -> None:
    with acting_in(organisation.pk, person_id=amina.pk):
        with acting_in(None):
            assert not Membership.objects.exists()
        assert Membership.objects.exists()

    assert not Membership.objects.exists()
    assert not Person.objects.exists()


# Writing across the border.


def test_no_row_goes_into_another_organisation(
    organisation: Organisation, other_organisation: Organisation, amina: Person
) -> None:
    with acting_in(organisation.pk):
        with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
            Programme.objects.create(organisation=other_organisation, name="Planted")
        mine = Programme.objects.create(name="Mine")
        with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
            Programme.objects.filter(pk=mine.pk).update(organisation=other_organisation)


def test_nobody_joins_another_organisation_from_here(
    organisation: Organisation, other_organisation: Organisation, amina: Person
) -> None:
    expected = pytest.raises(ProgrammingError, match="row-level security")
    with acting_in(organisation.pk, person_id=amina.pk), expected, transaction.atomic():
        Membership.objects.create(organisation=other_organisation, person=amina)


def test_no_row_points_into_another_organisation(
    organisation: Organisation, other_organisation: Organisation, ben: Person
) -> None:
    with acting_in(other_organisation.pk):
        theirs = Programme.objects.create(name="Theirs")

    with acting_in(organisation.pk):
        mine = Membership.objects.get(person=ben)
        Enrolment.objects.create(programme_id=theirs.pk, membership=mine)
        with pytest.raises(IntegrityError, match="tenant_fk"), transaction.atomic():
            check_references_now()
        Enrolment.objects.all().delete()


def check_references_now() -> None:
    with connection.cursor() as cursor:
        cursor.execute("set constraints all immediate")


# What the tables promise, read from the catalogue: a new table cannot be forgotten.


@pytest.fixture
def catalogue(db: None) -> Iterator[Any]:
    with connection.cursor() as cursor:
        yield cursor


def test_this_role_neither_owns_nor_bypasses(catalogue: Any) -> None:
    catalogue.execute(
        "select rolsuper, rolbypassrls, rolcreaterole, rolcreatedb from pg_roles where rolname = current_user"
    )
    assert catalogue.fetchone() == (False, False, False, False)
    catalogue.execute("select count(*) from pg_class where relowner = current_user::regrole")
    assert catalogue.fetchone() == (0,)
    catalogue.execute("select current_user = session_user, pg_has_role(current_user, 'momentor_owner', 'member')")
    assert catalogue.fetchone() == (True, False)


@pytest.mark.parametrize("model", TENANTS, ids=lambda model: model._meta.label)
def test_every_tenant_table_is_closed_and_keyed_by_organisation(catalogue: Any, model: type[models.Model]) -> None:
    table = model._meta.db_table
    catalogue.execute("select relrowsecurity, relforcerowsecurity from pg_class where oid = %s::regclass", [table])
    assert catalogue.fetchone() == (True, True)
    assert _columns(catalogue, table, "p") == [("organisation_id", "id")]
    catalogue.execute("select cmd, qual, with_check from pg_policies where tablename = %s", [table])
    policies = {cmd: (using, check) for cmd, using, check in catalogue.fetchall()}
    using, check = policies["ALL"]
    assert "organisation_id" in using
    assert "app.organisation" in using
    assert check == using
    # Beside it, only people's view of their own places, and that for reading alone.
    assert set(policies) == ({"ALL", "SELECT"} if model is Membership else {"ALL"})


@pytest.mark.parametrize("model", TENANTS, ids=lambda model: model._meta.label)
def test_every_reference_between_tenant_tables_holds_the_organisation(
    catalogue: Any, model: type[models.Model]
) -> None:
    references = [field for field in model._meta.local_fields if isinstance(field, models.ForeignKey)]
    to_tenants = [field for field in references if issubclass(field.related_model, TenantModel)]
    wanted = {("organisation_id", field.column) for field in to_tenants}

    assert all(isinstance(field, TenantForeignKey) for field in to_tenants)
    assert wanted <= set(_columns(catalogue, model._meta.db_table, "f"))


def test_every_table_with_an_organisation_is_a_tenants(catalogue: Any) -> None:
    catalogue.execute(
        "select table_name from information_schema.columns"
        " where column_name = 'organisation_id' and table_schema = 'public' order by 1"
    )
    assert [name for (name,) in catalogue.fetchall()] == [model._meta.db_table for model in TENANTS]


def test_the_table_of_people_is_closed_too(catalogue: Any) -> None:
    catalogue.execute("select relrowsecurity, relforcerowsecurity from pg_class where oid = 'people_person'::regclass")
    assert catalogue.fetchone() == (True, True)


def _columns(catalogue: Any, table: str, kind: str) -> list[tuple[str, ...]]:
    """Return the columns of each constraint of this kind: p for primary key, f for reference."""
    catalogue.execute(
        "select array(select a.attname::text from unnest(c.conkey) with ordinality k(n, o)"
        " join pg_attribute a on a.attrelid = c.conrelid and a.attnum = k.n order by k.o)"
        " from pg_constraint c where c.conrelid = %s::regclass and c.contype = %s",
        [table, kind],
    )
    return [tuple(columns) for (columns,) in catalogue.fetchall()]


# Many at once, over connections that both organisations share.


@pytest.mark.django_db(transaction=True)
def test_two_hundred_requests_at_once_leak_nothing(nobody: None) -> None:
    cookies = {slug: client_of(_mentee_of(slug)).cookies for slug in ("workshop", "harbour")}

    def ask(number: int) -> tuple[str, str, int, bool]:
        slug = ("workshop", "harbour")[number % 2]
        client = PageClient()
        client.cookies = cookies[slug]
        response = client.get(f"/at/{slug}/people/")
        with connection.cursor() as cursor:
            cursor.execute("select count(*) from people_membership")
            [left_open] = cursor.fetchone()
        return slug, response.content.decode(), response.status_code, bool(left_open)

    with ThreadPoolExecutor(8, initializer=connection.ensure_connection) as threads:
        results = list(threads.map(ask, range(200)))
        list(threads.map(lambda _number: connection.close(), range(64)))

    assert len(results) == 200
    for slug, text, status, left_open in results:
        other = "harbour" if slug == "workshop" else "workshop"
        assert status == 200
        assert f"Mentor of {slug}" in text
        assert f"Mentor of {other}" not in text
        assert not left_open


def _mentee_of(slug: str) -> Person:
    place = make_organisation(slug.title(), slug)
    mentee, mentor = (make_person(f"{role} of {slug}", f"{role}@{slug}.example") for role in ("Mentee", "Mentor"))
    make_member(place, mentee)
    make_mentor(place, mentor)
    return mentee
