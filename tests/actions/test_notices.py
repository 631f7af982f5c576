"""Who hears of what, by which way, and how to hear less of it."""

import email
import re
import smtplib
from datetime import datetime, time, timedelta
from email.message import EmailMessage
from email.policy import default
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from aiosmtpd.controller import Controller
from django.core import mail
from django.db import connection
from django.utils import timezone, translation

from momentor.asking.actions import draft_question, withdraw_question
from momentor.asking.models import Answer
from momentor.dispatch.actions import pass_offer, start_search, stop_search
from momentor.dispatch.models import Offer
from momentor.foundation.outgoing import TryAgainLater
from momentor.foundation.tenancy import acting_in, signing_in
from momentor.integrations.email.letters import Letter, Undeliverable, as_message, send
from momentor.learning.actions import thank_mentor, write_takeaway
from momentor.learning.models import Nudge, Outcome
from momentor.notices.actions import NoSuchNotice, choose_channel, tell
from momentor.notices.delivering import deliver_one, quiet_until
from momentor.notices.kinds import ALL, KINDS
from momentor.notices.models import Delivery, Notice, Preference
from momentor.notices.queries import path_to, told
from momentor.people.actions import approve, become_available, decline, remove_member, suspend_member
from momentor.people.actions.joining import join
from momentor.people.models import Membership, Organisation, Person
from momentor.sessions.actions import hand_back, return_if_absent
from momentor.trust.actions import block, close_report, report
from tests.cast import client_of, make_person, membership_of, page, today
from tests.live_server import a_free_port
from tests.pure.test_looks import SOURCE
from tests.talks import ASKED, end_talk, let_jobs_run, open_talk, say

LATER = timedelta(minutes=10)


class MailServer:
    """Keeps what it is given."""

    def __init__(self) -> None:
        self.mails: list[bytes] = []

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name
        self.mails.append(envelope.content)
        return "250 kept"


def kinds_told(organisation: Organisation, person: Person) -> list[str]:
    let_jobs_run()
    with acting_in(organisation.pk):
        return list(Notice.objects.filter(person=person).order_by("made_at", "id").values_list("kind", flat=True))


def mails() -> list[EmailMessage]:
    """Return the mails that left, as mail programs read them."""
    return [email.message_from_bytes(one.message().as_bytes(), policy=default) for one in mail.outbox]


def text_of(message: EmailMessage, kind: str = "plain") -> str:
    body = message.get_body((kind,))
    assert body is not None
    return str(body.get_content())


def change(person: Person, **fields: object) -> None:
    with signing_in():
        assert Person.objects.filter(pk=person.pk).update(**fields)


def link_in(text: str, part: str) -> str:
    found = re.search(rf"http://localhost:8000(/\S*{part}\S*)", text)
    assert found, text
    return found[1]


@pytest.fixture(autouse=True)
def outbox(settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    mail.outbox = []


# Who hears


def test_an_accepted_question_reaches_its_mentee_and_leads_to_the_room(
    organisation: Organisation, amina: Person, ben: Person
) -> None:
    session = open_talk(organisation, amina, ben)
    let_jobs_run()

    [told] = mails()
    opened = client_of(amina).get(link_in(text_of(told), "notices/"))

    assert told["Subject"] == "Ben Okafor accepted your question and is in the room."
    assert told["To"] == amina.email
    assert opened.status_code == 303
    assert str(session.pk) in opened["Location"]
    with acting_in(organisation.pk):
        assert Notice.objects.get(person=amina).read_at is not None


def test_what_was_asked_or_said_stands_in_no_mail(organisation: Organisation, amina: Person, emil: Person) -> None:
    session = open_talk(organisation, amina, emil, medium="async", is_anonymous=True)
    say(organisation, session, emil, "My secret answer")
    end_talk(organisation, session, amina)
    let_jobs_run(until=timezone.now() + LATER)

    for one in mails():
        everything = str(one["Subject"]) + text_of(one) + text_of(one, "html")
        assert "crew of eight" not in everything
        assert "My secret answer" not in everything


def test_a_mentor_hears_of_an_offer_and_its_bell_stops_when_it_is_gone(
    organisation: Organisation, amina: Person, ben: Person, emil: Person
) -> None:
    with acting_in(organisation.pk):
        question = draft_question(by=amina, text=ASKED, language="en", now=timezone.now())
        search = start_search(question=question, by=amina, chosen=[ben.pk, emil.pk], now=timezone.now())
    assert kinds_told(organisation, ben) == ["offer"]
    with acting_in(organisation.pk):
        pass_offer(offer=Offer.objects.get(search=search, mentor=ben), by=ben, now=timezone.now())
        withdraw_question(question=question, by=amina, now=timezone.now())
    let_jobs_run()

    with acting_in(organisation.pk):
        assert not Notice.objects.unread().filter(kind="offer").exists()
    # A live offer is over before a mail is read.
    assert mails() == []


def test_both_hear_when_the_mentor_does_not_come(organisation: Organisation, amina: Person, ben: Person) -> None:
    session = open_talk(organisation, amina, ben, came=(amina,))
    with acting_in(organisation.pk):
        return_if_absent(session_id=session.pk)

    assert "mentor_absent" in kinds_told(organisation, amina)
    assert "you_were_absent" in kinds_told(organisation, ben)


def test_the_mentor_who_waited_is_told_and_the_mentee_learns_how_it_goes_on(
    organisation: Organisation, amina: Person, ben: Person
) -> None:
    session = open_talk(organisation, amina, ben, came=(ben,))
    with acting_in(organisation.pk):
        return_if_absent(session_id=session.pk)

    assert "mentee_absent" in kinds_told(organisation, ben)
    assert "your_absence" in kinds_told(organisation, amina)


def test_a_question_handed_back_is_told_to_its_mentee_and_the_call_to_the_room_ends(
    organisation: Organisation, amina: Person, ben: Person
) -> None:
    session = open_talk(organisation, amina, ben, came=(amina, ben))
    let_jobs_run()
    with acting_in(organisation.pk):
        hand_back(session=session, by=ben, now=timezone.now())

    assert kinds_told(organisation, amina)[:2] == ["claimed", "returned"]
    with acting_in(organisation.pk):
        assert Notice.objects.get(kind="claimed").read_at is not None


def test_a_question_that_nobody_takes_is_told_to_its_mentee_and_to_coordinators(
    organisation: Organisation, amina: Person, ben: Person, dana: Person
) -> None:
    with acting_in(organisation.pk):
        question = draft_question(by=amina, text=ASKED, language="en", now=timezone.now())
        search = start_search(question=question, by=amina, in_writing=True, now=timezone.now())
        for offer in Offer.objects.filter(search=search):
            pass_offer(offer=offer, by=offer.mentor, now=timezone.now())

    assert "nobody_yet" in kinds_told(organisation, amina)
    assert "gap" in kinds_told(organisation, dana)


def test_a_mentee_who_chose_no_next_step_hears_that_the_question_goes_on(
    organisation: Organisation, amina: Person, ben: Person, dana: Person
) -> None:
    long_ago = timezone.now() - timedelta(days=2)
    with acting_in(organisation.pk):
        question = draft_question(by=amina, text=ASKED, language="en", now=long_ago)
        start_search(question=question, by=amina, chosen=[ben.pk], now=long_ago)
        stop_search(question=question, by=amina, now=long_ago)

    assert kinds_told(organisation, amina).count("choice_lapsed") == 1
    assert "choice_lapsed" not in kinds_told(organisation, dana)


def test_several_messages_in_a_row_are_told_once_and_the_answer_ends_it(
    organisation: Organisation, amina: Person, emil: Person
) -> None:
    session = open_talk(organisation, amina, emil, medium="async")
    say(organisation, session, emil, "First thought.")
    let_jobs_run()
    say(organisation, session, emil, "Second thought.")
    assert kinds_told(organisation, amina).count("your_move") == 1

    say(organisation, session, amina, "Thank you, and then?")
    let_jobs_run()
    say(organisation, session, emil, "Then you ask.")

    assert kinds_told(organisation, amina).count("your_move") == 2
    assert kinds_told(organisation, emil).count("your_move") == 1
    with acting_in(organisation.pk):
        assert Notice.objects.unread().filter(person=emil, kind="your_move").count() == 0


def test_a_nudge_comes_by_mail_and_one_tap_on_its_page_reaches_the_mentor(
    organisation: Organisation, amina: Person, ben: Person
) -> None:
    session = open_talk(organisation, amina, ben, came=(amina, ben))
    say(organisation, session, ben, "Lead one shift.")
    with acting_in(organisation.pk):
        write_takeaway(
            session=session,
            by=amina,
            first_step="Ask Ravi",
            check_on=today() + timedelta(days=1),
            now=timezone.now(),
        )
        Nudge.objects.update(due_at=timezone.now() - LATER)
    end_talk(organisation, session, amina)
    let_jobs_run(until=timezone.now() + timedelta(days=3))

    [nudged] = [one for one in mails() if "plan" in one["Subject"]]
    link = link_in(text_of(nudged), "replies/.*reply=done")
    client_of(None).post(link.split("?")[0], {"reply": "done"})

    assert "Ask Ravi" in text_of(nudged)
    assert "Ask Ravi" not in nudged["Subject"]
    assert not [one for one in mails() if "Ask Ravi" in text_of(one) and one["To"] != amina.email]
    privacy = client_of(None).get(page("web:privacy")).content.decode()
    assert "only the reminder of a plan quotes the plan" in privacy
    assert "outcome" in kinds_told(organisation, ben)
    with acting_in(organisation.pk):
        assert Outcome.objects.get().was_applied


def test_a_mentor_who_is_asked_to_show_an_answer_is_told_and_led_to_where_they_decide(
    organisation: Organisation, amina: Person, ben: Person
) -> None:
    answer = answered(organisation, amina, ben)
    where = page("asking:answer", answer.pk, organisation=organisation)
    client_of(amina).post(where)
    assert "asked_to_show" in kinds_told(organisation, ben)
    let_jobs_run(until=timezone.now() + LATER)

    notice = notice_of(organisation, ben, "asked_to_show")
    opened = client_of(ben).get(page("notices:notice", notice.pk, organisation=organisation))
    decides = client_of(ben).get(where).content.decode()
    client_of(ben).post(where, {"text": "Lead one shift first."})

    assert "Amina Yusuf would like others to read what you answered. You decide." in [
        one["Subject"] for one in mails() if one["To"] == ben.email
    ]
    assert opened["Location"] == where
    assert "it stays between the two of you" in decides
    assert kinds_told(organisation, amina).count("answer_to_show") == 1
    with acting_in(organisation.pk):
        assert not Answer.objects.shown().exists()  # the words are new to her: she is asked in her turn
    client_of(amina).post(where)
    assert "asked_to_show" not in unread(organisation, ben)
    assert "answer_to_show" not in unread(organisation, amina)
    with acting_in(organisation.pk):
        assert Answer.objects.shown().get() == answer


def test_asking_again_and_again_to_show_an_answer_tells_once_a_day_and_never_across_a_block(
    organisation: Organisation, amina: Person, ben: Person
) -> None:
    answer = answered(organisation, amina, ben)
    where, back = (page(name, answer.pk, organisation=organisation) for name in ("asking:answer", "asking:hiding"))
    for _time in range(3):
        client_of(amina).post(where)
        client_of(amina).post(back)
        client_of(amina).post(where)

    assert kinds_told(organisation, ben).count("asked_to_show") == 1
    with acting_in(organisation.pk):
        Notice.objects.all().delete()
        block(about=amina, by=ben, now=timezone.now())
    client_of(amina).post(where)
    assert "asked_to_show" not in kinds_told(organisation, ben)


def answered(organisation: Organisation, mentee: Person, mentor: Person) -> Answer:
    session = open_talk(organisation, mentee, mentor, came=(mentee, mentor))
    say(organisation, session, mentor, "Lead one shift first.")
    end_talk(organisation, session, mentee)
    with acting_in(organisation.pk):
        return Answer.objects.get(mentor=mentor)


def notice_of(organisation: Organisation, person: Person, kind: str) -> Notice:
    with acting_in(organisation.pk):
        return Notice.objects.get(person=person, kind=kind)


def unread(organisation: Organisation, person: Person) -> list[str]:
    let_jobs_run()
    with acting_in(organisation.pk):
        return list(Notice.objects.unread().filter(person=person).values_list("kind", flat=True))


def test_thanks_and_reports_and_new_people_are_told_to_whom_they_concern(
    organisation: Organisation, amina: Person, ben: Person, dana: Person
) -> None:
    session = open_talk(organisation, amina, ben, came=(amina, ben))
    say(organisation, session, ben, "Lead one shift.")
    end_talk(organisation, session, amina)
    newcomer = make_person("Noor Haddad", "noor@example.org")
    with acting_in(organisation.pk):
        Organisation.objects.filter(pk=organisation.pk).update(entry="approval")
        thank_mentor(session=session, by=amina, words="You saved me a year.", now=timezone.now())
        made = report(kind="session", subject_id=session.pk, reason="other", words="Odd", by=amina, now=timezone.now())
        join(by=newcomer, now=timezone.now())
    assert "thanks" in kinds_told(organisation, ben)
    assert {"report_made", "asked_to_join"} <= set(kinds_told(organisation, dana))

    with acting_in(organisation.pk):
        close_report(report=made, decision="nothing", by=dana, now=timezone.now())
        approve(membership=Membership.objects.get(person=newcomer), by=dana, now=timezone.now())

    assert "report_closed" in kinds_told(organisation, amina)
    assert kinds_told(organisation, newcomer) == ["joined"]
    assert "report_made" not in kinds_told(organisation, ben)


def test_a_listener_that_runs_twice_tells_once(organisation: Organisation, amina: Person) -> None:
    with acting_in(organisation.pk):
        first = tell(person_id=amina.pk, kind="thanks", once="1", now=timezone.now())
        second = tell(person_id=amina.pk, kind="thanks", once="1", now=timezone.now())

        assert first is not None
        assert second is None
        assert Delivery.objects.filter(channel="mail").count() == 1


def test_nobody_outside_is_told(organisation: Organisation, chloe: Person) -> None:
    with acting_in(organisation.pk):
        assert tell(person_id=chloe.pk, kind="thanks", once="1", now=timezone.now()) is None
        assert tell(person_id=None, kind="thanks", once="1", now=timezone.now()) is None


# The page


def test_the_page_shows_the_newest_first_and_marks_them_read(
    organisation: Organisation, amina: Person, ben: Person
) -> None:
    with acting_in(organisation.pk):
        for number in range(35):
            tell(person_id=amina.pk, kind="thanks", once=str(number), now=timezone.now(), who=ben.pk)
    browser, where = client_of(amina), page("notices:notices", organisation=organisation)

    shown = browser.get(where).content.decode()
    browser.post(page("notices:reading", organisation=organisation))
    after = browser.get(where).content.decode()

    assert shown.count("Ben Okafor thanks you.") == 30
    assert "?after=30" in shown
    assert 'class="new"' in shown
    assert 'class="new"' not in after


def test_an_open_page_asks_for_its_list_alone(organisation: Organisation, amina: Person, ben: Person) -> None:
    with acting_in(organisation.pk):
        tell(person_id=amina.pk, kind="thanks", once="1", now=timezone.now(), who=ben.pk)

    found = client_of(amina).get(page("notices:notices", organisation=organisation), headers={"HX-Request": "true"})

    assert "Ben Okafor thanks you." in found.content.decode()
    assert "<h1" not in found.content.decode()


def test_somebody_elses_notice_is_not_there(organisation: Organisation, amina: Person, ben: Person) -> None:
    with acting_in(organisation.pk):
        notice = tell(person_id=amina.pk, kind="thanks", once="1", now=timezone.now())
        assert notice is not None

    answer = client_of(ben).get(page("notices:notice", notice.pk, organisation=organisation))

    assert answer.status_code == 404
    with acting_in(organisation.pk):
        assert Notice.objects.get().read_at is None


def test_a_notice_of_somebody_who_left_still_reads_well(organisation: Organisation, amina: Person) -> None:
    with acting_in(organisation.pk):
        tell(person_id=amina.pk, kind="thanks", once="1", now=timezone.now(), who=organisation.pk)

    shown = client_of(amina).get(page("notices:notices", organisation=organisation)).content.decode()

    assert "Somebody who left thanks you." in shown


def test_every_kind_has_a_sentence_a_picture_and_a_page(organisation: Organisation, amina: Person, ben: Person) -> None:
    icons = (SOURCE / "web/static/img/icons.svg").read_text()
    facts = {
        "who": str(ben.pk),
        "minutes": "10",
        **{
            name: str(organisation.pk)
            for name in (
                "session",
                "question",
                "offer",
                "nudge",
                "booking",
                "report",
                "answer",
                "match",
                "preview",
                "programme",
            )
        },
    }
    with acting_in(organisation.pk):
        for kind in ALL:
            [one] = told([Notice(person=amina, kind=kind.name, facts=facts)])
            assert "%" not in one.sentence
            assert f'id="{kind.icon}"' in icons, kind.name
            home = kind.page == "web:home"
            assert (path_to(kind, facts) == "/") == home, kind.name


# Mail


def test_who_has_read_it_gets_no_mail(organisation: Organisation, amina: Person) -> None:
    with acting_in(organisation.pk):
        tell(person_id=amina.pk, kind="thanks", once="1", now=timezone.now())
    let_jobs_run()
    client_of(amina).post(page("notices:reading", organisation=organisation))
    let_jobs_run(until=timezone.now() + LATER)

    assert mails() == []
    with acting_in(organisation.pk):
        assert Delivery.objects.get(channel="mail").why == "read"


def test_a_mail_speaks_the_language_of_its_reader(organisation: Organisation, amina: Person, ben: Person) -> None:
    change(amina, locale="de")
    with translation.override("en"):
        open_talk(organisation, amina, ben)
        let_jobs_run()

    [told] = mails()
    assert 'lang="de"' in text_of(told, "html")


def test_one_click_ends_mails_of_a_kind_without_cookie_or_form(
    organisation: Organisation, amina: Person, ben: Person
) -> None:
    open_talk(organisation, amina, ben)
    let_jobs_run()
    [told] = mails()
    link = str(told["List-Unsubscribe"]).strip(" <>").removeprefix("http://localhost:8000")
    stranger = client_of(None)
    stranger.handler.enforce_csrf_checks = True

    looked = stranger.get(link)
    with acting_in(organisation.pk):
        before = Preference.objects.exists()
    clicked = stranger.post(link, "List-Unsubscribe=One-Click", content_type="application/x-www-form-urlencoded")

    assert told["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert (looked.status_code, clicked.status_code) == (200, 200)
    assert not before
    with acting_in(organisation.pk):
        wish = Preference.objects.get()
        assert (wish.person, wish.kind, wish.channel, wish.is_wanted) == (amina, "claimed", "mail", False)
        tell(person_id=amina.pk, kind="claimed", once="again", now=timezone.now(), who=ben.pk)
        tell(person_id=amina.pk, kind="thanks", once="other", now=timezone.now(), who=ben.pk)
    let_jobs_run(until=timezone.now() + LATER)
    later = [one["Subject"] for one in mails()[1:]]
    assert "Ben Okafor thanks you." in later
    assert told["Subject"] not in later


def test_who_clicked_by_mistake_gets_the_mails_again(organisation: Organisation, amina: Person, ben: Person) -> None:
    open_talk(organisation, amina, ben)
    let_jobs_run()
    link = link_in(text_of(mails()[0]), "unsubscribe/")
    client_of(None).post(link)

    client_of(None).post(link, {"again": "yes"})

    with acting_in(organisation.pk):
        assert Preference.objects.get().is_wanted


@pytest.mark.parametrize("link", ["unsubscribe/nonsense/", "unsubscribe/W10:1abc:def/", "unsubscribe/%00/"])
def test_a_tampered_link_to_end_mails_gets_a_sentence(organisation: Organisation, link: str) -> None:
    answer = client_of(None).post(f"/at/workshop/{link}")

    assert answer.status_code == 404
    assert "This link does not work" in answer.content.decode()


def test_a_name_cannot_write_headers_of_its_own(organisation: Organisation, amina: Person, ben: Person) -> None:
    change(ben, name="Ben\r\nBcc: victim@example.org\r\n\r\n<script>")
    open_talk(organisation, amina, ben)
    let_jobs_run()

    [told] = mails()

    assert told["Bcc"] is None
    assert told["Subject"].startswith("Ben Bcc: victim")
    assert "\n" not in told["Subject"]
    assert "<script>" not in text_of(told, "html")


def test_a_mail_server_that_is_away_breaks_nothing_and_is_tried_again(
    organisation: Organisation, amina: Person, ben: Person, settings: Any
) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    with acting_in(organisation.pk):
        tell(person_id=amina.pk, kind="claimed", once="1", now=timezone.now(), who=ben.pk)
        waiting = Delivery.objects.get(channel="mail")

        with pytest.raises(TryAgainLater):
            deliver_one(delivery_id=waiting.pk, now=timezone.now())

        waiting.refresh_from_db()
        assert waiting.state == Delivery.State.WAITING
        settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
        deliver_one(delivery_id=waiting.pk, now=timezone.now())
        deliver_one(delivery_id=waiting.pk, now=timezone.now())
    assert len(mails()) == 1


LETTER = Letter(to="a@example.org", subject="s", greeting="g", lines=("l",), buttons=[("b", "https://x")], place="p")


@pytest.mark.parametrize(
    ("trouble", "becomes"),
    [
        (smtplib.SMTPRecipientsRefused({"a@example.org": (550, b"no such user")}), Undeliverable),
        (smtplib.SMTPRecipientsRefused({"a@example.org": (451, b"greylisted")}), TryAgainLater),
        (smtplib.SMTPDataError(554, b"spam"), Undeliverable),
        (smtplib.SMTPDataError(421, b"busy"), TryAgainLater),
        (smtplib.SMTPServerDisconnected("gone"), TryAgainLater),
        (TimeoutError(), TryAgainLater),
    ],
)
def test_a_mail_server_that_says_no_is_believed_only_when_it_means_it(
    trouble: Exception, becomes: type[Exception], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise trouble

    monkeypatch.setattr("django.core.mail.backends.locmem.EmailBackend.send_messages", refuse)

    with pytest.raises(becomes) as told:
        send(LETTER)
    assert "a@example.org" not in str(told.value)


def test_an_address_that_is_none_is_not_tried() -> None:
    with pytest.raises(Undeliverable):
        send(Letter(**{**LETTER.__dict__, "to": "nobody"}))


def test_people_of_the_demo_get_no_real_mail(settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"

    with pytest.raises(Undeliverable):
        send(Letter(**{**LETTER.__dict__, "person_is_demo": True}))


def test_a_mail_has_both_forms_and_says_that_a_machine_wrote_it() -> None:
    sent = email.message_from_bytes(as_message(LETTER).message().as_bytes(), policy=default)

    assert sent["Auto-Submitted"] == "auto-generated"
    assert isinstance(sent, EmailMessage)
    assert text_of(sent).strip()
    assert "prefers-color-scheme: dark" in text_of(sent, "html")


def test_nobody_who_never_signed_in_is_written_to(organisation: Organisation, amina: Person) -> None:
    change(amina, is_claimed=False)
    with acting_in(organisation.pk):
        tell(person_id=amina.pk, kind="thanks", once="1", now=timezone.now())

        assert not Delivery.objects.exists()


# Preferences and quiet hours


def test_one_chooses_per_kind_and_way(organisation: Organisation, ben: Person) -> None:
    browser, where = client_of(ben), page("notices:preferences", organisation=organisation)
    before = browser.get(where).content.decode()

    browser.post(where, {"wanted": ["thanks:mail", "offer:push", "nonsense:mail"]})

    assert 'value="offer:push" checked' in before
    with acting_in(organisation.pk):
        wanted = Preference.objects.filter(person=ben, is_wanted=True)
        assert sorted(wanted.values_list("kind", "channel")) == [("offer", "push"), ("thanks", "mail")]
        assert Preference.objects.filter(person=ben, kind="nudge", channel="mail", is_wanted=False).exists()


def test_a_mentee_is_not_asked_about_notices_of_mentors_or_moderators(
    organisation: Organisation, amina: Person, dana: Person
) -> None:
    where = page("notices:preferences", organisation=organisation)

    mentee, moderator = (client_of(one).get(where).content.decode() for one in (amina, dana))

    assert "kind-offer" not in mentee
    assert "kind-report_made" not in mentee
    assert "kind-report_made" in moderator


@pytest.mark.parametrize(("kind", "channel"), [("nonsense", "mail"), ("thanks", "pigeon"), ("offer", "mail")])
def test_a_wish_for_what_does_not_exist_is_refused(
    organisation: Organisation, amina: Person, kind: str, channel: str
) -> None:
    with acting_in(organisation.pk), pytest.raises(NoSuchNotice):
        choose_channel(by=amina, kind=kind, channel=channel, is_wanted=True)


def test_in_quiet_hours_an_offer_waits_for_the_morning_and_stands_in_the_app(
    organisation: Organisation, amina: Person, ben: Person
) -> None:
    now = timezone.now()
    local = now.astimezone(ZoneInfo(ben.time_zone))
    with acting_in(organisation.pk):
        member = Membership.objects.filter(person=ben)
        member.update(
            quiet_from=(local - timedelta(hours=1)).time().replace(microsecond=0),
            quiet_until=(local + timedelta(hours=1)).time().replace(microsecond=0),
        )
        question = draft_question(by=amina, text=ASKED, language="en", medium="async", now=now)
        start_search(question=question, by=amina, chosen=[ben.pk], in_writing=True, now=now)
    let_jobs_run(until=now + timedelta(minutes=30))

    assert kinds_told(organisation, ben) == ["offer_written"]
    assert mails() == []
    with acting_in(organisation.pk):
        assert Delivery.objects.get(channel="mail").why == "quiet hours"
        member.update(quiet_from=None, quiet_until=None)
    let_jobs_run(until=now + timedelta(minutes=90))
    assert [one["To"] for one in mails()] == [ben.email]


@pytest.mark.parametrize(("kind", "waits"), [("joined", True), ("report_closed", True), ("report_made", False)])
def test_a_device_rings_at_night_only_for_what_cannot_wait(
    organisation: Organisation, dana: Person, kind: str, waits: bool
) -> None:
    now = timezone.now()
    local = now.astimezone(ZoneInfo(dana.time_zone))
    with acting_in(organisation.pk):
        Membership.objects.filter(person=dana).update(
            quiet_from=(local - timedelta(hours=1)).time().replace(microsecond=0),
            quiet_until=(local + timedelta(hours=1)).time().replace(microsecond=0),
        )
        choose_channel(by=dana, kind=kind, channel="push", is_wanted=True)
        tell(person_id=dana.pk, kind=kind, once="now", now=now)
        delivery = Delivery.objects.get(channel="push")
        deliver_one(delivery_id=delivery.pk, now=now)
        delivery.refresh_from_db()

    # Nobody's device is known here: what goes out at once ends there.
    assert (delivery.state, delivery.why) == (
        ("waiting", "quiet hours") if waits else ("dropped", "no device to reach")
    )


@pytest.mark.parametrize(
    ("starts", "ends", "at", "until"),
    [
        (time(22), time(7), "23:30", "07:00"),
        (time(22), time(7), "06:00", "07:00"),
        (time(22), time(7), "12:00", None),
        (time(13), time(14), "13:30", "14:00"),
        (None, None, "03:00", None),
    ],
)
def test_quiet_hours_end_when_they_say(
    organisation: Organisation, ben: Person, starts: Any, ends: Any, at: str, until: str | None
) -> None:
    zone = ZoneInfo(ben.time_zone)
    member = membership_of(ben, organisation)
    member.quiet_from, member.quiet_until = starts, ends
    now = datetime.fromisoformat(f"2026-03-04T{at}").replace(tzinfo=zone)

    found = quiet_until(member, zone, now=now)

    assert (f"{found.astimezone(zone):%H:%M}" if found else None) == until
    assert found is None or now < found < now + timedelta(days=1)


def test_who_said_available_now_is_awake(organisation: Organisation, ben: Person) -> None:
    with acting_in(organisation.pk):
        become_available(by=ben, minutes=30, now=timezone.now())
    member = membership_of(ben, organisation)
    member.quiet_from, member.quiet_until = time(0), time(23, 59)

    assert quiet_until(member, ZoneInfo("UTC"), now=timezone.now()) is None


def test_an_offer_that_is_gone_is_not_sent(organisation: Organisation, amina: Person, ben: Person) -> None:
    with acting_in(organisation.pk):
        question = draft_question(by=amina, text=ASKED, language="en", medium="async", now=timezone.now())
        start_search(question=question, by=amina, chosen=[ben.pk], in_writing=True, now=timezone.now())
        Offer.objects.update(lapses_at=timezone.now() - timedelta(seconds=1))
    let_jobs_run(until=timezone.now() + LATER)

    assert mails() == []


def test_the_kinds_name_only_channels_that_exist() -> None:
    for kind in KINDS.values():
        assert kind.by <= {"mail", "push"}
        assert kind.unless_asked <= kind.by


def test_a_real_mail_server_gets_the_mail_whole(
    organisation: Organisation, amina: Person, ben: Person, settings: Any
) -> None:
    got = MailServer()
    server = Controller(got, hostname="127.0.0.1", port=a_free_port())
    server.start()
    try:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = server.hostname, server.port
        with acting_in(organisation.pk):
            tell(person_id=amina.pk, kind="thanks", once="1", now=timezone.now(), who=ben.pk)
            deliver_one(delivery_id=Delivery.objects.get(channel="mail").pk, now=timezone.now())
    finally:
        server.stop()

    [content] = got.mails
    told = email.message_from_bytes(content, policy=default)
    assert told["Subject"] == "Ben Okafor thanks you."
    assert told["List-Unsubscribe"].strip().startswith("<http://localhost:8000/at/workshop/unsubscribe/")


# To those who were warned, or are not here


def test_who_was_warned_reads_the_moderators_words_and_not_who_reported(
    organisation: Organisation, amina: Person, ben: Person, dana: Person, emil: Person
) -> None:
    with acting_in(organisation.pk):
        made = report(kind="profile", subject_id=ben.pk, reason="other", words="Loud", by=amina, now=timezone.now())
        close_report(report=made, decision="warned", words="Please do not shout.", by=dana, now=timezone.now())

    assert kinds_told(organisation, ben) == ["warned"]
    with acting_in(organisation.pk):
        notice = Notice.objects.get(person=ben)
    told_at = page("notices:notice", notice.pk, organisation=organisation)
    seen = client_of(ben).get(told_at, follow=True).content.decode()
    assert "Please do not shout." in seen
    assert "Amina" not in seen
    assert "Loud" not in seen
    assert all("shout" not in text_of(one) for one in mails())
    where = page("trust:warning", made.pk, organisation=organisation)
    assert [client_of(one).get(where).status_code for one in (amina, emil)] == [404, 404]


def test_a_decision_without_a_warning_says_nothing_to_the_one_it_is_about(
    organisation: Organisation, amina: Person, ben: Person, dana: Person
) -> None:
    with acting_in(organisation.pk):
        made = report(kind="profile", subject_id=ben.pk, reason="other", words="", by=amina, now=timezone.now())
        close_report(report=made, decision="nothing", words="All is well.", by=dana, now=timezone.now())

    assert kinds_told(organisation, ben) == []
    assert client_of(ben).get(page("trust:warning", made.pk, organisation=organisation)).status_code == 404


@pytest.mark.parametrize(
    ("what", "sentence"),
    [
        ("decline", "did not let you in this time"),
        ("remove", "A coordinator has taken you out of Open Workshop."),
        ("suspend", "a moderator has suspended you from Open Workshop"),
    ],
)
def test_who_is_not_let_in_or_sent_away_hears_it_in_a_plain_mail(
    organisation: Organisation, dana: Person, what: str, sentence: str
) -> None:
    noor = make_person("Noor Haddad", "noor@example.org")
    with acting_in(organisation.pk):
        Organisation.objects.filter(pk=organisation.pk).update(entry="approval")
        place = join(by=noor, now=timezone.now())
        if what == "decline":
            decline(membership=place, by=dana, now=timezone.now())
        else:
            approve(membership=place, by=dana, now=timezone.now())
            (remove_member if what == "remove" else suspend_member)(membership=place, by=dana, now=timezone.now())
    let_jobs_run()

    [one] = [mail for mail in mails() if mail["To"] == "noor@example.org"]
    assert sentence in " ".join(text_of(one).split())
    assert "Dana" not in text_of(one)


def test_who_came_back_meanwhile_gets_no_farewell(organisation: Organisation, emil: Person, dana: Person) -> None:
    with acting_in(organisation.pk):
        place = Membership.objects.get(person=emil)
        remove_member(membership=place, by=dana, now=timezone.now())
        join(by=emil, now=timezone.now())
    let_jobs_run()

    assert [one for one in mails() if one["To"] == emil.email] == []


def test_what_is_over_is_looked_up_among_the_unread_alone(acting: None, amina: Person) -> None:
    over = Notice.objects.unread().filter(kind__in=("offer",), facts__offer="1")

    with connection.cursor() as cursor:
        cursor.execute("set local enable_seqscan = off")
        plan = over.explain()

    assert "notice_unread" in plan
