"""Home, the landing page, and what the site says about itself."""

from datetime import timedelta
from typing import Any

import pytest
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils import timezone

from momentor.asking.actions import draft_question
from momentor.dispatch.actions import start_search
from momentor.dispatch.models import Offer
from momentor.foundation.tenancy import acting_in, signing_in
from momentor.learning.actions import write_takeaway
from momentor.learning.models import Nudge
from momentor.people.models import Membership, Organisation, Person
from momentor.scheduling.models import Booking
from tests.cast import client_of, make_member, make_person, page
from tests.talks import end_talk, open_talk, say


def home_of(organisation: Organisation) -> str:
    return page("web:home", organisation=organisation)


def seen(response: Any) -> str:
    text: str = response.content.decode()
    return text


def a_full_life(organisation: Organisation, amina: Person, ben: Person, emil: Person) -> None:
    """Let everything that can wait for Amina and Ben wait for them."""
    over = open_talk(organisation, amina, ben, came=(amina, ben), text="How did you begin?")
    say(organisation, over, ben, "Slowly.")
    now = timezone.now()
    with acting_in(organisation.pk):
        write_takeaway(session=over, by=amina, first_step="Ask Ravi", check_on=now.date() + timedelta(days=2), now=now)
        Nudge.objects.update(due_at=now - timedelta(hours=1), sent_at=now)
    end_talk(organisation, over, amina)
    written = open_talk(organisation, amina, emil, medium="async", text="Is a certificate worth it?")
    say(organisation, written, emil, "Which one?")
    open_talk(organisation, amina, ben, came=(amina, ben), text="What should I not do in week one?")
    with acting_in(organisation.pk):
        draft = draft_question(by=amina, text="A draft of mine", language="en", now=now)
        Booking.objects.create(
            question=draft,
            mentee=amina,
            mentor=ben,
            medium="chat",
            during=DateTimeTZRange(now + timedelta(days=1), now + timedelta(days=1, minutes=10)),
            booked_at=now,
        )
        question = draft_question(by=amina, text="Should I name my salary first?", language="en", now=now)
        start_search(question=question, by=amina, chosen=[emil.pk], now=now)


def test_home_shows_a_mentee_all_that_waits(
    organisation: Organisation, amina: Person, ben: Person, emil: Person
) -> None:
    a_full_life(organisation, amina, ben, emil)

    shown = seen(client_of(amina).get(home_of(organisation)))

    for words in (
        "What should I not do in week one?",
        "Go to the room",
        "Is a certificate worth it?",
        "Your move",
        "Ask Ravi",
        "What became of it?",
        "How did you begin?",
        "Should I name my salary first?",
        "Searching",
        "A draft of mine",
        "Booked",
    ):
        assert words in shown, words


def test_home_shows_a_mentor_offers_and_the_switch(
    organisation: Organisation, amina: Person, ben: Person, emil: Person
) -> None:
    a_full_life(organisation, amina, ben, emil)

    shown = seen(client_of(emil).get(home_of(organisation)))

    assert "a question for you" in shown
    assert "Should I name my salary first?" in shown
    assert "I have ten minutes" in shown
    assert "Here for 30 min" in shown
    assert "Amina" in shown  # their move in the written one


def test_an_offer_that_lapsed_is_no_longer_shown(organisation: Organisation, amina: Person, emil: Person) -> None:
    with acting_in(organisation.pk):
        question = draft_question(by=amina, text="Should I name it first?", language="en", now=timezone.now())
        start_search(question=question, by=amina, chosen=[emil.pk], now=timezone.now())
        Offer.objects.update(lapses_at=timezone.now())

    assert "Should I name it first?" not in seen(client_of(emil).get(home_of(organisation)))


def test_an_empty_home_leads_on(organisation: Organisation, amina: Person, ben: Person) -> None:
    mentee, mentor = (seen(client_of(one).get(home_of(organisation))) for one in (amina, ben))

    assert "Ask a question above" in mentee
    assert "Answer questions, too" in mentee
    assert "When a question fits you" in mentor


@pytest.mark.parametrize("who", ["amina", "ben", "emil"])
def test_home_asks_the_database_twelve_times_at_most(
    organisation: Organisation,
    amina: Person,
    ben: Person,
    emil: Person,
    who: str,
    django_assert_max_num_queries: Any,
) -> None:
    a_full_life(organisation, amina, ben, emil)
    browser = client_of({"amina": amina, "ben": ben, "emil": emil}[who])
    browser.get(home_of(organisation))

    with django_assert_max_num_queries(20) as asked:
        browser.get(home_of(organisation))

    # What opens and closes a transaction is not counted: in the site, that is one message each.
    real = [one["sql"] for one in asked if one["sql"].split()[0] == "SELECT"]
    assert len(real) <= 12, real


def test_who_is_in_one_organisation_goes_straight_there(organisation: Organisation, amina: Person) -> None:
    answer = client_of(amina).get("/")

    assert (answer.status_code, answer["Location"]) == (302, "/at/workshop/")


def test_who_is_in_several_chooses(organisation: Organisation, other_organisation: Organisation, amina: Person) -> None:
    make_member(other_organisation, amina)

    assert client_of(amina).get("/")["Location"] == page("people:organisations")


def test_who_has_not_agreed_to_the_rules_reads_them_first(organisation: Organisation, amina: Person) -> None:
    with acting_in(organisation.pk):
        Membership.objects.filter(person=amina).update(agreed_to_conduct_at=None)

    assert client_of(amina).get(home_of(organisation))["Location"] == page(
        "people:agreement", organisation=organisation
    )


def test_a_stranger_sees_nothing_of_home(organisation: Organisation, chloe: Person) -> None:
    answer = client_of(chloe).get(home_of(organisation))

    assert answer.status_code == 403
    assert "Amina" not in seen(answer)


def test_a_question_typed_on_the_landing_page_is_there_after_signing_in(
    organisation: Organisation, amina: Person
) -> None:
    with signing_in():
        amina.set_password("a ladder, two lamps")
        amina.save()
    browser = client_of(None)
    landing = browser.get("/")
    begun = browser.post("/begin/", {"text": "Should I lead a crew of eight?"})
    sign_in = browser.get("/accounts/login/")
    browser.post("/accounts/login/", {"login": amina.email, "password": "a ladder, two lamps"})

    home = browser.get("/at/workshop/")
    asking = browser.get(home["Location"])
    again = browser.get("/at/workshop/")

    assert "What is on your mind?" in seen(landing)
    assert begun["Location"] == "/accounts/signup/"
    assert "Your question is kept" in seen(sign_in)
    assert home["Location"] == page("asking:new", organisation=organisation)
    assert "Should I lead a crew of eight?" in seen(asking)
    assert again.status_code == 200


def test_the_box_at_home_leads_to_asking_with_the_words(organisation: Organisation, amina: Person) -> None:
    browser = client_of(amina)

    begun = browser.post(page("web:begin", organisation=organisation), {"text": "One more thing"})

    assert begun["Location"] == page("asking:new", organisation=organisation)
    assert "One more thing</textarea>" in seen(browser.get(begun["Location"]))


def test_an_empty_box_does_no_harm(organisation: Organisation, amina: Person) -> None:
    for text in ("", "   ", "\0\u202e"):
        answer = client_of(amina).post(page("web:begin", organisation=organisation), {"text": text}, follow=True)
        assert answer.status_code == 200


@pytest.mark.parametrize("is_member", [True, False])
def test_a_question_that_is_too_long_comes_back_whole_with_a_sentence(
    organisation: Organisation, amina: Person, is_member: bool
) -> None:
    text = "Should I lead a crew? " + "pipe " * 20_000 + "The end."
    browser = client_of(amina if is_member else None)
    where = page("web:begin", organisation=organisation) if is_member else "/begin/"

    answer = browser.post(where, {"text": text})

    assert answer.status_code == 422
    assert "This is longer than 5000 characters." in seen(answer)
    assert f"{text}</textarea>" in seen(answer)
    assert "asked_text" not in browser.session


@pytest.mark.parametrize("field", ['id="ask"', 'id="id_text"'])
def test_no_browser_cuts_a_question_that_is_pasted(organisation: Organisation, amina: Person, field: str) -> None:
    where = home_of(organisation) if field == 'id="ask"' else page("asking:new", organisation=organisation)

    box = next(tag for tag in seen(client_of(amina).get(where)).split("<textarea")[1:] if field in tag).split(">")[0]

    assert 'data-limit="5000"' in box
    assert "maxlength" not in box


@pytest.mark.parametrize("name", ["about", "conduct", "privacy", "refusals", "offline"])
def test_what_the_site_says_about_itself_is_open_to_all(
    organisation: Organisation, other_organisation: Organisation, chloe: Person, name: str
) -> None:
    assert client_of(None).get(page(f"web:{name}")).status_code == 200
    if name != "offline":
        assert client_of(chloe).get(page(f"web:{name}", organisation=organisation)).status_code == 200


def test_the_rules_of_the_house_are_the_organisations_own(organisation: Organisation, amina: Person) -> None:
    assert "Be kind. Be honest." in seen(client_of(amina).get(page("web:conduct", organisation=organisation)))
    assert "730 days" in seen(client_of(amina).get(page("web:privacy", organisation=organisation)))


RULES = """# In a conversation
Speak from what you have *lived*.
Say where that **ends**.

- What is said stays between the two.
- No selling.

1. Ask.
2. Listen.

[Our values](https://example.org/values), [us](mailto:dana@example.org), <http://example.org/>"""


@pytest.mark.parametrize("name", ["web:conduct", "people:agreement"])
def test_rules_are_shown_as_they_were_meant(organisation: Organisation, amina: Person, name: str) -> None:
    Organisation.objects.filter(pk=organisation.pk).update(code_of_conduct=RULES)
    with acting_in(organisation.pk):
        Membership.objects.filter(person=amina).update(agreed_to_conduct_at=None)

    shown = seen(client_of(amina).get(page(name, organisation=organisation)))

    assert "<h2>In a conversation</h2>" in shown
    assert "<p>Speak from what you have <em>lived</em>.<br>\nSay where that <strong>ends</strong>.</p>" in shown
    assert "<ul>\n<li>What is said stays between the two.</li>\n<li>No selling.</li>\n</ul>" in shown
    assert "<ol>\n<li>Ask.</li>\n<li>Listen.</li>\n</ol>" in shown
    assert '<a href="https://example.org/values" rel="nofollow noopener">Our values</a>' in shown
    assert '<a href="mailto:dana@example.org" rel="nofollow noopener">us</a>' in shown
    assert '<a href="http://example.org/" rel="nofollow noopener">http://example.org/</a>' in shown


@pytest.mark.parametrize(
    ("written", "shown_as"),
    [
        ("<script>alert(1)</script>", "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>"),
        ("<img src=x onerror=alert(1)>", "<p>&lt;img src=x onerror=alert(1)&gt;</p>"),
        ("&lt;script&gt;", "<p>&lt;script&gt;</p>"),
        ("[here](javascript:alert(1))", "<p>[here](javascript:alert(1))</p>"),
        ("[here](JAVASCRIPT&#58;alert(1))", "<p>[here](JAVASCRIPT:alert(1))</p>"),
        ("[here](data:text/html,x)", "<p>[here](data:text/html,x)</p>"),
        ("<javascript:alert(1)>", "<p>&lt;javascript:alert(1)&gt;</p>"),
        ("[here](/accounts/logout/)", "<p>[here](/accounts/logout/)</p>"),
        ("    code", "<p>code</p>"),
        ("> said", "<p>&gt; said</p>"),
        (
            "![a picture](https://example.org/a.png)",
            '<p>!<a href="https://example.org/a.png" rel="nofollow noopener">a picture</a></p>',
        ),
        (
            """[a](https://example.org/?q="onclick=alert(1)"x)""",
            '<p><a href="https://example.org/?q=%22onclick=alert(1)%22x" rel="nofollow noopener">a</a></p>',
        ),
    ],
)
def test_what_could_do_harm_in_rules_is_text(
    organisation: Organisation, amina: Person, written: str, shown_as: str
) -> None:
    Organisation.objects.filter(pk=organisation.pk).update(code_of_conduct=written)

    assert shown_as in seen(client_of(amina).get(page("web:conduct", organisation=organisation)))


def test_every_refusal_that_a_program_may_get_is_explained(nobody: None) -> None:
    shown = seen(client_of(None).get(page("web:refusals")))

    for code in ("OfferGone", "TooManyOpenQuestions", "FileLies", "RoomOver"):
        assert f'id="{code}"' in shown
    assert "You asked … questions within a day." in shown


def test_the_page_for_bad_connections_names_nobody(amina: Person) -> None:
    shown = seen(client_of(None).get(page("web:offline")))

    assert "You seem to be offline" in shown
    assert "Amina" not in shown


def test_colours_are_kept_with_the_browser_and_given_back(organisation: Organisation, amina: Person) -> None:
    browser, where = client_of(amina), page("web:theme", organisation=organisation)

    browser.post(where, {"theme": "dark", "next": "/at/workshop/"})
    dark = seen(browser.get(home_of(organisation)))
    browser.post(where, {"theme": "nonsense"})
    plain = seen(browser.get(home_of(organisation)))

    assert 'data-theme="dark"' in dark
    assert "data-theme" not in plain.split(">", 2)[1]


def test_nobody_is_led_to_another_site(amina: Person) -> None:
    for name, given in (("web:theme", {"theme": "dark"}), ("set_language", {"language": "de"})):
        answer = client_of(amina).post(page(name), {**given, "next": "https://evil.example/"})
        assert "evil" not in answer["Location"]


def test_the_language_is_kept_with_the_browser_and_the_person(organisation: Organisation, amina: Person) -> None:
    browser = client_of(amina)

    browser.post(page("set_language"), {"language": "de", "next": "/at/workshop/"})

    assert '<html lang="de"' in seen(browser.get(home_of(organisation)))
    with signing_in():
        assert Person.objects.get(pk=amina.pk).locale == "de"


def test_the_footer_leads_to_the_program_where_the_host_says_so(nobody: None, settings: Any) -> None:
    without = seen(client_of(None).get("/"))
    settings.ENVIRONMENT = {**settings.ENVIRONMENT, "MOMENTOR_SOURCE_URL": "https://code.example/momentor"}
    shown = seen(client_of(None).get("/"))

    assert "Source code" not in without
    assert 'href="https://code.example/momentor"' in shown


def test_accounts_to_try_are_shown_in_the_demo_and_nowhere_else(nobody: None, settings: Any) -> None:
    real = seen(client_of(None).get("/accounts/login/"))
    settings.IS_DEMO = True
    settings.DATA.mkdir(parents=True, exist_ok=True)
    demo = seen(client_of(None).get("/accounts/login/"))

    assert "Look around in the demo" not in real
    assert "@demo.invalid" not in real
    assert "amina@demo.invalid" in demo


def test_somebody_without_any_place_is_led_to_the_list(nobody: None) -> None:
    newcomer = make_person("Noor Haddad", "noor@example.org")

    assert client_of(newcomer).get("/")["Location"] == page("people:organisations")
