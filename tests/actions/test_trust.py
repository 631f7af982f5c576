"""Being left alone, and calling a moderator."""

import pytest

from momentor.foundation.models import EventRecord
from momentor.foundation.tenancy import acting_in
from momentor.people.models import Block, Membership, Organisation, Person
from momentor.people.standing import NotAMember, OnlyForModerators, member
from momentor.trust.actions import (
    REPORTS_A_DAY,
    CannotBlockYourself,
    NothingToReport,
    ReportAboutYourself,
    ReportDecided,
    ReportOfYourOwn,
    TooManyReports,
    block,
    close_report,
    report,
    unblock,
)
from momentor.trust.models import Report
from momentor.trust.queries import report_queue
from tests.cast import NOW

pytestmark = pytest.mark.usefixtures("acting")


def reported(by: Person, about: Person, **more: str) -> Report:
    given = {"reason": "harassment", "words": "He shouted."} | more
    return report(kind="profile", subject_id=about.pk, by=by, now=NOW, **given)


def test_a_block_parts_two_people_at_once_in_both_directions(amina: Person, ben: Person, emil: Person) -> None:
    block(about=ben, by=amina, now=NOW)

    assert Block.objects.between(ben, amina)
    assert ben.pk not in {m.person_id for m in Membership.objects.visible_to(amina)}
    assert amina.pk not in {m.person_id for m in Membership.objects.visible_to(ben)}
    assert ben.pk in {m.person_id for m in Membership.objects.visible_to(emil)}
    assert EventRecord.objects.get().facts == {"by_id": str(amina.pk), "about_id": str(ben.pk)}


def test_blocking_twice_is_blocking_once_and_can_be_lifted(amina: Person, ben: Person) -> None:
    block(about=ben, by=amina, now=NOW)
    block(about=ben, by=amina, now=NOW)
    assert EventRecord.objects.filter(name="PersonBlocked").count() == 1

    unblock(about=ben, by=amina, now=NOW)
    unblock(about=ben, by=amina, now=NOW)

    assert not Block.objects.exists()
    assert EventRecord.objects.filter(name="PersonUnblocked").count() == 1


def test_the_blocked_cannot_lift_the_block(amina: Person, ben: Person) -> None:
    block(about=ben, by=amina, now=NOW)

    unblock(about=amina, by=ben, now=NOW)

    assert Block.objects.between(amina, ben)


def test_nobody_blocks_themselves_or_a_stranger(amina: Person, chloe: Person) -> None:
    with pytest.raises(CannotBlockYourself):
        block(about=amina, by=amina, now=NOW)
    with pytest.raises(NotAMember):
        block(about=chloe, by=amina, now=NOW)


def test_a_report_keeps_the_words_as_they_stood(amina: Person, ben: Person) -> None:
    made = reported(amina, ben)

    Membership.objects.filter(person=ben).update(headline="Nothing to see", story="")

    lines = Report.objects.get(pk=made.pk).context
    assert lines[0] == {"who": "Ben Okafor", "words": "Welder for 14 years, now certifies other welders", "at": ""}


def test_nothing_is_reported_that_one_cannot_see(amina: Person, chloe: Person) -> None:
    with pytest.raises(NothingToReport):
        reported(amina, chloe)
    with pytest.raises(NothingToReport):
        reported(amina, amina)
    with pytest.raises(NothingToReport):
        report(kind="weather", subject_id=amina.pk, reason="other", words="", by=amina, now=NOW)


def test_reports_have_a_daily_limit(amina: Person, ben: Person) -> None:
    for _time in range(REPORTS_A_DAY):
        reported(amina, ben)

    with pytest.raises(TooManyReports):
        reported(amina, ben)


def test_danger_stands_first_in_the_queue(amina: Person, ben: Person, emil: Person, dana: Person) -> None:
    first, urgent = reported(amina, ben), reported(amina, emil, reason="unsafe")

    assert list(report_queue(dana)) == [urgent, first]


def test_a_suspension_ends_the_membership(amina: Person, ben: Person, dana: Person) -> None:
    made = reported(amina, ben)

    close_report(report=made, decision="suspended", words="Third time.", by=dana, now=NOW)

    assert Membership.objects.get(person=ben).state == Membership.State.BARRED
    assert not report_queue(dana)
    assert EventRecord.objects.filter(name="ReportClosed", facts__decision="suspended").exists()
    with pytest.raises(ReportDecided):
        close_report(report=made, decision="nothing", by=dana, now=NOW)


def test_a_warning_leaves_the_membership_alone(amina: Person, ben: Person, dana: Person) -> None:
    close_report(report=reported(amina, ben), decision="warned", by=dana, now=NOW)

    assert member(ben).person_id == ben.pk


def test_only_moderators_decide_and_never_about_themselves(amina: Person, ben: Person, dana: Person) -> None:
    with pytest.raises(OnlyForModerators):
        close_report(report=reported(amina, ben), decision="nothing", by=ben, now=NOW)
    with pytest.raises(ReportAboutYourself):
        close_report(report=reported(amina, dana), decision="nothing", by=dana, now=NOW)


def test_a_moderator_neither_decides_nor_finds_what_they_reported(dana: Person, ben: Person, emil: Person) -> None:
    own, others = reported(dana, ben), reported(emil, ben)

    assert list(report_queue(dana)) == [others]
    with pytest.raises(ReportOfYourOwn):
        close_report(report=own, decision="warned", by=dana, now=NOW)


def test_another_organisations_moderator_sees_no_report(
    other_organisation: Organisation, amina: Person, ben: Person, chloe: Person
) -> None:
    reported(amina, ben)

    with acting_in(other_organisation.pk):
        assert not report_queue(chloe)
