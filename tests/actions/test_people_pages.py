"""People's pages: what each viewer gets to see, what a form says, and how much a page asks of the database."""

import io
import re
import zipfile
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from momentor.foundation.jobs import run_waiting
from momentor.foundation.tenancy import acting_in, signing_in
from momentor.people.actions import make_invitation, start_programme
from momentor.people.models import Invitation, Membership, Organisation, Person, Programme, SampleAnswer, Skill
from tests.cast import NOW, client_of, make_member, make_mentor, make_person, membership_of, page

PASSWORD = "a-quiet-bench-71"
MOST_QUERIES = 16  # of which six are the frame of every page: session, organisation, place, person, notices, switch


@pytest.fixture
def at(organisation: Organisation) -> str:
    return f"/at/{organisation.slug}/"


def browser_of(person: Person | None) -> Any:
    """Return a browser; what it gets back has the attributes of many kinds of response."""
    return client_of(person)


def text_of(response: Any) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


# Who sees what.

MEMBERS_PAGES = (
    "people/ profile/edit/ settings/ programmes/ blocks/ welcome/ welcome/languages/ welcome/samples/ leave/ groups/"
)
COORDINATORS_PAGES = "members/ members/queue/ invitations/ settings/organisation/ settings/groups/ fairness/"


@pytest.mark.parametrize("path", (MEMBERS_PAGES + " " + COORDINATORS_PAGES + " reports/").split())
def test_a_stranger_gets_no_further_than_the_door(at: str, chloe: Person, path: str) -> None:
    for who in (chloe, None):
        response = browser_of(who).get(at + path)
        assert response.status_code == 403
        assert response.templates[0].name == "people/door.html"


def test_an_organisation_that_invites_only_is_not_there_for_strangers(
    organisation: Organisation, at: str, chloe: Person
) -> None:
    organisation.entry = "invited"
    organisation.save()

    assert browser_of(chloe).get(at + "people/").status_code == 404


@pytest.mark.parametrize("path", MEMBERS_PAGES.split())
def test_every_member_may_open_these(at: str, ben: Person, path: str) -> None:
    assert browser_of(ben).get(at + path).status_code == 200


@pytest.mark.parametrize("path", COORDINATORS_PAGES.split())
def test_coordinators_pages_are_for_coordinators(at: str, ben: Person, dana: Person, path: str) -> None:
    assert browser_of(ben).get(at + path).status_code == 403
    assert browser_of(dana).get(at + path).status_code == 200


@pytest.mark.parametrize("path", ["people/", "profile/", "members/", "welcome/", "blocks/"])
def test_outside_of_any_organisation_these_lead_to_the_list_of_them(amina: Person, path: str) -> None:
    response = browser_of(amina).get(f"/{path}")

    assert response.status_code == 302
    assert response.url == "/organisations/"


def test_a_profile_is_shown_to_members_and_hidden_from_the_blocked(
    at: str, amina: Person, ben: Person, chloe: Person
) -> None:
    there = f"{at}people/{ben.pk}/"

    assert "TIG welding" in text_of(browser_of(amina).get(there))
    browser_of(ben).post(f"{at}blocks/{amina.pk}/")
    assert browser_of(amina).get(there).status_code == 404
    assert "Ben Okafor" not in text_of(browser_of(amina).get(f"{at}people/"))
    assert browser_of(amina).get(f"{at}people/{chloe.pk}/").status_code == 404
    assert browser_of(amina).get(f"{at}people/{amina.pk}/").status_code == 200


def test_an_address_is_never_shown_to_other_members(at: str, amina: Person, ben: Person) -> None:
    for path in ("people/", f"people/{ben.pk}/", "programmes/"):
        assert "ben@example.org" not in browser_of(amina).get(at + path).content.decode()


# How much a page asks.


def test_lists_ask_the_database_the_same_however_long_they_are(
    organisation: Organisation, at: str, amina: Person, dana: Person, django_assert_max_num_queries: Any
) -> None:
    for number in range(30):
        somebody = make_person(f"Mentor {number:02}", f"m{number}@example.org")
        make_mentor(organisation, somebody, skills=["welding", "teaching"])
    with acting_in(organisation.pk):
        programme = start_programme(by=dana, now=NOW, name="All", is_for_all=True)
    browser = browser_of(dana)

    for path in ("people/", "members/", "programmes/", f"programmes/{programme.pk}/", "members/queue/"):
        with django_assert_max_num_queries(MOST_QUERIES):
            assert browser.get(at + path).status_code == 200


def test_a_list_goes_on_over_the_page(organisation: Organisation, at: str, amina: Person) -> None:
    for number in range(30):
        make_mentor(organisation, make_person(f"Mentor {number:02}", f"m{number}@example.org"))

    first, second = (browser_of(amina).get(at + "people/" + rest) for rest in ("", "?after=24"))

    assert "Mentor 23" in text_of(first)
    assert "Mentor 24" not in text_of(first)
    assert "Mentor 24" in text_of(second)
    for odd in ("?after=-1", "?after=x", "?after=99999999999", "?language=%00&medium='", "?words=" + "x" * 5000):
        assert browser_of(amina).get(f"{at}people/{odd}").status_code == 200


# Coming in.


def test_from_an_invitation_over_signing_up_into_the_organisation(organisation: Organisation, dana: Person) -> None:
    with acting_in(organisation.pk):
        _made, link = make_invitation(by=dana, now=timezone.now())
    browser = browser_of(None)

    response = browser.get("/at/" + link.split("/at/")[1], follow=True)
    assert response.redirect_chain == [("/at/workshop/join/", 303)]
    assert "You are invited to Open Workshop" in text_of(response)
    signed_up = browser.post(
        "/accounts/signup/", {"name": "Noor Haddad", "email": "noor@example.org", "password1": PASSWORD}
    )
    assert signed_up.url == "/accounts/confirm-email/"
    code = re.search(r"^\s*([A-Z0-9]{3,4}-?[A-Z0-9]{3,4})\s*$", str(mail.outbox[-1].body), re.MULTILINE)
    assert code is not None
    assert "Hello from Momentor!" in mail.outbox[-1].body
    confirmed = browser.post("/accounts/confirm-email/", {"code": code[1]})
    assert confirmed.url == "/at/workshop/join/"
    joined = browser.post(confirmed.url, {"agrees": "on", "is_of_age": "on"})
    assert (joined.status_code, joined.url) == (303, "/at/workshop/welcome/")
    with signing_in():
        noor = Person.objects.get(email="noor@example.org")
    assert membership_of(noor, organisation).agreed_to_conduct_at is not None


@pytest.mark.parametrize(
    ("where", "says"), [("login", "Sign in"), ("signup", "Sign up"), ("password/reset", "Password reset")]
)
def test_pages_that_allauth_brings_speak_in_sentences(db: None, where: str, says: str) -> None:
    page = text_of(browser_of(None).get(f"/accounts/{where}/"))

    assert says in page
    assert says.title() not in page


def test_a_dead_link_says_why_on_the_page(organisation: Organisation, at: str, dana: Person, chloe: Person) -> None:
    with acting_in(organisation.pk):
        _made, link = make_invitation(by=dana, now=NOW - timedelta(days=100))
    browser = browser_of(chloe)

    expired = browser.get("/at/" + link.split("/at/")[1])
    unknown = browser.get(f"{at}join/{'0' * 40}/")

    assert expired.status_code == 410
    assert "This invitation ended on 2025-12-08" in text_of(expired)
    assert unknown.status_code == 404
    assert "not an invitation we know" in text_of(unknown)


def test_joining_needs_both_ticks_and_says_so(at: str, chloe: Person, organisation: Organisation) -> None:
    browser = browser_of(chloe)

    response = browser.post(at + "join/", {"agrees": "on"})

    assert response.status_code == 422
    assert "at least 16 years old" in text_of(response)
    assert browser.post(at + "join/", {"agrees": "on", "is_of_age": "on"}).url == f"{at}welcome/"


def test_where_a_coordinator_decides_one_waits_at_the_door(
    at: str, chloe: Person, dana: Person, organisation: Organisation
) -> None:
    organisation.entry = "approval"
    organisation.save()
    browser = browser_of(chloe)

    browser.post(at + "join/", {"agrees": "on", "is_of_age": "on"})
    assert "You asked to join" in text_of(browser.get(at + "join/"))
    assert browser.get(at + "people/").status_code == 403
    waiting = membership_of(chloe, organisation)
    assert "Chloe Martin" in text_of(browser_of(dana).get(at + "members/queue/"))
    browser_of(dana).post(f"{at}members/{waiting.pk}/decision/", {"let_in": "yes"})
    assert browser.get(at + "people/").status_code == 200
    assert browser.get(at + "welcome/").url == f"{at}join/agreement/"


def test_who_signs_in_lands_where_they_belong(
    organisation: Organisation, other_organisation: Organisation, amina: Person, chloe: Person
) -> None:
    newcomer = make_person("Nobody Yet", "nobody@example.org")
    both = make_person("Both", "both@example.org")
    for place in (organisation, other_organisation):
        make_member(place, both)

    for person, wanted in (
        (amina, "/at/workshop/"),
        (chloe, "/at/harbour/"),
        (both, "/organisations/"),
        (newcomer, "/organisations/"),
    ):
        with signing_in():
            person.set_password(PASSWORD)
            person.save()
        response = browser_of(None).post("/accounts/login/", {"login": person.email, "password": PASSWORD})
        assert response.url == wanted


def test_the_list_of_organisations_shows_ones_own_and_those_open(
    organisation: Organisation, other_organisation: Organisation, amina: Person
) -> None:
    other_organisation.entry = "invited"
    other_organisation.save()
    assert "Harbour Guild" not in text_of(browser_of(amina).get("/organisations/"))

    other_organisation.entry = "open"
    other_organisation.save()
    assert "You could join Harbour Guild" in text_of(browser_of(amina).get("/organisations/"))


# Passwords.


@pytest.mark.parametrize("password", ["momentor2026", "Mentoring!!1", "password1234", "short1"])
def test_passwords_that_are_guessed_first_are_refused(db: None, password: str) -> None:
    given = {"name": "Noor", "email": "noor@example.org", "password1": password}

    response = browser_of(None).post("/accounts/signup/", given)

    assert response.status_code == 200
    assert response.context["form"].errors["password1"]


def test_guessing_a_password_is_slowed_down(db: None, amina: Person) -> None:
    browser = browser_of(None)

    said = ""
    for _attempt in range(8):
        response = browser.post("/accounts/login/", {"login": amina.email, "password": "wrong-wrong-wrong"})
        said = text_of(response)
    assert "Too many failed login attempts" in said or response.status_code == 429


# One's own.


def test_a_profile_is_edited_and_mistakes_are_named(at: str, ben: Person, organisation: Organisation) -> None:
    browser = browser_of(ben)
    given = {
        "name": "Ben Okafor",
        "languages_0": "de",
        "languages_1": "en",
        "languages_2": "",
        "time_zone": "Africa/Lagos",
        "headline": "Welder",
        "story": "",
        "asked_about": "",
        "mediums": ["chat"],
        "capacity_per_week": "4",
        "quiet_from": "22:00",
        "quiet_until": "",
    }

    wrong = browser.post(at + "profile/edit/", given)
    assert wrong.status_code == 422
    assert "Give both ends of your quiet hours" in text_of(wrong)
    assert browser.post(at + "profile/edit/", given | {"quiet_until": "07:00"}).status_code == 303
    with acting_in(organisation.pk):
        now = Person.objects.get(pk=ben.pk)
    assert (now.languages, now.time_zone) == (["de", "en"], "Africa/Lagos")
    assert membership_of(ben, organisation).capacity_per_week == 4


def test_skills_are_added_with_commas_and_taken_away(at: str, ben: Person, organisation: Organisation) -> None:
    browser = browser_of(ben)

    browser.post(at + "profile/skills/", {"name": "pipework, MIG welding", "next": at + "profile/edit/"})
    browser.post(at + "profile/skills/removal/", {"name": "TIG welding"})

    with acting_in(organisation.pk):
        assert {skill.name for skill in Skill.objects.all()} == {"leading a crew", "pipework", "MIG welding"}
    assert browser.get(at + "profile/skills/suggestions/?name=we").status_code == 200


def test_going_back_never_leads_to_another_site(at: str, ben: Person) -> None:
    response = browser_of(ben).post(at + "profile/skills/", {"name": "x", "next": "https://evil.example/"})

    assert response.url == f"{at}profile/edit/"


def test_five_steps_make_a_mentor(at: str, amina: Person, organisation: Organisation) -> None:
    browser = browser_of(amina)

    assert (
        browser.post(at + "welcome/languages/", {"languages_0": "en", "time_zone": "Europe/Berlin"}).url
        == f"{at}welcome/story/"
    )
    browser.post(at + "welcome/story/", {"headline": "Welder, soon a foreman", "story": "Six years."})
    browser.post(at + "profile/skills/", {"name": "welding"})
    early = browser.post(at + "welcome/samples/", {"finish": "yes"})
    assert early.url == f"{at}welcome/times/"
    browser.post(
        at + "welcome/times/", {"asked_about": "Shifts", "mediums": ["chat", "async"], "capacity_per_week": "2"}
    )
    asked = browser.get(at + "welcome/samples/").context["forms"]
    assert len(asked) == 3
    question = asked[0].initial["question"]
    assert "crew" in question
    browser.post(at + "welcome/samples/", {"question": question, "answer": "I tried it for two weeks."})
    assert browser.post(at + "welcome/samples/", {"finish": "yes"}).url == f"{at}profile/"

    membership = membership_of(amina, organisation)
    assert (membership.answers_questions, membership.capacity_per_week) == (True, 2)
    with acting_in(organisation.pk):
        assert SampleAnswer.objects.get().question == question
    assert question not in [form.initial["question"] for form in browser.get(at + "welcome/samples/").context["forms"]]


def test_available_now_and_a_pause_are_switched_on_the_pages(at: str, ben: Person, organisation: Organisation) -> None:
    browser = browser_of(ben)

    browser.post(at + "availability/", {"minutes": "30"})
    assert membership_of(ben, organisation).is_available(timezone.now())
    browser.post(at + "pause/", {"until": ""})
    assert not membership_of(ben, organisation).is_available(timezone.now())
    assert "Nothing is offered to you until you come back" in text_of(browser.get(at + "settings/"))
    browser.post(at + "pause/end/")
    assert "I am back" not in text_of(browser.get(at + "settings/"))
    browser.post(at + "availability/", {"minutes": "999"})
    assert not membership_of(ben, organisation).is_available(timezone.now())


# Leaving.


def sign_in_for_real(person: Person) -> Any:
    """Sign in with the password, which then is asked for again where it matters."""
    with signing_in():
        person.set_password(PASSWORD)
        person.save()
    browser = browser_of(None)
    browser.post("/accounts/login/", {"login": person.email, "password": PASSWORD})
    return browser


def test_an_export_and_a_deletion_ask_for_the_password_again(ben: Person) -> None:
    browser = sign_in_for_real(ben)

    assert browser.get("/account/delete/").url.startswith("/accounts/reauthenticate/")
    assert browser.post("/account/delete/", {"really": "on"}).url.startswith("/accounts/reauthenticate/")
    assert browser.post("/export/").url.startswith("/accounts/reauthenticate/")


def test_an_export_comes_as_one_zip_file(ben: Person) -> None:
    browser = sign_in_for_real(ben)

    asked = browser.post("/export/")
    response = browser.post(asked.url, {"password": PASSWORD})

    assert response.headers["Content-Type"] == "application/zip"
    assert response.headers["Content-Disposition"].startswith("attachment;")
    with zipfile.ZipFile(io.BytesIO(b"".join(response.streaming_content))) as folder:
        assert {"account.json", "workshop/membership.json"} <= set(folder.namelist())


def test_an_account_is_deleted_after_saying_what_stays(ben: Person, organisation: Organisation) -> None:
    browser = sign_in_for_real(ben)
    browser.post(browser.get("/account/delete/").url, {"password": PASSWORD})

    said = text_of(browser.get("/account/delete/"))
    assert "Somebody who left" in said
    assert browser.post("/account/delete/", {}).status_code == 422
    gone = browser.post("/account/delete/", {"really": "on"}, follow=True)
    assert "Your account is deleted" in text_of(gone)
    assert browser.get("/settings/").url.startswith("/accounts/login/")
    assert str(membership_of(ben, organisation).state) == Membership.State.LEFT


# Coordinating.


def test_a_link_is_shown_once_and_can_be_withdrawn(at: str, dana: Person, organisation: Organisation) -> None:
    browser = browser_of(dana)

    made = browser.post(at + "invitations/", {"email": "", "uses": "5", "days": "7"})
    link = re.search(r"http://\S+?/join/[0-9a-f]{40}/", made.content.decode())
    assert link is not None
    assert link[0] not in browser.get(at + "invitations/").content.decode()
    with acting_in(organisation.pk):
        one = Invitation.objects.get()
    browser.post(f"{at}invitations/{one.pk}/revocation/")
    refused = browser_of(None).get("/at/" + link[0].split("/at/")[1])
    assert "was withdrawn" in text_of(refused)


def test_a_list_is_invited_by_mail_or_named_row_by_row(at: str, dana: Person, organisation: Organisation) -> None:
    browser = browser_of(dana)

    def send(text: str) -> Any:
        return browser.post(at + "invitations/list/", {"file": SimpleUploadedFile("list.csv", text.encode())})

    wrong = send("email,roles\nnoor@example.org,\nivo,boss\n")
    assert wrong.status_code == 422
    assert "Row 3: “ivo” is not an email address." in text_of(wrong)
    assert "Row 3: “boss” is not a role" in text_of(wrong)
    with acting_in(organisation.pk):
        assert not Invitation.objects.exists()

    assert send("email,roles\nnoor@example.org,moderator\ndana@example.org,\n").status_code == 303
    run_waiting(until=timezone.now())
    letter: Any
    [letter] = [letter for letter in mail.outbox if letter.to == ["noor@example.org"]]
    assert "Open Workshop" in letter.subject
    assert len(letter.alternatives) == 1
    link = re.search(r"/at/workshop/join/[0-9a-f]{40}/", str(letter.body))
    assert link is not None
    assert browser_of(None).get(link[0]).status_code == 303


def test_a_coordinator_changes_the_organisation_and_mistakes_are_named(
    at: str, dana: Person, organisation: Organisation
) -> None:
    browser = browser_of(dana)
    given = {
        "name": "Open Workshop",
        "description": "",
        "entry": "approval",
        "minimum_age": "18",
        "code_of_conduct": "Be kind.",
        "retention_days": "365",
        "mail_domains": "@clinic.example\nwards.example",
        "local_help": "Crisis line | 0800 111 0 111\nChat | https://help.example/",
    }

    wrong = browser.post(at + "settings/organisation/", given | {"local_help": "Call us", "mail_domains": "a b"})
    assert wrong.status_code == 422
    assert "“a b” is not a mail domain." in text_of(wrong)
    assert "give a name and a telephone number or a web address" in text_of(wrong)
    assert browser.post(at + "settings/organisation/", given).status_code == 303
    changed = Organisation.objects.get(pk=organisation.pk)
    assert changed.mail_domains == ["clinic.example", "wards.example"]
    assert changed.local_help[0] == {"name": "Crisis line", "phone": "0800 111 0 111", "url": ""}


def test_a_programme_without_people_says_what_comes_next(
    at: str, dana: Person, ben: Person, organisation: Organisation
) -> None:
    with acting_in(organisation.pk):
        programme = start_programme(by=dana, name="First crews", now=NOW)

    coordinators, members = (browser_of(one).get(f"{at}programmes/{programme.pk}/") for one in (dana, ben))

    assert "Nobody takes part yet" in text_of(coordinators)
    assert '<a class="button primary" href="#words">Add people</a>' in coordinators.content.decode()
    assert "Tell one of them if you want to take part." in text_of(members)
    assert f'<a class="button primary" href="{at}people/">' in members.content.decode()


def test_a_programme_is_made_filled_and_changed(at: str, dana: Person, ben: Person, organisation: Organisation) -> None:
    browser = browser_of(dana)

    made = browser.post(
        at + "programmes/", {"name": "First year", "goal": "Stay.", "pass_reasons": "No time\nNot mine"}
    )
    with acting_in(organisation.pk):
        programme = Programme.objects.get()
    assert made.url == f"{at}programmes/{programme.pk}/"
    assert "Ben Okafor" in text_of(browser.get(made.url + "?words=ben"))
    browser.post(f"{made.url}people/", {"member": membership_of(ben, organisation).pk})
    assert "Leave the programme" in text_of(browser_of(ben).get(made.url))
    assert browser_of(ben).post(f"{made.url}people/", {"member": "x"}).status_code == 403
    browser_of(ben).post(f"{made.url}withdrawal/", {"member": membership_of(ben, organisation).pk})
    assert "Nobody takes part yet" in text_of(browser.get(made.url))
    same = browser.post(at + "programmes/", {"name": "First year", "pass_reasons": ""})
    assert "There is a programme of this name already" in text_of(same)


def test_a_coordinator_reads_the_usual_reasons_to_pass_in_german_and_keeps_them_usual(
    at: str, dana: Person, organisation: Organisation
) -> None:
    browser = browser_of(dana)
    browser.cookies["language"] = "de"
    shown = browser.get(at + "programmes/").content.decode()
    sent = {"name": "Erstes Jahr", "pass_reasons": "Nicht mein Gebiet\nNot comfortable with it\nZu weit weg"}

    browser.post(at + "programmes/", sent)

    assert "Nicht mein Gebiet" in shown
    assert "Not my field" not in shown
    with acting_in(organisation.pk):
        assert Programme.objects.get().pass_reasons == ["Not my field", "Not comfortable with it", "Zu weit weg"]


def test_members_get_roles_and_are_removed(at: str, dana: Person, ben: Person, organisation: Organisation) -> None:
    browser = browser_of(dana)
    bens = membership_of(ben, organisation)

    last = browser.post(f"{at}members/{membership_of(dana, organisation).pk}/", {"roles": []})
    assert "Somebody has to coordinate here" in text_of(last)
    browser.post(f"{at}members/{bens.pk}/", {"roles": ["moderator"]})
    assert membership_of(ben, organisation).is_moderator
    browser.post(f"{at}members/{bens.pk}/removal/")
    assert membership_of(ben, organisation).state == Membership.State.LEFT


# Reporting.


def test_a_profile_is_reported_and_decided_on(at: str, amina: Person, ben: Person, dana: Person) -> None:
    there = page("trust:report", organisation=Organisation.objects.get(slug="workshop"))
    browser = browser_of(amina)

    assert browser.get(f"{there}?kind=profile&id={ben.pk}").status_code == 200
    for odd in ("", "?kind=profile&id=x", f"?kind=weather&id={ben.pk}", f"?kind=profile&id={amina.pk}"):
        assert browser.get(there + odd).status_code == 404
    empty = browser.post(there, {"kind": "profile", "id": ben.pk})
    assert empty.status_code == 422
    browser.post(there, {"kind": "profile", "id": ben.pk, "reason": "selling", "words": "A price list.", "block": "on"})
    assert browser_of(ben).get(at + "reports/").status_code == 403
    queue = browser_of(dana).get(at + "reports/")
    assert "A price list." in text_of(queue)
    [report] = queue.context["rows"]
    one = browser_of(dana).get(f"{at}reports/{report.pk}/")
    assert "Welder for 14 years" in text_of(one)
    browser_of(dana).post(f"{at}reports/{report.pk}/", {"decision": "suspended", "words": "Selling."})
    assert browser_of(ben).get(at + "people/").status_code == 403
    assert "Selling or advertising" in text_of(browser_of(dana).get(at + "reports/?show=closed"))
