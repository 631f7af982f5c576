"""Coming into an organisation."""

from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress

from momentor.foundation.models import EventRecord
from momentor.foundation.tenancy import acting_in
from momentor.people.actions import (
    accept_invitation,
    agree_to_conduct,
    approve,
    change_roles,
    decline,
    find_invitation,
    found_organisation,
    join,
    leave_organisation,
    make_invitation,
    readmit,
    revoke_invitation,
    start_programme,
    suspend_member,
)
from momentor.people.actions.invitations import (
    InvitationExpired,
    InvitationForAnother,
    InvitationUnknown,
    InvitationUsedUp,
    InvitationWithdrawn,
    WrongInvitation,
)
from momentor.people.actions.joining import InvitationNeeded, NobodyWaits, Suspended, TooYoung
from momentor.people.actions.members import LastCoordinator
from momentor.people.actions.organisations import AddressTaken, WrongAddress
from momentor.people.models import Enrolment, Invitation, Membership, Organisation, Person
from momentor.people.standing import ConductNotAgreed, OnlyForCoordinators, member, member_who_agreed
from tests.cast import NOW, make_person

pytestmark = pytest.mark.usefixtures("acting")
LATER = NOW + timedelta(days=30)


@pytest.fixture
def newcomer(organisation: Organisation) -> Person:
    return make_person("Noor Haddad", "noor@clinic.example")


def enter_by(organisation: Organisation, entry: str, mail_domains: list[str] | None = None) -> None:
    organisation.entry, organisation.mail_domains = entry, mail_domains or []
    organisation.save()


def test_anyone_comes_into_an_open_organisation(newcomer: Person) -> None:
    membership = join(by=newcomer, now=NOW)

    assert membership.state == Membership.State.ACTIVE
    assert EventRecord.objects.filter(name="PersonJoined", facts__person_id=str(newcomer.pk)).exists()


def test_joining_twice_is_joining_once(newcomer: Person) -> None:
    join(by=newcomer, now=NOW)
    join(by=newcomer, now=NOW)

    assert Membership.objects.filter(person=newcomer).count() == 1
    assert EventRecord.objects.filter(name="PersonJoined").count() == 1


def test_where_a_coordinator_decides_one_waits(organisation: Organisation, newcomer: Person, dana: Person) -> None:
    enter_by(organisation, "approval")

    asked = join(by=newcomer, now=NOW)

    assert asked.state == Membership.State.ASKED
    assert approve(membership=asked, by=dana, now=NOW).state == Membership.State.ACTIVE
    with pytest.raises(NobodyWaits):
        decline(membership=asked, by=dana, now=NOW)


def test_who_was_declined_is_outside_and_may_ask_again(
    organisation: Organisation, newcomer: Person, dana: Person
) -> None:
    enter_by(organisation, "approval")

    decline(membership=join(by=newcomer, now=NOW), by=dana, now=NOW)

    assert not Membership.objects.active().filter(person=newcomer).exists()
    assert join(by=newcomer, now=LATER).state == Membership.State.ASKED


def test_only_a_coordinator_lets_people_in(organisation: Organisation, newcomer: Person, ben: Person) -> None:
    enter_by(organisation, "approval")

    with pytest.raises(OnlyForCoordinators):
        approve(membership=join(by=newcomer, now=NOW), by=ben, now=NOW)


def test_a_confirmed_address_in_the_mail_domain_lets_in_at_once(organisation: Organisation, newcomer: Person) -> None:
    enter_by(organisation, "invited", ["clinic.example"])

    assert join(by=newcomer, now=NOW).state == Membership.State.ACTIVE


def test_an_address_that_is_not_confirmed_opens_nothing(organisation: Organisation, newcomer: Person) -> None:
    enter_by(organisation, "invited", ["clinic.example"])
    EmailAddress.objects.filter(user=newcomer).update(verified=False)

    with pytest.raises(InvitationNeeded):
        join(by=newcomer, now=NOW)


@pytest.mark.parametrize("domain", ["evil-clinic.example", "clinic.example.org", "sub.clinic.example"])
def test_a_domain_that_only_looks_alike_opens_nothing(organisation: Organisation, domain: str) -> None:
    enter_by(organisation, "invited", ["clinic.example"])

    with pytest.raises(InvitationNeeded):
        join(by=make_person("Liar", f"liar@{domain}"), now=NOW)


def test_nobody_asks_or_answers_before_agreeing_to_the_code_of_conduct(newcomer: Person) -> None:
    join(by=newcomer, now=NOW)
    with pytest.raises(ConductNotAgreed):
        member_who_agreed(newcomer)

    agree_to_conduct(by=newcomer, agrees=True, is_of_age=True, now=NOW)

    assert member_who_agreed(newcomer).agreed_to_conduct_at == NOW


def test_agreeing_needs_both_the_rules_and_the_age(newcomer: Person) -> None:
    join(by=newcomer, now=NOW)

    with pytest.raises(ConductNotAgreed):
        agree_to_conduct(by=newcomer, agrees=False, is_of_age=True, now=NOW)
    with pytest.raises(TooYoung, match="16"):
        agree_to_conduct(by=newcomer, agrees=True, is_of_age=False, now=NOW)
    assert member(newcomer).agreed_to_conduct_at is None


def test_an_invitation_gives_its_roles_and_programme(newcomer: Person, dana: Person) -> None:
    programme = start_programme(by=dana, now=NOW, name="First year")
    _made, link = make_invitation(by=dana, now=NOW, roles=["moderator"], programme=programme)

    membership = accept_invitation(invitation=find_invitation(token=token_in(link), now=NOW), by=newcomer, now=NOW)

    assert membership.is_moderator
    assert Enrolment.objects.filter(programme=programme, membership=membership).exists()


def test_only_the_hash_of_a_link_is_kept(dana: Person) -> None:
    made, link = make_invitation(by=dana, now=NOW)

    row = Invitation.objects.filter(pk=made.pk).values().get()
    assert token_in(link) not in str(row)
    assert link.startswith("http")
    assert "/at/workshop/join/" in link


def test_an_invitation_for_two_lets_in_two(dana: Person) -> None:
    made, link = make_invitation(by=dana, now=NOW, uses=2)

    for number in (1, 2):
        accept_invitation(invitation=made, by=make_person(f"Guest {number}", f"g{number}@example.org"), now=NOW)
    with pytest.raises(InvitationUsedUp):
        accept_invitation(invitation=made, by=make_person("Third", "third@example.org"), now=NOW)
    with pytest.raises(InvitationUsedUp):
        find_invitation(token=token_in(link), now=NOW)


def test_following_ones_own_link_again_uses_nothing_up(newcomer: Person, dana: Person) -> None:
    made, _link = make_invitation(by=dana, now=NOW)

    accept_invitation(invitation=made, by=newcomer, now=NOW)
    again = accept_invitation(invitation=made, by=newcomer, now=NOW)

    assert again.person_id == newcomer.pk


def test_each_dead_invitation_says_why(newcomer: Person, dana: Person) -> None:
    _old, expired = make_invitation(by=dana, now=NOW, days=1)
    gone, withdrawn = make_invitation(by=dana, now=NOW)
    revoke_invitation(invitation=gone, by=dana, now=NOW)
    other, _link = make_invitation(by=dana, now=NOW, email="somebody@else.example")

    with pytest.raises(InvitationExpired, match="2026-03-05"):
        find_invitation(token=token_in(expired), now=LATER)
    with pytest.raises(InvitationWithdrawn):
        find_invitation(token=token_in(withdrawn), now=NOW)
    with pytest.raises(InvitationForAnother):
        accept_invitation(invitation=other, by=newcomer, now=NOW)
    assert not Membership.objects.filter(person=newcomer).exists()


@pytest.mark.parametrize("change", [lambda token: token[:-1] + "x", lambda token: token[1:], lambda _token: "é" * 40])
def test_a_tampered_link_is_unknown(dana: Person, change: object) -> None:
    _made, link = make_invitation(by=dana, now=NOW)

    with pytest.raises(InvitationUnknown):
        find_invitation(token=change(token_in(link)), now=NOW)  # type: ignore[operator]  # a function


def test_an_invitation_of_another_organisation_is_unknown(
    other_organisation: Organisation, dana: Person, chloe: Person
) -> None:
    with acting_in(other_organisation.pk):
        founder = Membership.objects.get(person=chloe, organisation=other_organisation)
        founder.roles = ["coordinator"]
        founder.save()
        _made, link = make_invitation(by=chloe, now=NOW)

    with pytest.raises(InvitationUnknown):
        find_invitation(token=token_in(link), now=NOW)


def test_invitations_have_sane_limits(dana: Person, ben: Person) -> None:
    for wrong in ({"uses": 0}, {"uses": 100_000}, {"days": 0}, {"days": 1000}):
        with pytest.raises(WrongInvitation):
            make_invitation(by=dana, now=NOW, **wrong)  # type: ignore[arg-type]  # numbers only
    with pytest.raises(OnlyForCoordinators):
        make_invitation(by=ben, now=NOW)


def test_the_suspended_do_not_come_back_by_any_way_until_readmitted(
    organisation: Organisation, ben: Person, dana: Person
) -> None:
    suspend_member(membership=member(ben), by=dana, now=NOW)
    made, _link = make_invitation(by=dana, now=NOW)

    with pytest.raises(Suspended):
        join(by=ben, now=NOW)
    with pytest.raises(Suspended):
        accept_invitation(invitation=made, by=ben, now=NOW)
    readmit(membership=Membership.objects.get(person=ben), by=dana, now=NOW)
    assert join(by=ben, now=NOW).state == Membership.State.ACTIVE


def test_the_last_coordinator_cannot_leave_or_step_down(ben: Person, dana: Person) -> None:
    with pytest.raises(LastCoordinator):
        leave_organisation(by=dana, now=NOW)
    with pytest.raises(LastCoordinator):
        change_roles(membership=member(dana), roles=["moderator"], by=dana, now=NOW)

    change_roles(membership=member(ben), roles=["coordinator"], by=dana, now=NOW)
    leave_organisation(by=dana, now=NOW)
    assert member(ben).is_coordinator


def test_roles_that_do_not_exist_are_not_given(ben: Person, dana: Person) -> None:
    assert change_roles(membership=member(ben), roles=["owner", "moderator"], by=dana, now=NOW).roles == ["moderator"]


def test_who_founds_an_organisation_coordinates_it(amina: Person) -> None:
    founded = found_organisation(name="Night Shift", slug="night-shift", by=amina, now=NOW)

    with acting_in(founded.pk):
        assert member(amina).is_coordinator
        assert member(amina).is_moderator


def test_an_address_is_given_once_and_must_be_one(organisation: Organisation, amina: Person) -> None:
    with pytest.raises(AddressTaken, match="workshop"):
        found_organisation(name="Copy", slug="workshop", by=amina, now=NOW)
    for wrong in ("a b", "", "Bad", "-bad", "b" * 41, "büro"):
        with pytest.raises(WrongAddress):
            found_organisation(name="Bad", slug=wrong, by=amina, now=NOW)


def token_in(link: str) -> str:
    return link.rstrip("/").rpartition("/")[2]
