"""The page on fairness: who is invited and who is helped, in sums that lead back to nobody."""

from collections.abc import Iterable
from datetime import timedelta

import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from matchwell.fairness import Estimate, Row, weight_of
from momentor.foundation.tenancy import acting_in
from momentor.learning.fairness import Fairness, Period, fairness_for
from momentor.learning.models import Feedback, Outcome, Takeaway
from momentor.people.models import Grouping, Membership, Organisation, Person
from momentor.sessions.models import Session
from tests.cast import NOW, client_of, make_mentor, page
from tests.market import ask, choose, people

LAST_WEEK = NOW - timedelta(days=7)
PULLED = [{"kind": "pulled", "weight": 0, "question": None, "words": []}]


@pytest.fixture
def grouping(organisation: Organisation) -> Grouping:
    with acting_in(organisation.pk):
        return Grouping.objects.create(name="First at university", groups=["Yes", "No", "Third"], made_at=NOW)


def report(organisation: Organisation, viewer: Person, grouping: Grouping | None = None, weeks: int = 12) -> Fairness:
    with acting_in(organisation.pk):
        return fairness_for(viewer, Period.of(weeks, now=NOW), grouping_id=grouping.pk if grouping else None)


def row_of(rows: Iterable[Row], name: str) -> Row:
    return next(row for row in rows if name in (row.label, row.part) and row.label in ("", name))


def figure(rows: Iterable[Row], name: str, what: str) -> Estimate:
    found = row_of(rows, name).figures[what]
    assert found is not None
    return found


def test_mentors_are_told_by_group_with_those_who_are_never_invited(
    organisation: Organisation, grouping: Grouping, amina: Person, dana: Person
) -> None:
    yes, no = people(organisation, "Yes", 6), people(organisation, "No", 6)
    choose(organisation, grouping, "Yes", yes, LAST_WEEK)
    choose(organisation, grouping, "No", no, LAST_WEEK)
    for number in range(6):
        ask(organisation, amina, [no[number], yes[0]], taken_after=timedelta(minutes=4), helped=number > 0)

    found = report(organisation, dana, grouping).mentors

    assert [(row.label or row.part, row.people) for row in found.rows] == [("all", 12), ("No", 6), ("Yes", 6)]
    assert figure(found.rows, "No", "invitations").value == 1
    assert figure(found.rows, "Yes", "invitations").value == 1
    assert figure(found.rows, "No", "exposure").value == weight_of(1)
    assert figure(found.rows, "Yes", "exposure").value == pytest.approx(weight_of(2))
    assert figure(found.rows, "No", "accepted").value == 1
    assert row_of(found.rows, "Yes").figures["accepted"] is None, "one mentor alone was invited"
    assert figure(found.rows, "No", "helped").value == pytest.approx(5 / 6)
    assert found.busiest == 1
    assert found.gini is not None
    assert 0 < found.gini < 1


def test_mentees_are_told_by_group_with_those_who_still_wait(
    organisation: Organisation, grouping: Grouping, ben: Person, dana: Person
) -> None:
    quick = people(organisation, "Quick", 5, are_mentors=False)
    slow = people(organisation, "Slow", 6, are_mentors=False)
    choose(organisation, grouping, "Yes", quick, LAST_WEEK)
    for person in quick:
        ask(organisation, person, [ben], taken_after=timedelta(minutes=3), helped=True)
    for number, person in enumerate(slow):
        ask(organisation, person, [ben], taken_after=timedelta(hours=number + 1), helped=False)
        ask(organisation, person, [ben])

    found = report(organisation, dana, grouping).mentees

    assert [(row.label or row.part, row.people) for row in found.rows] == [("all", 11), ("Yes", 5), ("silent", 6)]
    assert figure(found.rows, "Yes", "answered").value == 1
    assert figure(found.rows, "silent", "answered").value == 0.5
    assert figure(found.rows, "Yes", "minutes").value == 3
    assert figure(found.rows, "silent", "minutes").value == 210
    assert figure(found.rows, "Yes", "helped").value == 1
    assert figure(found.rows, "silent", "helped").value == 0


def test_what_came_of_the_plan_goes_before_the_first_impression(
    organisation: Organisation, ben: Person, dana: Person
) -> None:
    for person in people(organisation, "Mentee", 5, are_mentors=False):
        session = ask(organisation, person, [ben], taken_after=timedelta(minutes=3), helped=False)
        with acting_in(organisation.pk):
            card = Takeaway.objects.create(session=session)  # type: ignore[misc]  # a session, since it was taken
            Outcome.objects.create(takeaway=card, was_applied=True, helped=True, told_at=LAST_WEEK)

    assert figure(report(organisation, dana).mentees.rows, "all", "helped").value == 1


def test_nothing_of_the_running_week_moves_a_figure(
    organisation: Organisation, grouping: Grouping, amina: Person, dana: Person
) -> None:
    mentors = people(organisation, "Mentor", 12)
    mentees = people(organisation, "Mentee", 6, are_mentors=False)
    choose(organisation, grouping, "Yes", mentors[:5], LAST_WEEK)
    for mentee in mentees:
        ask(organisation, mentee, mentors, taken_after=timedelta(minutes=3))
    before = report(organisation, dana, grouping)

    monday = Period.of(12, now=NOW).until
    choose(organisation, grouping, "No", mentors[5:], monday)
    for mentee in mentees:
        session = ask(organisation, mentee, mentors, at=monday + timedelta(hours=1), taken_after=timedelta(minutes=3))
        assert session is not None
    with acting_in(organisation.pk):
        for mentee, session in zip(mentees, Session.objects.filter(opened_at__lt=monday), strict=True):
            Feedback.objects.create(session=session, by=mentee, moved=5, given_at=monday)

    assert report(organisation, dana, grouping) == before
    assert before.has_groups


def test_invitations_that_mentors_pulled_and_periods_gone_by_do_not_count(
    organisation: Organisation, amina: Person, dana: Person
) -> None:
    mentors = people(organisation, "Mentor", 5)
    ask(organisation, amina, mentors)
    ask(organisation, amina, mentors, reasons=PULLED)
    ask(organisation, amina, mentors, at=NOW - timedelta(weeks=10))

    assert figure(report(organisation, dana, weeks=4).mentors.rows, "all", "invitations").value == 1
    assert figure(report(organisation, dana, weeks=12).mentors.rows, "all", "invitations").value == 2


def test_nobody_reads_what_was_told_of_conversations_with_them(
    organisation: Organisation, ben: Person, dana: Person
) -> None:
    for person in people(organisation, "Mentee", 5, are_mentors=False):
        ask(organisation, person, [ben], taken_after=timedelta(minutes=3), helped=True)

    assert row_of(report(organisation, ben).mentees.rows, "all").figures["helped"] is None
    assert figure(report(organisation, dana).mentees.rows, "all", "helped").value == 1


def test_who_left_or_cannot_be_invited_is_no_mentor(organisation: Organisation, amina: Person, dana: Person) -> None:
    mentors = people(organisation, "Mentor", 8)
    ask(organisation, amina, mentors[:6])
    with acting_in(organisation.pk):
        Membership.objects.filter(person=mentors[0]).update(state=Membership.State.LEFT)
        Membership.objects.filter(person=mentors[6]).update(answers_questions=False)
        Membership.objects.filter(person=mentors[1]).update(answers_questions=False)
        Person.objects.filter(pk=mentors[7].pk).update(is_claimed=False)

    assert row_of(report(organisation, dana).mentors.rows, "all").people == 5


def test_another_organisation_plays_no_part(
    organisation: Organisation, other_organisation: Organisation, amina: Person, dana: Person
) -> None:
    mentors = people(organisation, "Mentor", 5)
    for mentor in mentors:
        make_mentor(other_organisation, mentor)
    ask(organisation, amina, mentors)
    before = report(organisation, dana)

    ask(other_organisation, amina, mentors)

    assert report(organisation, dana) == before
    assert figure(before.mentors.rows, "all", "invitations").value == 1


# The page, by the clock on the wall


@pytest.fixture
def fair(organisation: Organisation, grouping: Grouping, amina: Person) -> list[Person]:
    """Six mentors who count themselves to one group, four to another, and six who said nothing."""
    last_week = timezone.now() - timedelta(days=8)
    mentors = people(organisation, "Mentor", 16)
    choose(organisation, grouping, "Yes", mentors[:6], last_week)
    choose(organisation, grouping, "Third", mentors[6:10], last_week)
    for number in range(8):
        ask(organisation, amina, mentors[number:], at=last_week, taken_after=timedelta(minutes=3))
    return mentors


def test_the_page_says_it_in_plain_words_and_shows_no_group_of_few(
    organisation: Organisation, grouping: Grouping, fair: list[Person], dana: Person
) -> None:
    shown = client_of(dana).get(page("learning:fairness", organisation=organisation)).content.decode().split("<main")[1]

    assert "Offers a mentor" in shown
    assert "Everybody" in shown
    assert ">Yes<" in shown
    assert "Third" not in shown, "four people are not told apart"
    assert "Everybody else" in shown
    assert "no difference seen" in shown
    assert "What these figures say, and what not" in shown
    assert not any(mentor.name in shown for mentor in fair)


def test_the_period_and_the_groups_can_be_chosen_and_nonsense_is_passed_over(
    organisation: Organisation, grouping: Grouping, fair: list[Person], dana: Person
) -> None:
    where, browser = page("learning:fairness", organisation=organisation), client_of(dana)

    short = browser.get(f"{where}?weeks=4&by={grouping.pk}").content.decode()
    together = browser.get(f"{where}?by=").content.decode()

    assert '<option value="4" selected>' in short
    assert ">Yes<" in short
    assert ">Yes<" not in together.split("<main")[1]
    assert "Nobody is told apart here." in together
    for odd in ("?weeks=-1&by=x", "?weeks=%00", "?weeks=999999999999", "?by=%27%3B"):
        answer = browser.get(where + odd)
        assert answer.status_code == 200
        assert '<option value="12" selected>' in answer.content.decode()


def test_the_page_is_for_coordinators_and_leads_on_where_there_is_little(
    organisation: Organisation, ben: Person, dana: Person, chloe: Person
) -> None:
    where = page("learning:fairness", organisation=organisation)

    empty = client_of(dana).get(where).content.decode()

    assert "Too few people yet" in empty
    assert page("people:groupings", organisation=organisation) in empty
    assert [client_of(one).get(where).status_code for one in (ben, chloe)] == [403, 403]


def test_the_page_needs_few_queries_however_many_people_and_offers_there_are(
    organisation: Organisation,
    grouping: Grouping,
    fair: list[Person],
    amina: Person,
    dana: Person,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    more = people(organisation, "More", 20)
    for number in range(10):
        ask(organisation, more[number], more[10:], at=timezone.now() - timedelta(days=8))
    browser, where = client_of(dana), page("learning:fairness", organisation=organisation)

    with django_assert_max_num_queries(15):  # five of its own
        assert browser.get(where).status_code == 200
