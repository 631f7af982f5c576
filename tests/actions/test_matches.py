"""Matching everybody in a programme: seen before it takes effect, confirmed once, ended by whoever wants to."""

import io
import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from momentor.asking.actions import ask_question, draft_question
from momentor.foundation.models import EventRecord
from momentor.foundation.tenancy import acting_in
from momentor.matches import planner
from momentor.matches.actions import (
    confirm_preview,
    discard_preview,
    drop_proposal,
    end_match,
    restore_proposal,
    start_preview,
    take_wish_back,
    wish_for,
)
from momentor.matches.actions.previews import PreviewNotReady, PreviewUnderway, WrongSettings
from momentor.matches.actions.wishes import CannotWishFor, TooManyWishes
from momentor.matches.keeping import exported, forget_matches
from momentor.matches.models import Match, Preview, Proposal, Wish
from momentor.matches.planning import solve, unpacked
from momentor.matches.queries import standing_of
from momentor.matches.working import work_out
from momentor.notices.models import Notice
from momentor.notices.queries import told
from momentor.people.actions import (
    close_account,
    edit_programme,
    enrol,
    leave_organisation,
    offer_places,
    pause,
    say_wish,
    stop_answering,
    withdraw,
)
from momentor.people.actions.programmes import NotInProgramme, NotMatchedHere
from momentor.people.models import Block, Membership, Organisation, Person, Programme
from momentor.people.standing import OnlyForCoordinators, member
from momentor.trust.actions import block
from tests.cast import NOW, make_member, make_mentor, make_person
from tests.programmes import TEACHING, a_preview, a_programme, confirmed, matched, newcomers, pairs_of, wants
from tests.talks import ASKED, let_jobs_run

LATER = NOW + timedelta(days=1)


@pytest.fixture
def crews(organisation: Organisation, amina: Person, ben: Person, emil: Person, dana: Person) -> Programme:
    """A programme with Ben and Emil to mentor, and Amina who would like to be mentored."""
    programme = a_programme(organisation, dana, amina, ben, emil)
    wants(organisation, programme, amina)
    return programme


@pytest.fixture
def ready(organisation: Organisation, crews: Programme, dana: Person) -> Preview:
    return a_preview(organisation, crews, dana)


def sentences(person: Person) -> list[str]:
    return [one.sentence for one in told(list(Notice.objects.filter(person=person).order_by("pk")))]


# A preview


def test_a_preview_says_who_with_whom_and_why_and_nothing_takes_effect(
    organisation: Organisation, crews: Programme, dana: Person, amina: Person, ben: Person
) -> None:
    preview = a_preview(organisation, crews, dana)

    with acting_in(organisation.pk):
        proposal = Proposal.objects.get(preview=preview)
        assert (proposal.mentee_id, proposal.mentor_id) == (amina.pk, ben.pk)
        assert {word.lower() for word in proposal.facts["words"]} >= {"crew"}
        assert (proposal.facts["language"], proposal.facts["hours_apart"]) == ("en", 0.0)
        assert sum(proposal.parts.values()) == pytest.approx(proposal.score)
        assert not Match.objects.exists()
        assert not Notice.objects.exists()
    assert (preview.state, preview.inputs["mentees"], preview.inputs["mentors"]) == ("ready", 1, 2)
    assert preview.inputs["places"] == 4
    assert (preview.result["matched"], preview.result["unmatched"]) == (1, 0)
    assert preview.result["loads"] == {"1": 1}
    assert {(one["part"], one["factor"]) for one in preview.result["effects"]} == {
        (part, factor) for part in ("words", "skills", "languages", "hours") for factor in (0, 0.5, 2)
    }
    assert preview.version.startswith("programme-1 ")


def test_what_a_preview_was_made_from_gives_the_same_plan_again(
    organisation: Organisation, crews: Programme, dana: Person
) -> None:
    newcomers(organisation, crews, dana, 5)
    preview = a_preview(organisation, crews, dana, way="fair", weights={"hours": 0.5})

    with acting_in(organisation.pk):
        kept = Preview.objects.get(pk=preview.pk)
        proposed = {str(one.mentee_id): str(one.mentor_id) for one in Proposal.objects.filter(preview=kept).pairs()}
    assert kept.task is not None
    again = solve(unpacked(bytes(kept.task)), lambda made: None)
    assert {mentee: mentor for mentee, mentor, _score, _parts in again["matches"]} == proposed
    assert again["effects"] == kept.result["effects"]


def test_a_large_programme_is_planned_in_a_process_of_its_own_with_the_same_result(
    organisation: Organisation, crews: Programme, dana: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    newcomers(organisation, crews, dana, 4)
    here = a_preview(organisation, crews, dana)
    pairs = pairs_of(organisation, here)
    monkeypatch.setattr(planner, "FEW", 0)

    beside = a_preview(organisation, crews, dana)

    assert (pairs_of(organisation, beside), beside.result) == (pairs, here.result)


def test_a_process_that_dies_leaves_a_preview_that_failed_and_another_can_be_started(
    organisation: Organisation, crews: Programme, dana: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(planner, "FEW", 0)
    with monkeypatch.context() as broken:
        broken.setattr("sys.executable", "/bin/false")
        failed = a_preview(organisation, crews, dana)

    again = a_preview(organisation, crews, dana)

    assert (failed.state, again.state) == ("failed", "ready")


@pytest.mark.parametrize("way", Preview.Way.values)
def test_every_way_keeps_to_the_places(organisation: Organisation, crews: Programme, dana: Person, way: str) -> None:
    newcomers(organisation, crews, dana, 5)

    preview = a_preview(organisation, crews, dana, way=way, places=2)

    mentors = list(pairs_of(organisation, preview).values())
    assert sorted(mentors) == ["Ben Okafor", "Ben Okafor", "Emil Sørensen", "Emil Sørensen"]
    with acting_in(organisation.pk):
        left = Proposal.objects.filter(preview=preview, mentor=None)
        assert set(left.values_list("why", flat=True)) == {"places_taken"}
        assert left.count() == 2


def test_what_people_wish_for_and_how_many_they_take_counts(
    organisation: Organisation, crews: Programme, dana: Person, amina: Person, ben: Person, emil: Person
) -> None:
    with acting_in(organisation.pk, person_id=amina.pk):
        wish_for(programme=crews, about=emil, side="as_mentee", by=amina, now=NOW)
    wished = pairs_of(organisation, a_preview(organisation, crews, dana, weights={"mentee_wish": 4}))
    ignored = pairs_of(organisation, a_preview(organisation, crews, dana, weights={"mentee_wish": 0}))
    with acting_in(organisation.pk, person_id=ben.pk):
        offer_places(programme=crews, by=ben, places=0, now=NOW)
    full = pairs_of(organisation, a_preview(organisation, crews, dana, weights={"mentee_wish": 0}))

    assert wished == {"Amina Yusuf": "Emil Sørensen"}
    assert ignored == {"Amina Yusuf": "Ben Okafor"}
    assert full == {"Amina Yusuf": "Emil Sørensen"}


def test_nobody_is_proposed_whom_a_limit_keeps_away(
    organisation: Organisation, crews: Programme, dana: Person, amina: Person, ben: Person, emil: Person
) -> None:
    noor = make_person("Noor Haddad", "noor@example.org", languages=["ar"])
    make_member(organisation, noor)
    with acting_in(organisation.pk, person_id=dana.pk):
        enrol(programme=crews, membership=member(noor), by=dana, now=NOW)
        block(about=amina, by=ben, now=NOW)
    wants(organisation, crews, noor)
    with acting_in(organisation.pk, person_id=emil.pk):
        pause(by=emil, now=NOW)

    preview = a_preview(organisation, crews, dana)

    assert pairs_of(organisation, preview) == {}
    with acting_in(organisation.pk):
        why = dict(Proposal.objects.filter(preview=preview).values_list("mentee__name", "why"))
        assert why == {"Amina Yusuf": "blocked", "Noor Haddad": "language"}
        assert standing_of(crews, now=NOW).paused == 1


def test_clocks_too_far_apart_are_a_limit(organisation: Organisation, crews: Programme, dana: Person) -> None:
    ann = make_person("Ann Lee", "ann@example.org", time_zone="Pacific/Auckland")
    make_member(organisation, ann)
    with acting_in(organisation.pk, person_id=dana.pk):
        enrol(programme=crews, membership=member(ann), by=dana, now=NOW)
    wants(organisation, crews, ann)

    near = pairs_of(organisation, a_preview(organisation, crews, dana, most_hours_apart=6))
    far = a_preview(organisation, crews, dana)

    assert set(near) == {"Amina Yusuf"}
    assert set(pairs_of(organisation, far)) == {"Amina Yusuf", "Ann Lee"}
    with acting_in(organisation.pk):
        assert Proposal.objects.get(preview=far, mentee=ann).facts["hours_apart"] >= 10


def test_those_who_said_nothing_count_only_where_a_coordinator_says_so(
    organisation: Organisation, crews: Programme, dana: Person
) -> None:
    kim, lou = (make_person(name, f"{name}@example.org") for name in ("Kim", "Lou"))
    for person in (kim, lou):
        make_member(organisation, person)
        with acting_in(organisation.pk, person_id=dana.pk):
            enrol(programme=crews, membership=member(person), by=dana, now=NOW)
            ask_question(question=draft_question(by=person, text=ASKED, language="en", now=NOW), by=person, now=NOW)
    with acting_in(organisation.pk, person_id=lou.pk):
        say_wish(programme=crews, by=lou, wants_mentor=False, now=NOW)

    said = pairs_of(organisation, a_preview(organisation, crews, dana))
    everybody = a_preview(organisation, crews, dana, counts_silent=True)

    assert set(said) == {"Amina Yusuf"}
    assert set(pairs_of(organisation, everybody)) == {"Amina Yusuf", "Kim"}
    with acting_in(organisation.pk):
        kims = Proposal.objects.get(preview=everybody, mentee=kim)
        assert kims.parts["words"] > 0
        assert (kims.facts["words"], kims.facts["skills"]) == ([], [])  # her question is compared, and not shown
        standing = standing_of(crews, now=NOW)
    assert (standing.seeking, standing.silent, standing.mentors) == (1, 1, 2)


def test_in_a_programme_for_everybody_all_members_take_part(
    organisation: Organisation, dana: Person, amina: Person, ben: Person, emil: Person
) -> None:
    everybody = a_programme(organisation, dana, name="All", is_for_all=True)
    wants(organisation, everybody, amina, TEACHING)

    preview = a_preview(organisation, everybody, dana)

    assert pairs_of(organisation, preview) == {"Amina Yusuf": "Emil Sørensen"}
    with acting_in(organisation.pk):
        standing = standing_of(everybody, now=NOW)
    assert (standing.seeking, standing.silent, standing.mentors) == (1, 1, 2)  # Dana has said nothing


@pytest.mark.usefixtures("acting")
def test_wrong_settings_are_refused_with_a_sentence(crews: Programme, dana: Person, ben: Person) -> None:
    for wrong, says in (
        ({"way": "random"}, "not a valid choice"),
        ({"places": 0}, "greater than or equal to 1"),
        ({"places": 51}, "less than or equal to 50"),
        ({"most_hours_apart": 13}, "less than or equal to 12"),
        ({"weights": {"shoe size": 1.0}}, "no part “shoe size”"),
        ({"weights": {"words": -1.0}}, "from 0 to 10"),
        ({"weights": {"words": float("nan")}}, "from 0 to 10"),
    ):
        given: Any = wrong
        with pytest.raises(WrongSettings, match=says):
            start_preview(programme=crews, by=dana, now=NOW, **given)
    with pytest.raises(OnlyForCoordinators):
        start_preview(programme=crews, by=ben, now=NOW)
    edit_programme(programme=crews, by=dana, now=NOW, matches_people=False)
    with pytest.raises(NotMatchedHere):
        start_preview(programme=crews, by=dana, now=NOW)
    assert not Preview.objects.exists()


@pytest.mark.usefixtures("acting")
def test_one_preview_is_worked_out_at_a_time_and_can_be_stopped(crews: Programme, dana: Person) -> None:
    first = start_preview(programme=crews, by=dana, now=NOW)
    with pytest.raises(PreviewUnderway):
        start_preview(programme=crews, by=dana, now=NOW)

    discard_preview(preview=first, by=dana, now=NOW)
    discard_preview(preview=first, by=dana, now=NOW)
    let_jobs_run()

    assert Preview.objects.get(pk=first.pk).state == "discarded"
    assert not Proposal.objects.exists()
    assert EventRecord.objects.filter(name="PreviewDiscarded").count() == 1
    start_preview(programme=crews, by=dana, now=NOW)


def test_a_preview_that_is_worked_out_twice_is_kept_once(
    organisation: Organisation, crews: Programme, dana: Person, ready: Preview
) -> None:
    work_out(preview_id=ready.pk, organisation_id=organisation.pk, now=LATER)

    with acting_in(organisation.pk):
        assert Preview.objects.get(pk=ready.pk).ready_at == ready.ready_at
        assert Proposal.objects.filter(preview=ready).count() == 1


def test_a_worker_that_dies_in_the_middle_leaves_nothing_half_and_the_next_begins_anew(
    organisation: Organisation, crews: Programme, dana: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Killed(BaseException):
        pass

    def die(*_given: Any, **_named: Any) -> None:
        raise Killed

    with acting_in(organisation.pk, person_id=dana.pk):
        preview = start_preview(programme=crews, by=dana, now=NOW, is_queued=False)
    for broken in ("momentor.matches.planner.plan", "momentor.matches.working.keep_preview"):
        with monkeypatch.context() as dying:
            dying.setattr(broken, die)
            with pytest.raises(Killed):
                work_out(preview_id=preview.pk, organisation_id=organisation.pk, now=NOW)
        with acting_in(organisation.pk):
            assert Preview.objects.get(pk=preview.pk).state == "running"
            assert not Proposal.objects.exists()

    work_out(preview_id=preview.pk, organisation_id=organisation.pk, now=NOW)

    assert pairs_of(organisation, preview) == {"Amina Yusuf": "Ben Okafor"}


def test_a_coordinator_is_told_where_it_took_longer_than_one_waits(
    organisation: Organisation, crews: Programme, dana: Person
) -> None:
    a_preview(organisation, crews, dana)
    with acting_in(organisation.pk):
        assert sentences(dana) == []

    a_preview(organisation, crews, dana, now=timezone.now() - timedelta(minutes=2))

    with acting_in(organisation.pk):
        assert sentences(dana) == ["What matching everybody would come to is worked out."]


# Confirming


def test_confirming_matches_them_and_both_hear_of_it(
    organisation: Organisation, crews: Programme, dana: Person, amina: Person, ben: Person, ready: Preview
) -> None:
    done = confirmed(organisation, ready, dana)

    assert matched(organisation) == {"Amina Yusuf": "Ben Okafor"}
    assert (done.result["made"], done.result["left_out"]) == (1, 0)
    with acting_in(organisation.pk):
        assert sentences(amina) == ["Ben Okafor is your mentor from now on."]
        assert sentences(ben) == ["Amina Yusuf is your mentee from now on."]
        fact = EventRecord.objects.get(name="PreviewConfirmed")
    assert (fact.facts["matched"], fact.facts["left_out"], fact.facts["by_id"]) == (1, 0, str(dana.pk))


def test_confirming_twice_makes_one_set_of_matches(
    organisation: Organisation, crews: Programme, dana: Person, ready: Preview
) -> None:
    confirmed(organisation, ready, dana)
    confirmed(organisation, ready, dana)

    with acting_in(organisation.pk):
        assert Match.objects.count() == 1
        assert EventRecord.objects.filter(name="PreviewConfirmed").count() == 1
        assert Notice.objects.filter(kind__startswith="your_").count() == 2


def test_pairs_that_were_taken_out_are_not_matched(
    organisation: Organisation, crews: Programme, dana: Person, ben: Person
) -> None:
    newcomers(organisation, crews, dana, 2)
    preview = a_preview(organisation, crews, dana)
    with acting_in(organisation.pk, person_id=dana.pk):
        first, second, third = Proposal.objects.filter(preview=preview).order_by("mentee__name")
        with pytest.raises(OnlyForCoordinators):
            drop_proposal(proposal=first, by=ben, now=NOW)
        for one in (first, second):
            drop_proposal(proposal=one, by=dana, now=NOW)
        restore_proposal(proposal=second, by=dana)

    confirmed(organisation, preview, dana)

    assert set(matched(organisation)) == {"Newcomer 00", "Newcomer 01"}
    with acting_in(organisation.pk, person_id=dana.pk), pytest.raises(PreviewNotReady):
        drop_proposal(proposal=third, by=dana, now=NOW)


@pytest.mark.parametrize(
    ("what", "left_out"),
    [
        ("mentee_left", "mentee"),
        ("mentee_wants_none", "mentee"),
        ("mentee_withdrew", "mentee"),
        ("mentor_left", "mentor"),
        ("mentor_paused", "mentor"),
        ("mentor_stopped", "mentor"),
        ("mentor_full", "mentor"),
        ("blocked", "pair"),
        ("language", "pair"),
    ],
)
def test_what_changed_since_the_preview_is_caught_when_it_is_confirmed(
    organisation: Organisation,
    crews: Programme,
    dana: Person,
    amina: Person,
    ben: Person,
    ready: Preview,
    what: str,
    left_out: str,
) -> None:
    changes: dict[str, Callable[[], Any]] = {
        "mentee_left": lambda: leave_organisation(by=amina, now=NOW),
        "mentee_wants_none": lambda: say_wish(programme=crews, by=amina, wants_mentor=False, now=NOW),
        "mentee_withdrew": lambda: withdraw(programme=crews, membership=member(amina), by=amina, now=NOW),
        "mentor_left": lambda: leave_organisation(by=ben, now=NOW),
        "mentor_paused": lambda: pause(by=ben, now=NOW),
        "mentor_stopped": lambda: stop_answering(by=ben, now=NOW),
        "mentor_full": lambda: offer_places(programme=crews, by=ben, places=0, now=NOW),
        "blocked": lambda: block(about=amina, by=ben, now=NOW),
        "language": lambda: Person.objects.filter(pk=amina.pk).update(languages=["pt"]),
    }
    with acting_in(organisation.pk):
        changes[what]()

    done = confirmed(organisation, ready, dana)

    assert matched(organisation) == {}
    assert (done.state, done.result["made"], done.result["left_out"]) == ("confirmed", 0, 1)
    with acting_in(organisation.pk):
        assert Proposal.objects.get(preview=ready).left_out == left_out
        assert not Notice.objects.filter(kind__startswith="your_").exists()


def test_of_two_who_would_share_the_last_place_the_better_fit_gets_it(
    organisation: Organisation, dana: Person, amina: Person, ben: Person
) -> None:
    crews = a_programme(organisation, dana, amina, ben)
    wants(organisation, crews, amina)
    [newcomer] = newcomers(organisation, crews, dana, 1)
    wants(organisation, crews, newcomer, "Something else entirely, about cooking.")
    preview = a_preview(organisation, crews, dana, places=2)
    assert len(pairs_of(organisation, preview)) == 2
    with acting_in(organisation.pk, person_id=ben.pk):
        offer_places(programme=crews, by=ben, places=1, now=NOW)

    confirmed(organisation, preview, dana)

    assert matched(organisation) == {"Amina Yusuf": "Ben Okafor"}


def test_who_has_a_mentor_keeps_them_and_the_place_is_taken_next_time(
    organisation: Organisation, crews: Programme, dana: Person, ready: Preview
) -> None:
    confirmed(organisation, ready, dana)
    newcomers(organisation, crews, dana, 4)

    again = a_preview(organisation, crews, dana, places=2)

    assert again.inputs["places"] == 3
    assert "Amina Yusuf" not in pairs_of(organisation, again)
    confirmed(organisation, again, dana)
    assert sorted(matched(organisation).values()) == ["Ben Okafor"] * 2 + ["Emil Sørensen"] * 2


@pytest.mark.usefixtures("acting")
def test_only_a_preview_that_is_ready_can_be_confirmed(crews: Programme, dana: Person, ben: Person) -> None:
    underway = start_preview(programme=crews, by=dana, now=NOW)
    with pytest.raises(PreviewNotReady):
        confirm_preview(preview=underway, by=dana, now=NOW)
    let_jobs_run()
    with pytest.raises(OnlyForCoordinators):
        confirm_preview(preview=underway, by=ben, now=NOW)
    edit_programme(programme=crews, by=dana, now=NOW, matches_people=False)
    with pytest.raises(NotMatchedHere):
        confirm_preview(preview=underway, by=dana, now=NOW)
    edit_programme(programme=crews, by=dana, now=NOW, matches_people=True)
    discard_preview(preview=underway, by=dana, now=NOW)
    with pytest.raises(PreviewNotReady):
        confirm_preview(preview=underway, by=dana, now=NOW)
    assert not Match.objects.exists()


def test_who_blocked_while_it_was_being_confirmed_is_parted_at_once(
    organisation: Organisation, crews: Programme, dana: Person, amina: Person, ben: Person, ready: Preview
) -> None:
    with acting_in(organisation.pk, person_id=dana.pk):
        confirm_preview(preview=ready, by=dana, now=NOW)
        # Committed in between, and heard of before the match was there.
        Block.objects.create(by=ben, about=amina)

    let_jobs_run()

    assert matched(organisation) == {}
    with acting_in(organisation.pk):
        assert not Notice.objects.filter(kind__in=["your_mentor", "your_mentee", "match_ended"]).exists()


# A match and its end


@pytest.mark.parametrize("who", ["amina", "ben", "dana"])
def test_either_of_the_two_or_a_coordinator_ends_a_match_and_nobody_hears_why(
    organisation: Organisation,
    crews: Programme,
    dana: Person,
    amina: Person,
    ben: Person,
    emil: Person,
    ready: Preview,
    who: str,
) -> None:
    confirmed(organisation, ready, dana)
    by = {"amina": amina, "ben": ben, "dana": dana}[who]
    with acting_in(organisation.pk, person_id=by.pk):
        match = Match.objects.get()
        with pytest.raises(OnlyForCoordinators):
            end_match(match=match, by=emil, now=NOW)
        end_match(match=match, by=by, now=LATER)
        end_match(match=match, by=by, now=LATER)
    let_jobs_run()

    with acting_in(organisation.pk):
        ended = {
            name: [line for line in sentences(person) if "no longer" in line]
            for name, person in (("amina", amina), ("ben", ben), ("dana", dana))
        }
        assert not Notice.objects.filter(kind__startswith="your_", read_at=None).exists()
        assert EventRecord.objects.filter(name="MatchEnded").count() == 1
    assert ended == {
        "amina": [] if who == "amina" else ["You and Ben Okafor are no longer matched."],
        "ben": [] if who == "ben" else ["You and Amina Yusuf are no longer matched."],
        "dana": [],
    }


def test_two_who_parted_are_not_matched_again(
    organisation: Organisation, crews: Programme, dana: Person, amina: Person, ready: Preview
) -> None:
    confirmed(organisation, ready, dana)
    with acting_in(organisation.pk, person_id=amina.pk):
        end_match(match=Match.objects.get(), by=amina, now=LATER)

    again = a_preview(organisation, crews, dana)

    assert pairs_of(organisation, again) == {"Amina Yusuf": "Emil Sørensen"}


def test_who_leaves_or_blocks_or_withdraws_is_parted(
    organisation: Organisation, crews: Programme, dana: Person, amina: Person, ben: Person, emil: Person
) -> None:
    for act, tells in (
        (lambda: block(about=ben, by=amina, now=LATER), False),
        (lambda: withdraw(programme=crews, membership=member(emil), by=emil, now=LATER), True),
    ):
        confirmed(organisation, a_preview(organisation, crews, dana), dana)
        assert len(matched(organisation)) == 1
        with acting_in(organisation.pk):
            Notice.objects.all().delete()
            act()
        let_jobs_run()
        assert matched(organisation) == {}
        with acting_in(organisation.pk):
            assert Notice.objects.filter(kind="match_ended").exists() is tells


def test_who_leaves_the_organisation_takes_wishes_along_and_ends_matches(
    organisation: Organisation, crews: Programme, dana: Person, amina: Person, ben: Person, ready: Preview
) -> None:
    confirmed(organisation, ready, dana)
    with acting_in(organisation.pk, person_id=amina.pk):
        wish_for(programme=crews, about=ben, side="as_mentee", by=amina, now=NOW)
        leave_organisation(by=ben, now=LATER)
    let_jobs_run()

    assert matched(organisation) == {}
    with acting_in(organisation.pk):
        assert not Wish.objects.exists()
        assert sentences(amina)[-1] == "You and Ben Okafor are no longer matched."


def test_a_closed_account_ends_its_matches(
    organisation: Organisation, crews: Programme, dana: Person, amina: Person, ben: Person, ready: Preview
) -> None:
    confirmed(organisation, ready, dana)
    host = make_person("Hana Host", "hana@example.org", is_staff=True)

    close_account(person=ben, by=host, now=LATER)
    let_jobs_run()

    assert matched(organisation) == {}
    with acting_in(organisation.pk):
        assert sentences(amina)[-1] == "You and Ben Okafor are no longer matched."


# Wishes


@pytest.mark.usefixtures("acting")
def test_wishes_have_limits(
    organisation: Organisation, crews: Programme, dana: Person, amina: Person, ben: Person, emil: Person, chloe: Person
) -> None:
    wish = wish_for(programme=crews, about=ben, side="as_mentee", by=amina, now=NOW)
    assert wish_for(programme=crews, about=ben, side="as_mentee", by=amina, now=NOW) == wish
    wish_for(programme=crews, about=amina, side="as_mentor", by=ben, now=NOW)
    for about, side, by in (
        (amina, "as_mentee", amina),
        (dana, "as_mentee", amina),  # not in the programme
        (chloe, "as_mentee", amina),
        (amina, "as_mentee", ben),  # she does not mentor
        (ben, "as_mentor", amina),  # nor may she wish for a mentee
    ):
        with pytest.raises(CannotWishFor):
            wish_for(programme=crews, about=about, side=side, by=by, now=NOW)
    with pytest.raises(NotInProgramme):
        wish_for(programme=crews, about=ben, side="as_mentee", by=dana, now=NOW)
    for number in range(3):
        mentor = make_person(f"Mentor {number}", f"mentor{number}@example.org")
        enrol(programme=crews, membership=make_mentor(organisation, mentor), by=dana, now=NOW)
        if number < 2:
            wish_for(programme=crews, about=mentor, side="as_mentee", by=amina, now=NOW)
    with pytest.raises(TooManyWishes, match="3 people"):
        wish_for(programme=crews, about=mentor, side="as_mentee", by=amina, now=NOW)
    take_wish_back(wish=wish, by=ben)
    assert Wish.objects.filter(pk=wish.pk).exists()
    take_wish_back(wish=wish, by=amina)
    wish_for(programme=crews, about=mentor, side="as_mentee", by=amina, now=NOW)


def test_a_block_forgets_what_the_two_wished(
    organisation: Organisation, crews: Programme, amina: Person, ben: Person
) -> None:
    with acting_in(organisation.pk, person_id=amina.pk):
        wish_for(programme=crews, about=ben, side="as_mentee", by=amina, now=NOW)
        block(about=amina, by=ben, now=NOW)
        with pytest.raises(CannotWishFor):
            wish_for(programme=crews, about=ben, side="as_mentee", by=amina, now=NOW)
    let_jobs_run()

    with acting_in(organisation.pk):
        assert not Wish.objects.exists()


# What is kept


def test_an_export_holds_ones_own_matches_and_wishes(
    organisation: Organisation, crews: Programme, dana: Person, amina: Person, ben: Person, emil: Person, ready: Preview
) -> None:
    confirmed(organisation, ready, dana)
    with acting_in(organisation.pk, person_id=amina.pk):
        wish_for(programme=crews, about=emil, side="as_mentee", by=amina, now=NOW)
        files = {person: {part.name: list(part.rows) for part in exported(person)} for person in (amina, ben, emil)}

    assert [(row["as"], row["with"]) for row in files[amina]["matches.json"]] == [("mentee", "Ben Okafor")]
    assert [(row["as"], row["with"]) for row in files[ben]["matches.json"]] == [("mentor", "Amina Yusuf")]
    assert files[emil] == {"matches.json": [], "wishes.json": []}
    assert [row["about__name"] for row in files[amina]["wishes.json"]] == ["Emil Sørensen"]
    json.dump(files[amina], io.StringIO(), default=str)


def test_old_matches_and_previews_go_and_running_ones_stay(
    organisation: Organisation, crews: Programme, dana: Person, amina: Person, ready: Preview
) -> None:
    confirmed(organisation, ready, dana)
    with acting_in(organisation.pk):
        some_day = timezone.now() + timedelta(days=1)
        assert forget_matches(some_day) == 0
        end_match(match=Match.objects.get(), by=amina, now=timezone.now())
        assert forget_matches(NOW) == 0
        assert forget_matches(some_day) == 3  # the match, the preview and its proposal
        assert not Preview.objects.exists()
        assert Membership.objects.filter(person=amina).exists()
