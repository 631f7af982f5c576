"""Groups that people may count themselves to: asked by coordinators, chosen by whoever likes, seen by nobody else."""

import io
import json
import zipfile

import pytest
from django.contrib import admin
from django.db import connection
from django.test.utils import CaptureQueriesContext

from momentor.asking.actions import draft_question
from momentor.dispatch.actions import start_search
from momentor.dispatch.models import LedgerEntry, Offer
from momentor.dispatch.queries import proposed_for
from momentor.foundation.models import EventRecord
from momentor.foundation.tenancy import acting_in
from momentor.people.actions import (
    choose_group,
    delete_account,
    end_grouping,
    leave_organisation,
    remove_member,
    start_grouping,
)
from momentor.people.actions.groups import GroupingNameTaken, NoSuchGroup, TooManyGroupings, WrongGrouping
from momentor.people.export import export_of
from momentor.people.models import GroupChoice, Grouping, Membership, Organisation, Person
from momentor.people.standing import OnlyForCoordinators
from tests.cast import NOW, client_of, page

SECRET = "First in the family, yes"


@pytest.fixture
def grouping(organisation: Organisation, dana: Person) -> Grouping:
    with acting_in(organisation.pk):
        return start_grouping(name="First at university", groups=[SECRET, "No"], by=dana, now=NOW)


@pytest.fixture
def chosen(organisation: Organisation, grouping: Grouping, ben: Person) -> GroupChoice:
    with acting_in(organisation.pk):
        choose_group(grouping=grouping, group=SECRET, by=ben, now=NOW)
        return GroupChoice.objects.get()


def test_only_coordinators_ask_and_they_ask_little(organisation: Organisation, dana: Person, ben: Person) -> None:
    with acting_in(organisation.pk):
        with pytest.raises(OnlyForCoordinators):
            start_grouping(name="Anything", groups=["Yes", "No"], by=ben, now=NOW)
        for wrong in (["Yes"], ["Yes", " yes "], [], [f"{n}" for n in range(9)], ["x" * 61, "No"]):
            with pytest.raises(WrongGrouping):
                start_grouping(name="Anything", groups=wrong, by=dana, now=NOW)
        with pytest.raises(WrongGrouping):
            start_grouping(name="  ", groups=["Yes", "No"], by=dana, now=NOW)
        start_grouping(name="One", groups=["Yes", "No"], by=dana, now=NOW)
        with pytest.raises(GroupingNameTaken):
            start_grouping(name=" One", groups=["Yes", "No"], by=dana, now=NOW)
        for name in ("Two", "Three"):
            start_grouping(name=name, groups=["Yes", "No"], by=dana, now=NOW)
        with pytest.raises(TooManyGroupings):
            start_grouping(name="Four", groups=["Yes", "No"], by=dana, now=NOW)

        assert Grouping.objects.count() == 3


def test_one_chooses_changes_and_takes_back(organisation: Organisation, chosen: GroupChoice, ben: Person) -> None:
    with acting_in(organisation.pk):
        with pytest.raises(NoSuchGroup):
            choose_group(grouping=chosen.grouping, group="Something else", by=ben, now=NOW)
        choose_group(grouping=chosen.grouping, group="No", by=ben, now=NOW)
        changed = GroupChoice.objects.get().group
        choose_group(grouping=chosen.grouping, group="", by=ben, now=NOW)

        assert changed == "No"
        assert not GroupChoice.objects.exists()


def test_what_is_asked_no_more_is_forgotten_and_cannot_be_chosen(
    organisation: Organisation, chosen: GroupChoice, ben: Person, dana: Person
) -> None:
    with acting_in(organisation.pk):
        end_grouping(grouping=chosen.grouping, by=dana, now=NOW)
        end_grouping(grouping=chosen.grouping, by=dana, now=NOW)

        assert not GroupChoice.objects.exists()
        with pytest.raises(NoSuchGroup):
            choose_group(grouping=chosen.grouping, group=SECRET, by=ben, now=NOW)
        assert EventRecord.objects.filter(name="GroupingEnded").count() == 1


def test_no_fact_tells_that_somebody_chose(organisation: Organisation, grouping: Grouping, ben: Person) -> None:
    with acting_in(organisation.pk):
        before = EventRecord.objects.count()
        choose_group(grouping=grouping, group=SECRET, by=ben, now=NOW)

        assert EventRecord.objects.count() == before


def test_a_choice_is_shown_to_its_person_and_to_nobody_else(
    organisation: Organisation, chosen: GroupChoice, amina: Person, ben: Person, dana: Person
) -> None:
    with acting_in(organisation.pk):
        assert list(GroupChoice.objects.visible_to(ben)) == [chosen]
        assert not GroupChoice.objects.visible_to(dana).exists()
        member = Membership.objects.get(person=ben)
    mine = client_of(ben).get(page("people:groups", organisation=organisation)).content.decode()
    hers = client_of(dana).get(page("people:groups", organisation=organisation)).content.decode()
    others = [
        (dana, page("people:members", organisation=organisation)),
        (dana, page("people:member", member.pk, organisation=organisation)),
        (dana, page("people:person", ben.pk, organisation=organisation)),
        (dana, page("learning:fairness", organisation=organisation)),
        (amina, page("people:person", ben.pk, organisation=organisation)),
        (amina, page("people:people", organisation=organisation)),
    ]

    assert mine.count(" checked") == 1
    assert f'value="{SECRET}"' in mine.split(" checked")[0].rsplit("<input", 1)[1]
    assert 'value=""' in hers.split(" checked")[0].rsplit("<input", 1)[1], "hers says nothing of his"
    for who, where in others:
        shown = client_of(who).get(where)
        assert shown.status_code == 200
        assert SECRET not in shown.content.decode(), where


def test_the_hosts_pages_have_none_of_it() -> None:
    assert Membership in admin.site._registry
    assert not {GroupChoice, Grouping} & set(admin.site._registry)


def test_choosing_on_the_page(organisation: Organisation, grouping: Grouping, ben: Person) -> None:
    where = page("people:groups", organisation=organisation)
    settings = page("people:settings", organisation=organisation)

    wrong = client_of(ben).post(where, {str(grouping.pk): "Something else"})
    saved = client_of(ben).post(where, {str(grouping.pk): SECRET}, follow=True)

    assert wrong.status_code == 422
    assert "cannot be chosen any more" in wrong.content.decode()
    assert "Saved. Nobody is told." in saved.content.decode()
    assert where in client_of(ben).get(settings).content.decode()


def test_where_nothing_is_asked_no_settings_speak_of_it(organisation: Organisation, ben: Person) -> None:
    where = page("people:groups", organisation=organisation)

    assert where not in client_of(ben).get(page("people:settings", organisation=organisation)).content.decode()
    assert "Nothing is asked here" in client_of(ben).get(where).content.decode()


def test_asking_on_the_page(organisation: Organisation, dana: Person, ben: Person) -> None:
    where = page("people:groupings", organisation=organisation)

    wrong = client_of(dana).post(where, {"name": "First at university", "groups": "Yes"})
    asked = client_of(dana).post(where, {"name": "First at university", "groups": "Yes\nNo"}, follow=True)
    with acting_in(organisation.pk):
        grouping = Grouping.objects.get()
    removal = page("people:grouping_removal", grouping.pk, organisation=organisation)
    refused = [client_of(ben).get(where).status_code, client_of(ben).post(removal).status_code]
    gone = client_of(dana).post(removal, follow=True)

    assert wrong.status_code == 422
    assert "two to eight groups" in wrong.content.decode()
    assert "First at university" in asked.content.decode()
    assert refused == [403, 403]
    assert "what people chose is gone" in gone.content.decode()
    with acting_in(organisation.pk):
        assert not Grouping.objects.exists()


def test_a_choice_travels_with_its_person_and_goes_with_them(
    organisation: Organisation, chosen: GroupChoice, ben: Person, dana: Person, amina: Person
) -> None:
    with acting_in(None, person_id=ben.pk), zipfile.ZipFile(io.BytesIO(export_of(ben, now=NOW).read())) as archive:
        mine = json.loads(archive.read(f"{organisation.slug}/groups.json"))
    with acting_in(None, person_id=dana.pk), zipfile.ZipFile(io.BytesIO(export_of(dana, now=NOW).read())) as archive:
        hers = b"".join(archive.read(name) for name in archive.namelist())

    assert [(row["grouping__name"], row["group"]) for row in mine] == [("First at university", SECRET)]
    assert SECRET.encode() not in hers


@pytest.mark.parametrize("how", ["leaves", "is removed", "deletes the account"])
def test_nothing_is_left_of_it_when_its_person_goes(
    organisation: Organisation, chosen: GroupChoice, ben: Person, dana: Person, how: str
) -> None:
    if how == "deletes the account":
        delete_account(by=ben, now=NOW)
    else:
        with acting_in(organisation.pk, person_id=ben.pk):
            membership = Membership.objects.here().get(person=ben)
            if how == "leaves":
                leave_organisation(by=ben, now=NOW)
            else:
                remove_member(membership=membership, by=dana, now=NOW)

    with acting_in(organisation.pk):
        assert not GroupChoice.objects.exists()


def test_no_ranking_reads_what_people_chose(
    organisation: Organisation, grouping: Grouping, amina: Person, ben: Person, emil: Person
) -> None:
    def ranked() -> tuple[list[str], list[float], set[str]]:
        question = draft_question(by=amina, text="Should I lead a crew of pipe welders?", language="en", now=NOW)
        found = [one.name for one in proposed_for(question, now=NOW)]
        start_search(question=question, by=amina, now=NOW)
        entry = LedgerEntry.objects.get(question=question)
        asked = {offer.mentor.name for offer in Offer.objects.filter(question=question).select_related("mentor")}
        Offer.objects.all().delete()
        return found, [row["score"] for row in entry.result], asked

    with acting_in(organisation.pk):
        before = ranked()
        for person, group in ((ben, SECRET), (emil, "No"), (amina, SECRET)):
            choose_group(grouping=grouping, group=group, by=person, now=NOW)
        with CaptureQueriesContext(connection) as asked:
            after = ranked()

    assert after == before
    assert before[0]
    assert not [query["sql"] for query in asked if "people_group" in query["sql"]]
