"""What stays of a conversation, on its pages: the card, feedback, thanks, plans, nudges, and what came of them."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core import signing
from django.utils import timezone

from momentor.foundation.tenancy import acting_in
from momentor.learning.actions import give_feedback, tell_outcome, write_takeaway
from momentor.learning.keeping import exported
from momentor.learning.links import SALT, token_of
from momentor.learning.models import Feedback, Nudge, Outcome, Takeaway, Thanks
from momentor.people.models import Membership, Organisation, Person
from momentor.sessions.actions import hand_back
from momentor.sessions.models import Session
from momentor.trust.actions import block
from tests.api_client import Program
from tests.cast import client_of, make_member, make_person, page, today
from tests.talks import ASKED, end_talk, let_jobs_run, open_talk, say

CARD = {"insight": "Try it before deciding", "plan_if": "a lead is needed", "plan_then": "I ask for it"}


def seen(response: Any) -> str:
    text: str = response.content.decode()
    return text


@pytest.fixture
def session(organisation: Organisation, amina: Person, ben: Person) -> Session:
    session = open_talk(organisation, amina, ben, came=(amina, ben))
    say(organisation, session, ben, "Lead one shift first.")
    return session


@pytest.fixture
def nudge(organisation: Organisation, session: Session, amina: Person) -> Nudge:
    with acting_in(organisation.pk):
        tomorrow = today() + timedelta(days=1)
        card = write_takeaway(session=session, by=amina, now=timezone.now(), check_on=tomorrow, **CARD)
        end_talk(organisation, session, amina)
        Nudge.objects.filter(takeaway=card).update(sent_at=timezone.now())
        return Nudge.objects.select_related("takeaway").get(takeaway=card)


def card_page(organisation: Organisation, session: Session) -> str:
    return page("learning:takeaway", session.pk, organisation=organisation)


def test_both_may_write_the_card_during_the_talk_and_after(
    organisation: Organisation, session: Session, amina: Person, ben: Person
) -> None:
    where = card_page(organisation, session)
    week = (today() + timedelta(days=7)).isoformat()

    mine = client_of(amina).post(where, {**CARD, "when": week}, follow=True)
    end_talk(organisation, session, ben)
    form = client_of(ben).get(where)
    theirs = client_of(ben).post(
        where,
        {**CARD, "insight": "Try one shift", "when": "", "written_over": form.context["form"]["written_over"].value()},
        follow=True,
    )

    assert "Try it before deciding" in seen(mine)
    assert "Try one shift" in seen(theirs)


@pytest.mark.parametrize("by_mentor", [True, False])
def test_after_a_block_the_card_is_the_mentees_alone(
    organisation: Organisation, session: Session, amina: Person, ben: Person, by_mentor: bool
) -> None:
    where = card_page(organisation, session)
    client_of(amina).post(where, CARD)
    with acting_in(organisation.pk):
        block(about=amina if by_mentor else ben, by=ben if by_mentor else amina, now=timezone.now())

    refused = client_of(ben).post(where, {**CARD, "insight": "You will be sorry"})
    kept = client_of(amina).post(where, {**CARD, "insight": "Ask somebody else"})
    Program(organisation, ben).refused(
        "PUT", f"/sessions/{session.pk}/takeaway", {"insight": "You will be sorry"}, status=409, code="CardIsClosed"
    )

    assert refused.status_code == 422
    assert "This card can no longer be changed." in seen(refused)
    assert "block" not in seen(refused).split("<main")[1].split("</main>")[0]  # who was blocked is not told
    assert kept.status_code == 303
    with acting_in(organisation.pk):
        assert Takeaway.objects.get().insight == "Ask somebody else"


def test_two_who_write_at_once_see_both_and_nothing_is_lost(
    organisation: Organisation, session: Session, amina: Person, ben: Person
) -> None:
    where = card_page(organisation, session)
    client_of(ben).post(where, {"insight": "From Ben", "when": ""})

    answer = client_of(amina).post(where, {"insight": "From Amina", "when": "", "written_over": ""})
    form = re.search(r'name="written_over" value="([^"]+)"', seen(answer))
    assert form
    kept = client_of(amina).post(where, {"insight": "From both", "when": "", "written_over": form[1]}, follow=True)

    assert answer.status_code == 422
    assert "has written on this card meanwhile" in seen(answer)
    assert "From Ben" in seen(answer)
    assert "From Amina" in seen(answer)
    assert "From both" in seen(kept)


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"when": ""}, "Write at least one of the three"),
        ({"insight": "x", "when": "other", "check_on": "2020-01-01"}, "Choose a day from tomorrow on"),
        ({"insight": "x", "when": "other", "check_on": "9999-01-01"}, "Choose a day from tomorrow on"),
        ({"insight": "x", "when": "other", "check_on": "tomorrow"}, "Enter a valid date"),
        ({"insight": "x", "when": "other"}, "Choose the day."),
        ({"insight": "x", "when": "2031-02-31"}, "Select a valid choice"),
        ({"insight": "x" * 501, "when": ""}, "at most 500 characters"),
    ],
)
def test_a_card_that_cannot_be_kept_says_why_and_keeps_the_words(
    organisation: Organisation, session: Session, amina: Person, given: dict[str, str], sentence: str
) -> None:
    answer = client_of(amina).post(card_page(organisation, session), given)

    assert answer.status_code == 422
    assert sentence in seen(answer)
    assert given.get("insight", "") in seen(answer)
    with acting_in(organisation.pk):
        assert not Takeaway.objects.exists()


def test_the_panel_opens_in_the_last_minute(organisation: Organisation, session: Session, amina: Person) -> None:
    room = page("sessions:session", session.pk, organisation=organisation)
    before = seen(client_of(amina).get(room))
    with acting_in(organisation.pk):
        Session.objects.filter(pk=session.pk).update(ends_at=timezone.now() + timedelta(seconds=40))

    after = seen(client_of(amina).get(room))

    assert '<details class="more" data-takeaway>' in before
    assert '<details class="more" data-takeaway open>' in after
    assert 'class="clock ending"' in after


def test_feedback_is_seen_by_its_giver_alone(
    organisation: Organisation, session: Session, amina: Person, ben: Person
) -> None:
    end_talk(organisation, session, amina)
    where = page("learning:feedback", session.pk, organisation=organisation)

    client_of(amina).post(where, {"moved": "4", "likely": "70", "right_person": "yes", "words": "Too short, he said"})
    client_of(ben).post(where, {"right_person": "no", "fitted_time": "yes"})

    with acting_in(organisation.pk):
        mine, theirs = Feedback.objects.get(by=amina), Feedback.objects.get(by=ben)
    assert (mine.moved, mine.likely, mine.right_person) == (4, 70, True)
    assert (theirs.moved, theirs.right_person, theirs.fitted_time) == (None, False, True)
    room = page("sessions:session", session.pk, organisation=organisation)
    assert "Too short" not in seen(client_of(ben).get(room))
    assert "Too short" not in seen(client_of(ben).get(where))
    assert "Too short" in seen(client_of(amina).get(where))


def test_feedback_without_its_one_answer_asks_for_it(
    organisation: Organisation, session: Session, amina: Person
) -> None:
    answer = client_of(amina).post(page("learning:feedback", session.pk, organisation=organisation), {"moved": "9"})

    assert answer.status_code == 422


def test_thanks_reach_the_mentor_once(organisation: Organisation, session: Session, amina: Person, ben: Person) -> None:
    end_talk(organisation, session, amina)
    where = page("learning:thanks", session.pk, organisation=organisation)

    for _ in range(2):
        client_of(amina).post(where, {"words": "You saved me a year."})
    refused = client_of(ben).post(where, {"words": "Thanks to me"})
    told = client_of(ben).get(page("learning:outcomes", organisation=organisation))

    assert refused.status_code == 422
    assert "You saved me a year." in seen(told)
    with acting_in(organisation.pk):
        assert Thanks.objects.count() == 1


def test_one_tap_says_done_and_the_mentor_reads_what_came_of_it(
    organisation: Organisation, nudge: Nudge, amina: Person, ben: Person
) -> None:
    plans = page("learning:plans", organisation=organisation)
    before = seen(client_of(amina).get(plans))
    where = page("learning:nudge", nudge.pk, organisation=organisation)

    answered = client_of(amina).post(where, {"reply": "done"}, follow=True)
    client_of(amina).post(
        page("learning:outcome", nudge.takeaway_id, organisation=organisation),
        {"helped": "yes", "words": "I lead now."},
    )

    assert "I ask for it" in before
    assert "Your mentor hears of it" in seen(answered)
    told = seen(client_of(ben).get(page("learning:outcomes", organisation=organisation)))
    assert "I lead now." in told
    assert "it helped" in told
    assert "No open plan" in seen(client_of(amina).get(plans))


def test_not_yet_is_asked_again_on_a_day_that_is_named(organisation: Organisation, nudge: Nudge, amina: Person) -> None:
    answered = client_of(amina).post(
        page("learning:nudge", nudge.pk, organisation=organisation), {"reply": "not_yet"}, follow=True
    )

    assert "We ask you again on" in seen(answered)
    with acting_in(organisation.pk):
        assert Nudge.objects.filter(takeaway=nudge.takeaway, number=2, sent_at=None).exists()


def test_a_plan_moved_to_a_later_day_is_asked_about_on_that_day(
    organisation: Organisation, session: Session, nudge: Nudge, amina: Person
) -> None:
    with acting_in(organisation.pk):
        later = today() + timedelta(days=20)
        for _ in range(2):
            write_takeaway(session=session, by=amina, now=timezone.now(), check_on=later, **CARD)

        following = Nudge.objects.get(takeaway=nudge.takeaway, number=2)
        assert following.due_at.date() == later


def test_a_finished_plan_is_not_asked_about_again(
    organisation: Organisation, session: Session, nudge: Nudge, amina: Person
) -> None:
    browser, where = client_of(amina), page("learning:nudge", nudge.pk, organisation=organisation)
    browser.post(where, {"reply": "did_not_fit"})

    again = browser.post(where, {"reply": "not_yet"}, follow=True)
    with acting_in(organisation.pk):
        later = today() + timedelta(days=20)
        write_takeaway(session=session, by=amina, now=timezone.now(), check_on=later, **CARD)

        assert Nudge.objects.count() == 1
    assert "already told what came of this plan" in seen(again)


def test_nobody_else_sees_or_answers_a_nudge(
    organisation: Organisation, nudge: Nudge, ben: Person, emil: Person, chloe: Person
) -> None:
    where = page("learning:nudge", nudge.pk, organisation=organisation)

    answers = [client_of(one).post(where, {"reply": "done"}).status_code for one in (ben, emil, chloe)]

    assert answers == [404, 404, 403]
    with acting_in(organisation.pk):
        assert not Outcome.objects.exists()


# The link in the mail


def link_of(organisation: Organisation, nudge: Nudge) -> str:
    with acting_in(organisation.pk):
        return page("learning:reply_by_mail", token_of(nudge), organisation=organisation)


def test_the_link_in_the_mail_answers_without_signing_in(organisation: Organisation, nudge: Nudge, ben: Person) -> None:
    where, browser = link_of(organisation, nudge), client_of(None)

    asked = browser.get(f"{where}?reply=done")
    browser.post(where, {"reply": "done"})
    thanked = browser.post(where, {"what": "words", "helped": "yes", "words": "It worked."}, follow=True)

    assert "I ask for it" in seen(asked)
    assert asked["Referrer-Policy"] == "same-origin"
    assert "no-store" in asked["Cache-Control"]
    assert "Thank you for telling" in seen(thanked)
    with acting_in(organisation.pk):
        told = Outcome.objects.get()
        assert (told.was_applied, told.helped, told.words) == (True, True, "It worked.")


def test_a_program_that_opens_the_links_of_a_mail_answers_nothing(organisation: Organisation, nudge: Nudge) -> None:
    for method in ("get", "head", "options"):
        getattr(client_of(None), method)(f"{link_of(organisation, nudge)}?reply=done")

    with acting_in(organisation.pk):
        assert not Outcome.objects.exists()
        assert Nudge.objects.get().reply == ""


def test_answering_twice_by_the_link_says_that_it_was_told(organisation: Organisation, nudge: Nudge) -> None:
    where, browser = link_of(organisation, nudge), client_of(None)
    browser.post(where, {"reply": "done"})

    again = browser.post(where, {"reply": "did_not_fit"}, follow=True)

    assert "You did it" in seen(again)
    with acting_in(organisation.pk):
        assert Outcome.objects.get().was_applied


@pytest.mark.parametrize("change", [lambda link: link[:-3] + "x/", lambda link: link.replace("replies/", "replies/W")])
def test_a_tampered_link_gets_a_sentence(organisation: Organisation, nudge: Nudge, change: Any) -> None:
    answer = client_of(None).get(change(link_of(organisation, nudge)))

    assert answer.status_code == 404
    assert "This link does not work" in seen(answer)


def test_an_old_link_gets_a_sentence(organisation: Organisation, nudge: Nudge, monkeypatch: pytest.MonkeyPatch) -> None:
    long_ago = timezone.now().timestamp() - 61 * 86_400
    monkeypatch.setattr("django.core.signing.time.time", lambda: long_ago)
    link = link_of(organisation, nudge)
    monkeypatch.undo()

    answer = client_of(None).get(link)

    assert answer.status_code == 410
    assert "older than two months" in seen(answer)


def test_a_link_of_one_organisation_opens_nothing_in_another(
    organisation: Organisation, other_organisation: Organisation, nudge: Nudge
) -> None:
    link = link_of(organisation, nudge).replace("/at/workshop/", "/at/harbour/")

    assert client_of(None).get(link).status_code == 404


def test_a_text_signed_for_something_else_opens_nothing(organisation: Organisation, nudge: Nudge) -> None:
    for forged in (
        signing.dumps([str(organisation.pk), str(nudge.pk)], salt="another purpose"),
        signing.dumps("nonsense", salt=SALT),
        signing.dumps([str(organisation.pk), "no id"], salt=SALT),
    ):
        where = page("learning:reply_by_mail", forged, organisation=organisation)
        assert client_of(None).get(where).status_code == 404


def test_an_empty_page_leads_on(organisation: Organisation, amina: Person, ben: Person) -> None:
    assert "Ask a question" in seen(client_of(amina).get(page("learning:plans", organisation=organisation)))
    assert "Find a question" in seen(client_of(ben).get(page("learning:outcomes", organisation=organisation)))


def test_a_person_takes_their_plans_along(
    organisation: Organisation, nudge: Nudge, amina: Person, emil: Person
) -> None:
    with acting_in(organisation.pk):
        mine = {part.name: list(part.rows) for part in exported(amina)}
        nothing = [list(part.rows) for part in exported(emil)]

    assert mine["takeaways.json"][0]["insight"] == "Try it before deciding"
    assert len(mine["nudges.json"]) == 1
    assert not any(nothing)


def test_the_day_of_a_plan_brings_its_nudge(organisation: Organisation, session: Session, amina: Person) -> None:
    with acting_in(organisation.pk):
        tomorrow = today() + timedelta(days=1)
        write_takeaway(session=session, by=amina, now=timezone.now(), check_on=tomorrow, **CARD)
        Nudge.objects.update(due_at=timezone.now() - timedelta(minutes=1))

    let_jobs_run(until=timezone.now() + timedelta(days=3))

    with acting_in(organisation.pk):
        assert Nudge.objects.get().sent_at is not None


# Letting others read what was answered


def test_from_the_ended_talk_both_come_to_let_others_read_the_answer(
    organisation: Organisation, session: Session, amina: Person, ben: Person, emil: Person
) -> None:
    end_talk(organisation, session, amina)
    room = page("sessions:session", session.pk, organisation=organisation)
    theirs, mine, other = client_of(ben), client_of(amina), client_of(emil)
    asking = page("asking:coach", organisation=organisation)

    written = _links(theirs.get(room), "Write it down for others")
    theirs.post(written[0], {"text": "Lead one shift as a trial before you decide."})
    unread = other.post(asking, {"text": ASKED})
    agreed = _links(mine.get(room), "What others may read")
    mine.post(agreed[0])
    read = other.post(asking, {"text": ASKED})

    assert written == agreed
    assert "Lead one shift as a trial" not in seen(unread)
    assert "Lead one shift as a trial" in seen(read)
    assert "Others may read this answer" in seen(theirs.get(room))


def test_what_came_of_it_leads_to_the_page_where_an_answer_is_written_down(
    organisation: Organisation, session: Session, amina: Person, ben: Person
) -> None:
    client_of(amina).post(card_page(organisation, session), CARD)
    end_talk(organisation, session, amina)

    found = _links(client_of(ben).get(page("learning:outcomes", organisation=organisation)), "Write it down for others")

    assert client_of(ben).get(found[0]).status_code == 200


def test_a_talk_that_went_back_has_nothing_for_others(organisation: Organisation, amina: Person, ben: Person) -> None:
    session = open_talk(organisation, amina, ben, came=(amina, ben))
    with acting_in(organisation.pk):
        hand_back(session=session, by=ben, now=timezone.now())

    room = client_of(ben).get(page("sessions:session", session.pk, organisation=organisation))

    assert "Write it down for others" not in seen(room)


def _links(response: Any, words: str) -> list[str]:
    return [
        link for link, text in re.findall(r'<a[^>]*href="([^"]+)"[^>]*>([^<]*)</a>', seen(response)) if text == words
    ]


def test_plans_are_in_the_menu_even_when_none_is_open(organisation: Organisation, amina: Person) -> None:
    home = client_of(amina).get(page("web:home", organisation=organisation))

    assert f'href="{page("learning:plans", organisation=organisation)}"' in seen(home)


# What coordinators see of private feedback


def some_feedback(
    organisation: Organisation, givers: list[Person], mentor: Person, *, days_ago: int = 10, words: str = "{who} says"
) -> None:
    for giver in givers:
        session = end_talk(organisation, open_talk(organisation, giver, mentor, came=(giver, mentor)), giver)
        with acting_in(organisation.pk):
            answers = {"moved": 4, "likely": 80, "right_person": True, "words": words.format(who=giver.name)}
            give_feedback(session=session, by=giver, now=timezone.now() - timedelta(days=days_ago), **answers)


@pytest.fixture
def five(organisation: Organisation) -> list[Person]:
    names = ("Una", "Duo", "Tria", "Quad", "Quinn")
    people = [make_person(name, f"{name.lower()}@example.org") for name in names]
    for person in people:
        make_member(organisation, person)
    return people


@pytest.fixture
def tireless(organisation: Organisation, ben: Person) -> Person:
    with acting_in(organisation.pk):
        Membership.objects.filter(person=ben).update(capacity_per_week=50)
    return ben


def test_coordinators_see_feedback_in_sums_once_five_people_gave_some(
    organisation: Organisation, five: list[Person], tireless: Person, dana: Person, chloe: Person
) -> None:
    where = page("learning:how_it_went", organisation=organisation)
    some_feedback(organisation, five[:4], tireless)
    of_four = seen(client_of(dana).get(where))
    some_feedback(organisation, five[4:], tireless)

    of_five = seen(client_of(dana).get(where)).split("<main")[1]

    assert "Too few answers yet" in of_four
    assert "says" not in of_four.split("<main")[1]
    assert "<dt>A lot: I know what to do, and when</dt><dd>100 %</dd>" in of_five
    assert "Quinn says" in of_five
    assert tireless.name not in of_five
    assert [client_of(one).get(where).status_code for one in (tireless, chloe)] == [403, 403]


def test_feedback_of_the_running_week_moves_no_figure(
    organisation: Organisation, five: list[Person], tireless: Person, dana: Person
) -> None:
    some_feedback(organisation, five, tireless, days_ago=0)

    assert "Too few answers yet" in seen(client_of(dana).get(page("learning:how_it_went", organisation=organisation)))


def test_a_coordinator_never_reads_what_others_told_about_talks_with_them(
    organisation: Organisation, five: list[Person], tireless: Person, dana: Person
) -> None:
    with acting_in(organisation.pk):
        Membership.objects.filter(person=tireless).update(roles=[Membership.Role.COORDINATOR])
    some_feedback(organisation, five, tireless)
    where = page("learning:how_it_went", organisation=organisation)

    assert "Too few answers yet" in seen(client_of(tireless).get(where))
    assert "Quinn says" in seen(client_of(dana).get(where))


def test_what_people_expect_stands_beside_what_they_did(
    organisation: Organisation, five: list[Person], tireless: Person, dana: Person
) -> None:
    some_feedback(organisation, five, tireless)
    with acting_in(organisation.pk):
        for number, session in enumerate(Session.objects.all()):
            assert session.mentee
            tomorrow = today() + timedelta(days=1)
            card = write_takeaway(session=session, by=session.mentee, now=timezone.now(), check_on=tomorrow, **CARD)
            tell_outcome(takeaway=card, by=session.mentee, was_applied=number > 1, now=timezone.now())

    found = seen(client_of(dana).get(page("learning:how_it_went", organisation=organisation)))

    assert "60 % (80 % was expected)" in found
