"""What people show of themselves, and when they may be asked."""

from datetime import time, timedelta

import pytest

from momentor.foundation.models import EventRecord
from momentor.people.actions import (
    become_available,
    become_mentor,
    become_unavailable,
    edit_organisation,
    edit_profile,
    edit_programme,
    enrol,
    forget_sample_answer,
    pause,
    resume,
    save_sample_answer,
    set_skills,
    start_programme,
    stop_answering,
    withdraw,
)
from momentor.people.actions.availability import AnswersNothing, NoSuchStretch, PauseEndsBefore
from momentor.people.actions.organisations import WrongOrganisation
from momentor.people.actions.profiles import (
    NotReadyToAnswer,
    QuietHoursHalf,
    SampleEmpty,
    SampleTooLong,
    TooManySamples,
    TooManySkills,
    WrongProfile,
)
from momentor.people.actions.programmes import ProgrammeNameTaken, WrongProgramme
from momentor.people.models import Membership, Organisation, Pause, Person, Programme, SampleAnswer, Skill
from momentor.people.queries import MentorFilter, mentors_for, people_in, profile_for, programmes_with_sizes
from momentor.people.standing import ConductNotAgreed, NotAMember, OnlyForCoordinators, member, member_who_agreed
from momentor.trust.actions import block
from tests.cast import NOW, make_person

pytestmark = pytest.mark.usefixtures("acting")


def test_a_profile_is_kept_clean_and_in_one_form(ben: Person) -> None:
    edit_profile(
        by=ben, now=NOW, headline="  Welder\x00 \u202e for\n14 years ", languages=["EN", "pt-br", "en"], story="a\r\nb"
    )

    membership = member(ben)
    assert membership.headline == "Welder for 14 years"
    assert membership.story == "a\nb"
    assert membership.changed_at == NOW
    assert Person.objects.get(pk=ben.pk).languages == ["en", "pt-BR"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"time_zone": "Mars/Olympus"},
        {"languages": ["klingon!"]},
        {"mediums": ["telepathy"]},
        {"capacity_per_week": 61},
        {"name": ""},
        {"headline": "x" * 121},
        {"story": "x" * 4001},
    ],
)
def test_a_profile_refuses_what_it_cannot_mean(ben: Person, wrong: dict[str, object]) -> None:
    with pytest.raises(WrongProfile):
        edit_profile(by=ben, now=NOW, **wrong)  # type: ignore[arg-type]  # wrong on purpose


def test_quiet_hours_have_two_ends(ben: Person) -> None:
    edit_profile(by=ben, now=NOW, quiet_from=time(22), quiet_until=time(7))

    with pytest.raises(QuietHoursHalf):
        edit_profile(by=ben, now=NOW, quiet_from=None)
    assert member(ben).quiet_from == time(22)


def test_a_stranger_has_no_profile_here(chloe: Person) -> None:
    with pytest.raises(NotAMember):
        edit_profile(by=chloe, now=NOW, headline="Cook")


def test_skills_are_kept_once_in_their_order(ben: Person) -> None:
    uri = "http://data.europa.eu/esco/skill/000f1d3d-220f-4789-9c0a-cc742521fb02"
    given = [("  TIG   welding", uri), ("tig welding", ""), ("Leading", "javascript:x"), ("", "")]
    set_skills(by=ben, now=NOW, skills=given)

    assert list(Skill.objects.order_by("id").values_list("name", "esco")) == [("TIG welding", uri), ("Leading", "")]


def test_skills_have_a_sane_number_and_length(ben: Person) -> None:
    with pytest.raises(TooManySkills):
        set_skills(by=ben, now=NOW, skills=[(f"skill {n}", "") for n in range(21)])
    with pytest.raises(WrongProfile):
        set_skills(by=ben, now=NOW, skills=[("x" * 81, "")])
    assert Skill.objects.count() == 2


def test_the_same_sample_question_is_answered_once(ben: Person) -> None:
    save_sample_answer(by=ben, question="Why weld?", answer="First.", now=NOW)
    kept = save_sample_answer(by=ben, question="Why weld?", answer="Second.", now=NOW)

    assert [sample.answer for sample in SampleAnswer.objects.all()] == ["Second."]
    forget_sample_answer(sample=kept, by=ben, now=NOW)
    assert not SampleAnswer.objects.exists()


def test_nobody_takes_anothers_sample_answer_away(ben: Person, emil: Person) -> None:
    kept = save_sample_answer(by=ben, question="Why weld?", answer="Light.", now=NOW)

    forget_sample_answer(sample=kept, by=emil, now=NOW)

    assert SampleAnswer.objects.filter(pk=kept.pk).exists()


def test_sample_answers_have_limits(ben: Person) -> None:
    with pytest.raises(SampleEmpty):
        save_sample_answer(by=ben, question="Why?", answer=" \x07 ", now=NOW)
    with pytest.raises(SampleTooLong, match="2000"):
        save_sample_answer(by=ben, question="Why?", answer="x" * 2001, now=NOW)
    for number in range(6):
        save_sample_answer(by=ben, question=f"Why {number}?", answer="Because.", now=NOW)
    with pytest.raises(TooManySamples):
        save_sample_answer(by=ben, question="Why 7?", answer="Because.", now=NOW)


def test_answering_needs_a_language_and_a_way_to_talk(amina: Person) -> None:
    with pytest.raises(NotReadyToAnswer):
        become_mentor(by=amina, now=NOW)

    edit_profile(by=amina, now=NOW, mediums=["chat"])

    assert become_mentor(by=amina, now=NOW).answers_questions
    assert EventRecord.objects.filter(name="MentorStarted").count() == 1
    assert not stop_answering(by=amina, now=NOW).answers_questions


def test_nobody_answers_without_having_agreed(ben: Person) -> None:
    Membership.objects.filter(person=ben).update(agreed_to_conduct_at=None, answers_questions=False)

    with pytest.raises(ConductNotAgreed):
        become_mentor(by=ben, now=NOW)


def test_available_now_ends_by_itself(ben: Person) -> None:
    membership = become_available(by=ben, minutes=15, now=NOW)

    assert membership.is_available(NOW + timedelta(minutes=14))
    assert not membership.is_available(NOW + timedelta(minutes=15))
    assert not become_unavailable(by=ben, now=NOW).is_available(NOW)


def test_available_now_is_for_mentors_and_for_usual_stretches(amina: Person, ben: Person) -> None:
    with pytest.raises(AnswersNothing):
        become_available(by=amina, minutes=15, now=NOW)
    with pytest.raises(NoSuchStretch):
        become_available(by=ben, minutes=600, now=NOW)


def test_a_pause_ends_on_its_day_or_when_one_comes_back(ben: Person) -> None:
    become_available(by=ben, minutes=60, now=NOW)

    pause(by=ben, now=NOW, until=NOW + timedelta(days=7))

    assert not member(ben).is_available(NOW)
    assert Pause.objects.in_force(NOW).count() == 1
    assert not Pause.objects.in_force(NOW + timedelta(days=7)).exists()
    resume(by=ben, now=NOW + timedelta(hours=1))
    assert not Pause.objects.in_force(NOW + timedelta(hours=2)).exists()
    with pytest.raises(PauseEndsBefore):
        pause(by=ben, now=NOW, until=NOW)


def test_switching_available_now_on_ends_a_pause(ben: Person) -> None:
    pause(by=ben, now=NOW)

    become_available(by=ben, minutes=30, now=NOW)

    assert not Pause.objects.in_force(NOW).exists()


def test_a_programme_has_its_people_and_its_rules(dana: Person, ben: Person, emil: Person) -> None:
    programme = start_programme(by=dana, now=NOW, name="First year", goal="Stay.")
    enrol(programme=programme, membership=member(ben), by=dana, now=NOW)
    enrol(programme=programme, membership=member(ben), by=dana, now=NOW)

    edit_programme(programme=programme, by=dana, now=NOW, blind_accept=True, pass_reasons=[" No time ", ""])

    programme = Programme.objects.get(pk=programme.pk)
    assert programme.blind_accept
    assert programme.pass_reasons == ["No time"]
    assert [row.person_id for row in people_in(programme)] == [ben.pk]
    assert programmes_with_sizes([programme]) == [(programme, 1)]
    withdraw(programme=programme, membership=member(ben), by=ben, now=NOW)
    assert not people_in(programme)


def test_a_programme_for_all_has_everybody(dana: Person, ben: Person, chloe: Person) -> None:
    programme = start_programme(by=dana, now=NOW, name="All", is_for_all=True)

    assert {row.person_id for row in people_in(programme)} == {dana.pk, ben.pk}


def test_programmes_are_the_coordinators_business(dana: Person, ben: Person, emil: Person) -> None:
    programme = start_programme(by=dana, now=NOW, name="First year")
    enrol(programme=programme, membership=member(emil), by=dana, now=NOW)

    with pytest.raises(OnlyForCoordinators):
        start_programme(by=ben, now=NOW, name="Mine")
    with pytest.raises(OnlyForCoordinators):
        withdraw(programme=programme, membership=member(emil), by=ben, now=NOW)
    with pytest.raises(ProgrammeNameTaken):
        start_programme(by=dana, now=NOW, name="First year")
    with pytest.raises(WrongProgramme):
        start_programme(by=dana, now=NOW, name="  ")


def test_coordinators_say_what_holds(organisation: Organisation, dana: Person, ben: Person) -> None:
    edit_organisation(by=dana, now=NOW, minimum_age=18, mail_domains=["@Clinic.example"], agree_again=True)

    changed = Organisation.objects.get(pk=organisation.pk)
    assert changed.minimum_age == 18
    assert changed.mail_domains == ["clinic.example"]
    with pytest.raises(ConductNotAgreed):
        member_who_agreed(ben)
    assert member_who_agreed(dana).person_id == dana.pk
    with pytest.raises(WrongOrganisation):
        edit_organisation(by=dana, now=NOW, minimum_age=5)
    with pytest.raises(OnlyForCoordinators):
        edit_organisation(by=ben, now=NOW, name="Mine")


def test_a_profile_shows_itself_to_members_and_not_to_the_blocked(amina: Person, ben: Person, chloe: Person) -> None:
    seen = profile_for(viewer=amina, person_id=ben.pk, now=NOW)

    assert seen is not None
    assert [skill.name for skill in seen.skills] == ["TIG welding", "leading a crew"]
    assert profile_for(viewer=amina, person_id=chloe.pk, now=NOW) is None
    block(about=amina, by=ben, now=NOW)
    assert profile_for(viewer=amina, person_id=ben.pk, now=NOW) is None
    other_way = profile_for(viewer=ben, person_id=amina.pk, now=NOW)
    assert other_way is not None
    assert other_way.is_blocked_by_viewer


def names_found(viewer: Person, **wanted: object) -> list[str]:
    page = mentors_for(viewer, MentorFilter(**wanted), now=NOW)  # type: ignore[arg-type]  # the words of the filter
    return [str(row.membership.person) for row in page.rows]


def test_mentors_are_found_by_words_language_medium_and_presence(
    amina: Person, ben: Person, emil: Person, dana: Person, chloe: Person
) -> None:
    become_available(by=emil, minutes=60, now=NOW)

    assert names_found(amina) == ["Emil Sørensen", "Ben Okafor"]
    assert names_found(amina, words="tig WELD") == ["Ben Okafor"]
    assert names_found(amina, words="teach shop") == ["Emil Sørensen"]
    assert names_found(amina, language="da") == ["Emil Sørensen"]
    assert names_found(amina, medium="chat", is_available=True) == ["Emil Sørensen"]
    assert names_found(amina, words="100%_") == []
    assert names_found(ben) == ["Emil Sørensen"]


def test_who_is_in_two_organisations_stands_in_each_list_once(
    organisation: Organisation, other_organisation: Organisation, amina: Person, ben: Person
) -> None:
    from momentor.foundation.tenancy import acting_in
    from tests.cast import make_mentor

    make_mentor(other_organisation, ben)
    with acting_in(organisation.pk, person_id=ben.pk):
        assert names_found(amina) == ["Ben Okafor"]
        assert member(ben).organisation_id == organisation.pk


def test_someone_who_left_is_called_so(amina: Person) -> None:
    gone = make_person("", "x@example.org", left_at=NOW)

    assert str(gone) == "Somebody who left"
