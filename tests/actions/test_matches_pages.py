"""Pages of matching: what a coordinator sees and does, what the two see of each other, and who sees nothing."""

import re
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone

from momentor.foundation.tenancy import acting_in
from momentor.matches.actions import start_preview
from momentor.matches.models import Match, Preview, Proposal, Wish
from momentor.people.actions import edit_programme, enrol, pause
from momentor.people.models import Block, Membership, Organisation, Person, Programme
from momentor.people.standing import member
from tests.api_client import Program
from tests.cast import NOW, client_of, make_mentor, make_person, page
from tests.programmes import WELDING, a_preview, a_programme, confirmed, matched, newcomers, wants
from tests.talks import let_jobs_run

MOST_QUERIES = 18  # of which six are the frame of every page
SETTINGS = {
    "way": "most",
    "places": "2",
    "most_hours_apart": "",
    **{f"weight_{part}": "1" for part in ("words", "skills", "languages", "hours", "mentee_wish", "mentor_wish")},
}


@pytest.fixture
def crews(organisation: Organisation, amina: Person, ben: Person, emil: Person, dana: Person) -> Programme:
    programme = a_programme(organisation, dana, amina, ben, emil)
    wants(organisation, programme, amina)
    return programme


@pytest.fixture
def ready(organisation: Organisation, crews: Programme, dana: Person) -> Preview:
    return a_preview(organisation, crews, dana)


@pytest.fixture
def match(organisation: Organisation, ready: Preview, dana: Person) -> Match:
    confirmed(organisation, ready, dana)
    with acting_in(organisation.pk):
        return Match.objects.get()


def text_of(response: Any) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def browser_of(person: Person | None) -> Any:
    return client_of(person)


# Who sees what


def test_only_coordinators_see_previews(
    organisation: Organisation, crews: Programme, ready: Preview, ben: Person, dana: Person, chloe: Person
) -> None:
    with acting_in(organisation.pk):
        proposal = Proposal.objects.get()
    looked_at = [
        page("matches:matching", crews.pk, organisation=organisation),
        page("matches:programme", crews.pk, organisation=organisation),
        page("matches:preview", ready.pk, organisation=organisation),
    ]
    done = [
        page("matches:confirmation", ready.pk, organisation=organisation),
        page("matches:removal", ready.pk, organisation=organisation),
        page("matches:drop", proposal.pk, organisation=organisation),
        page("matches:restore", proposal.pk, organisation=organisation),
    ]

    for address in looked_at:
        assert [browser_of(who).get(address).status_code for who in (dana, ben, chloe)] == [200, 403, 403]
    for address in done:
        assert [browser_of(who).post(address).status_code for who in (ben, chloe)] == [403, 403]
        assert browser_of(dana).get(address).status_code == 405
    assert matched(organisation) == {}


def test_only_the_two_see_their_match(
    organisation: Organisation, match: Match, amina: Person, ben: Person, emil: Person, dana: Person, chloe: Person
) -> None:
    there = page("matches:match", match.pk, organisation=organisation)
    end = page("matches:end", match.pk, organisation=organisation)

    hers, his = browser_of(amina).get(there), browser_of(ben).get(there)

    assert "Ben Okafor is your mentor" in text_of(hers)
    assert f"?mentor={ben.pk}" in hers.content.decode()
    assert "Amina Yusuf is your mentee" in text_of(his)
    assert WELDING in text_of(his)
    for who, status in ((emil, 404), (dana, 404), (chloe, 403)):
        assert browser_of(who).get(there).status_code == status
    assert browser_of(emil).post(end).status_code == 404
    assert matched(organisation) == {"Amina Yusuf": "Ben Okafor"}


def test_nothing_of_another_organisation_is_there(
    organisation: Organisation, other_organisation: Organisation, crews: Programme, match: Match, chloe: Person
) -> None:
    with acting_in(other_organisation.pk):
        Membership.objects.filter(person=chloe).update(roles=[Membership.Role.COORDINATOR])

    for name, pk in (
        ("matches:matching", crews.pk),
        ("matches:programme", crews.pk),
        ("matches:preview", match.preview_id),
        ("matches:match", match.pk),
    ):
        assert pk is not None
        assert browser_of(chloe).get(page(name, pk, organisation=other_organisation)).status_code == 404
    answer = browser_of(chloe).get(page("matches:matches", organisation=other_organisation))
    assert "You are matched with nobody" in text_of(answer)


# A coordinator


def test_pressing_the_button_leads_to_a_page_that_follows_and_then_shows_the_preview(
    organisation: Organisation, crews: Programme, dana: Person
) -> None:
    browser = browser_of(dana)
    matching = page("matches:matching", crews.pk, organisation=organisation)

    sent = browser.post(matching, SETTINGS | {"weight_hours": "0.5", "most_hours_apart": "6"})
    with acting_in(organisation.pk):
        preview = Preview.objects.get()
    there = page("matches:preview", preview.pk, organisation=organisation)
    assert (sent.status_code, sent.headers["Location"]) == (303, there)
    assert "Working it out" in text_of(browser.get(there))
    part = browser.get(there, headers={"HX-Request": "true"})
    assert "It begins in a moment." in text_of(part)
    assert "<html" not in part.content.decode()
    assert "See how far it is" in text_of(browser.get(matching))
    assert browser.post(matching, SETTINGS).headers["Location"] == there

    let_jobs_run()

    assert browser.get(there, headers={"HX-Request": "true"}).headers["HX-Refresh"] == "true"
    shown = text_of(browser.get(there))
    assert "Who would be matched" in shown
    assert "Amina Yusuf" in shown
    assert "The mentor knows about" in shown
    assert "Confirm 1 match" in shown
    assert WELDING in shown
    assert (preview.weights["hours"], preview.weights["words"], preview.most_hours_apart) == (0.5, 1.0, 6)
    again = browser.get(matching)
    assert again.context["form"]["weight_hours"].value() == "0.5"
    assert "A preview waits for your decision." in text_of(again)


def test_each_tab_says_its_part(organisation: Organisation, crews: Programme, dana: Person) -> None:
    newcomers(organisation, crews, dana, 5)
    preview = a_preview(organisation, crews, dana)
    there, browser = page("matches:preview", preview.pk, organisation=organisation), browser_of(dana)

    left, loads, weights = (text_of(browser.get(f"{there}?show={tab}")) for tab in ("left", "loads", "weights"))

    assert "2 mentors would do, and all of their places go to others" in left
    assert "How many mentors would get how many mentees" in loads
    assert "2 2" in loads  # two mentees each: two mentors
    assert "twice as much" in weights
    assert text_of(browser.get(f"{there}?show=odd")) == text_of(browser.get(there))


def test_who_keeps_whom_away_is_never_told(
    organisation: Organisation, dana: Person, amina: Person, ben: Person
) -> None:
    crews = a_programme(organisation, dana, amina, ben)
    wants(organisation, crews, amina)
    with acting_in(organisation.pk):
        Block.objects.create(by=ben, about=amina)
    preview = a_preview(organisation, crews, dana)
    there = page("matches:preview", preview.pk, organisation=organisation)

    shown = text_of(browser_of(dana).get(f"{there}?show=left"))

    assert "There is no mentor with a free place for them" in shown
    assert "block" not in shown.lower()


def test_a_pair_is_taken_out_and_back_in_and_the_page_stays_where_it_was(
    organisation: Organisation, crews: Programme, ready: Preview, dana: Person
) -> None:
    with acting_in(organisation.pk):
        proposal = Proposal.objects.get()
    browser, there = browser_of(dana), page("matches:preview", ready.pk, organisation=organisation)

    out = browser.post(page("matches:drop", proposal.pk, organisation=organisation), {"where": "?show=pairs&words=ami"})
    assert out.headers["Location"] == f"{there}?show=pairs&words=ami#pair-{proposal.pk}"
    shown = text_of(browser.get(there))
    assert "taken out" in shown
    assert "Confirm" not in shown
    back = browser.post(page("matches:restore", proposal.pk, organisation=organisation), {"where": "https://x.example"})
    assert back.headers["Location"] == f"{there}#pair-{proposal.pk}"
    assert "Confirm 1 match" in text_of(browser.get(there))


def test_confirming_on_the_page_matches_and_says_what_no_longer_held(
    organisation: Organisation, crews: Programme, dana: Person, ben: Person
) -> None:
    newcomers(organisation, crews, dana, 2)
    preview = a_preview(organisation, crews, dana)
    with acting_in(organisation.pk, person_id=ben.pk):
        pause(by=ben, now=NOW)
        gone = Proposal.objects.filter(preview=preview, mentor=ben).count()
    browser = browser_of(dana)
    confirmation = page("matches:confirmation", preview.pk, organisation=organisation)

    done = text_of(browser.post(confirmation, follow=True))
    twice = browser.post(confirmation, follow=True)

    assert gone > 0
    assert f"{3 - gone} pe" in done  # person or people
    assert "no longer held and w" in done
    assert "the mentor has no place any more" in done
    assert "Who was matched" in done
    assert twice.status_code == 200
    assert len(matched(organisation)) == 3 - gone
    overview = page("matches:programme", crews.pk, organisation=organisation)
    assert "Emil Sørensen" in text_of(browser.get(overview))


def test_a_preview_that_was_put_aside_cannot_be_confirmed(
    organisation: Organisation, crews: Programme, ready: Preview, dana: Person
) -> None:
    browser = browser_of(dana)
    aside = browser.post(page("matches:removal", ready.pk, organisation=organisation))
    assert aside.headers["Location"] == page("matches:matching", crews.pk, organisation=organisation)

    answer = browser.post(page("matches:confirmation", ready.pk, organisation=organisation), follow=True)

    assert "This preview is not there to be confirmed" in text_of(answer)
    assert "was put aside" in text_of(answer)
    assert matched(organisation) == {}


def test_what_cannot_be_matched_is_said_and_leads_on(
    organisation: Organisation, dana: Person, amina: Person, ben: Person
) -> None:
    browser, empty = browser_of(dana), a_programme(organisation, dana)
    there = page("matches:matching", empty.pk, organisation=organisation)
    assert "Nobody mentors here yet" in text_of(browser.get(there))
    with acting_in(organisation.pk, person_id=dana.pk):
        enrol(programme=empty, membership=member(ben), by=dana, now=NOW)
    assert "Nobody looks for a mentor" in text_of(browser.get(there))
    with acting_in(organisation.pk, person_id=dana.pk):
        enrol(programme=empty, membership=member(amina), by=dana, now=NOW)
    assert "1 more has not said anything" in text_of(browser.get(there))

    wrong = browser.post(there, SETTINGS | {"places": "0", "way": "luck", "weight_words": "9"})
    assert wrong.status_code == 422
    assert set(wrong.context["form"].errors) == {"places", "way", "weight_words"}
    with acting_in(organisation.pk, person_id=dana.pk):
        edit_programme(programme=empty, by=dana, now=NOW, matches_people=False)
    off = browser.get(there, follow=True)
    assert "Tick “a mentor of one’s own” among the rules first" in text_of(off)


def test_a_preview_that_failed_says_so_and_leads_on(
    organisation: Organisation, crews: Programme, ready: Preview, dana: Person
) -> None:
    with acting_in(organisation.pk):
        Preview.objects.update(state=Preview.State.FAILED, result={})

    shown = text_of(browser_of(dana).get(page("matches:preview", ready.pk, organisation=organisation)))

    assert "could not be worked out" in shown
    assert "Try again" in shown


# How much a page asks


def test_pages_ask_the_database_the_same_however_many_pairs_there_are(
    organisation: Organisation, crews: Programme, dana: Person, django_assert_max_num_queries: Any
) -> None:
    newcomers(organisation, crews, dana, 30)
    for number in range(4):
        mentor = make_person(f"Mentor {number}", f"mentor{number}@example.org")
        make_mentor(organisation, mentor)
        with acting_in(organisation.pk, person_id=dana.pk):
            enrol(programme=crews, membership=member(mentor), by=dana, now=NOW)
    preview, browser = a_preview(organisation, crews, dana, places=6), browser_of(dana)
    there = page("matches:preview", preview.pk, organisation=organisation)

    def look(address: str) -> None:
        with django_assert_max_num_queries(MOST_QUERIES):
            assert browser.get(address).status_code == 200

    for tab in ("pairs", "left", "loads", "weights"):
        look(f"{there}?show={tab}")
    look(page("matches:matching", crews.pk, organisation=organisation))
    look(page("people:programme", crews.pk, organisation=organisation))
    confirmed(organisation, preview, dana)
    look(there)
    look(page("matches:programme", crews.pk, organisation=organisation))


def test_a_long_preview_goes_on_over_the_page_and_is_searched_by_name(
    organisation: Organisation, crews: Programme, dana: Person
) -> None:
    newcomers(organisation, crews, dana, 29)
    preview, browser = a_preview(organisation, crews, dana, places=20), browser_of(dana)
    there = page("matches:preview", preview.pk, organisation=organisation)

    first = browser.get(there)
    second = browser.get(there + first.context["later"])
    found = browser.get(f"{there}?words=newcomer+07")

    assert (len(first.context["rows"]), len(second.context["rows"]), second.context["later"]) == (25, 5, "")
    assert set(first.context["rows"]).isdisjoint(second.context["rows"])
    assert [str(one.mentee) for one in found.context["rows"]] == ["Newcomer 07"]
    assert "Nobody of that name" in text_of(browser.get(f"{there}?words=zzz"))


# The two


def test_both_meet_each_other_at_home_on_profiles_and_where_they_ask(
    organisation: Organisation, crews: Programme, match: Match, amina: Person, ben: Person, emil: Person
) -> None:
    hers, his = browser_of(amina), browser_of(ben)
    ask = f"{page('asking:new', organisation=organisation)}?mentor={ben.pk}"
    there = page("matches:match", match.pk, organisation=organisation)

    assert ask in hers.get(page("web:home", organisation=organisation)).content.decode()
    assert there in his.get(page("web:home", organisation=organisation)).content.decode()
    profile = hers.get(page("people:person", ben.pk, organisation=organisation)).content.decode()
    assert "Your mentor in First crews" in profile
    other = hers.get(page("people:person", emil.pk, organisation=organisation)).content.decode()
    assert "Your mentor" not in other
    assert "Ask Ben Okafor, your mentor" in text_of(hers.get(page("asking:new", organisation=organisation)))
    assert "your mentor in First crews" in text_of(
        hers.get(page("people:programme", crews.pk, organisation=organisation))
    )
    assert "your mentee in First crews" in text_of(his.get(page("matches:matches", organisation=organisation)))


def test_a_match_is_ended_on_the_page_by_one_of_the_two_or_a_coordinator(
    organisation: Organisation, crews: Programme, match: Match, amina: Person, ben: Person, dana: Person
) -> None:
    overview = page("matches:programme", crews.pk, organisation=organisation)
    end = page("matches:end", match.pk, organisation=organisation)

    answer = browser_of(dana).post(end, {"next": overview}, follow=True)

    assert "Nobody is told why." in text_of(answer)
    assert "Nobody has a mentor here yet" in text_of(answer)
    assert matched(organisation) == {}
    over = text_of(browser_of(amina).get(page("matches:match", match.pk, organisation=organisation)))
    assert "This match is over." in over
    assert "End the match" not in over
    assert browser_of(dana).post(end).status_code == 404
    assert browser_of(ben).post(end).status_code == 303  # over is over; twice does no harm


def test_a_blocked_match_shows_nothing_of_the_other(
    organisation: Organisation, match: Match, amina: Person, ben: Person
) -> None:
    with acting_in(organisation.pk):
        Block.objects.create(by=ben, about=amina)

    shown = text_of(browser_of(amina).get(page("matches:match", match.pk, organisation=organisation)))

    assert "Welder for 14 years" not in shown


# Wishes


def test_somebody_is_wished_for_on_the_page_and_taken_back(
    organisation: Organisation, crews: Programme, amina: Person, ben: Person, emil: Person
) -> None:
    hers, there = browser_of(amina), page("people:programme", crews.pk, organisation=organisation)
    wish = page("matches:wish", crews.pk, organisation=organisation)
    assert hers.get(there).content.decode().count("as my mentor") == 2

    said = text_of(hers.post(wish, {"person": str(emil.pk), "side": "as_mentee"}, follow=True))

    assert "Noted. It counts when everybody is matched" in said
    assert "Emil Sørensen, as my mentor" in said
    with acting_in(organisation.pk):
        [kept] = Wish.objects.all()
    assert "Emil" not in text_of(browser_of(ben).get(there)).split("Whom you would like")[-1].split("People")[0]
    removal = page("matches:wish_removal", kept.pk, organisation=organisation)
    assert browser_of(ben).post(removal).status_code == 404
    assert "Emil Sørensen, as my mentor" not in text_of(hers.post(removal, follow=True))
    assert browser_of(ben).get(there).content.decode().count("as my mentee") == 1


@pytest.mark.parametrize(
    ("given", "status"),
    [
        ({"person": "nonsense", "side": "as_mentee"}, 404),
        ({"person": str(uuid4()), "side": "as_mentee"}, 404),
        ({"side": "as_mentee"}, 404),
        ({"person": "BEN", "side": "sideways"}, 404),
    ],
)
def test_nonsense_is_not_wished_for(
    organisation: Organisation, crews: Programme, amina: Person, ben: Person, given: dict[str, str], status: int
) -> None:
    sent = {name: str(ben.pk) if value == "BEN" else value for name, value in given.items()}

    answer = browser_of(amina).post(page("matches:wish", crews.pk, organisation=organisation), sent)

    assert answer.status_code == status


def test_who_wishes_for_somebody_impossible_is_told(
    organisation: Organisation, crews: Programme, amina: Person, dana: Person
) -> None:
    wish = page("matches:wish", crews.pk, organisation=organisation)

    answer = browser_of(amina).post(wish, {"person": str(dana.pk), "side": "as_mentee"}, follow=True)

    assert "This person cannot be wished for here" in text_of(answer)


def test_home_asks_who_has_not_said_yet(organisation: Organisation, dana: Person, amina: Person, ben: Person) -> None:
    programme = a_programme(organisation, dana, amina, ben)
    home = page("web:home", organisation=organisation)
    assert "Would you like a mentor in First crews?" in text_of(browser_of(amina).get(home))
    assert "Would you like a mentor" not in text_of(browser_of(ben).get(home))

    wants(organisation, programme, amina)

    assert "Would you like a mentor" not in text_of(browser_of(amina).get(home))


def test_a_mentor_who_takes_a_break_is_shown_as_such(
    organisation: Organisation, match: Match, amina: Person, ben: Person
) -> None:
    with acting_in(organisation.pk, person_id=ben.pk):
        pause(by=ben, now=timezone.now())

    shown = text_of(browser_of(amina).get(page("matches:match", match.pk, organisation=organisation)))

    assert "Takes a break at the moment." in shown


def test_who_presses_while_another_preview_is_worked_out_is_led_to_that_one(
    organisation: Organisation, crews: Programme, dana: Person
) -> None:
    with acting_in(organisation.pk, person_id=dana.pk):
        underway = start_preview(programme=crews, by=dana, now=NOW)
    matching = page("matches:matching", crews.pk, organisation=organisation)

    answer = browser_of(dana).post(matching, SETTINGS, follow=True)

    assert "Somebody is having a preview worked out at this moment." in text_of(answer)
    assert answer.redirect_chain == [(page("matches:preview", underway.pk, organisation=organisation), 303)]


# As JSON


def test_a_program_says_a_wish_sees_matches_and_ends_one(
    organisation: Organisation, dana: Person, amina: Person, ben: Person, emil: Person
) -> None:
    crews = a_programme(organisation, dana, amina, ben)
    hers, his = Program(organisation, amina), Program(organisation, ben)
    place = f"/programmes/{crews.pk}"

    assert hers.get(f"{place}/part") == {"wants_mentor": None, "wish": "", "places": None}
    assert hers.get("/programmes")["items"][0]["matches_people"] is True
    hers.refused("PUT", f"{place}/wish", {"wants_mentor": True}, status=422, code="WishEmpty")
    said = hers.ask("PUT", f"{place}/wish", {"wants_mentor": True, "wish": WELDING}).json()
    offered = his.ask("PUT", f"{place}/places", {"places": 3}).json()
    assert (said["wants_mentor"], said["wish"], offered["places"]) == (True, WELDING, 3)
    Program(organisation, emil).refused("GET", f"{place}/part", status=404, code="NothingHere")

    confirmed(organisation, a_preview(organisation, crews, dana), dana)

    [mine], [theirs] = hers.get("/matches")["items"], his.get("/matches")["items"]
    assert (mine["role"], mine["other"]["name"]) == ("mentee", "Ben Okafor")
    assert (theirs["role"], theirs["other"]["name"]) == ("mentor", "Amina Yusuf")
    assert any("knows about" in line for line in mine["said"])
    Program(organisation, emil).refused("DELETE", f"/matches/{mine['id']}", status=404, code="NothingHere")
    assert hers.ask("DELETE", f"/matches/{mine['id']}").status_code == 204
    assert his.get("/matches")["items"] == []
    assert matched(organisation) == {}
