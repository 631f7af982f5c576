"""What was said can be reported, and leaving ends what somebody had open, wherever it lies."""

import io
import json
import re
import zipfile
from datetime import timedelta
from uuid import UUID

import pytest
from django.utils import timezone

from momentor.api.models import ApiToken
from momentor.api.tokens import make_token, revoke_token
from momentor.asking.actions import agree_to_show, ask_question, draft_question, stop_showing
from momentor.asking.models import Answer, Question
from momentor.dispatch.actions import accept_offer, start_search
from momentor.dispatch.models import Offer
from momentor.foundation.jobs import run_waiting
from momentor.foundation.models import EventRecord
from momentor.foundation.tenancy import acting_in
from momentor.integrations.webpush.models import PushSubscription
from momentor.learning.actions import tell_outcome, thank_mentor, write_takeaway
from momentor.people.actions import delete_account, leave_organisation, save_sample_answer
from momentor.people.export import export_of
from momentor.people.models import Membership, Organisation, Person
from momentor.people.queries import profile_for
from momentor.people.retention import forget_old
from momentor.people.samples import questions_for
from momentor.people.standing import ConductNotAgreed
from momentor.sessions.models import Message, Session
from momentor.trust.actions import NothingToReport, block, report
from momentor.trust.models import Report
from tests.api_client import Program
from tests.cast import client_of, page
from tests.talks import ASKED, end_talk, open_talk, say


def reported(kind: str, subject_id: UUID, by: Person) -> Report:
    return report(kind=kind, subject_id=subject_id, reason="harassment", words="", by=by, now=timezone.now())


def test_everything_the_other_wrote_can_be_reported_and_by_nobody_else(
    organisation: Organisation, amina: Person, ben: Person, emil: Person
) -> None:
    session = open_talk(organisation, amina, ben, came=(amina, ben))
    say(organisation, session, amina, "Hello Ben.")
    said = say(organisation, session, ben, "You are a fool.")
    with acting_in(organisation.pk):
        card = write_takeaway(session=session, by=ben, now=timezone.now(), insight="Fools lead too.")
        message = Message.objects.get(session=session, seq=said)

        things = {"session": session.pk, "message": message.pk, "takeaway": card.pk, "question": session.question_id}
        for kind in ("session", "message", "takeaway"):
            made = reported(kind, things[kind], amina)
            assert made.about_id == ben.pk
        words = [line["words"] for made in Report.objects.order_by("id") for line in made.context]
        assert words.count("You are a fool.") == 2
        assert "Fools lead too." in words
        assert reported("question", things["question"], ben).about_id == amina.pk
        for kind, subject_id in things.items():
            with pytest.raises(NothingToReport):
                reported(kind, subject_id, emil)


def test_who_leaves_ends_conversations_and_withdraws_questions(
    organisation: Organisation, amina: Person, ben: Person, emil: Person
) -> None:
    told = open_talk(organisation, amina, ben, came=(amina, ben))
    say(organisation, told, ben, "Shadow the foreman for a week.")
    with acting_in(organisation.pk):
        _token, _secret = make_token(by=ben, name="calendar", days=None, now=timezone.now())
        PushSubscription.objects.create(person=ben, endpoint="https://push.example/1", p256dh="x", auth="y")

        leave_organisation(by=ben, now=timezone.now())

    run_waiting(until=timezone.now())
    with acting_in(organisation.pk):
        ended = Session.objects.get(pk=told.pk)
        assert ended.is_over
        assert Question.objects.get(pk=told.question_id).state == Question.State.ANSWERED
        assert not ApiToken.objects.exists()
        assert not PushSubscription.objects.exists()


def test_a_mentee_who_leaves_withdraws_the_question(organisation: Organisation, amina: Person, ben: Person) -> None:
    session = open_talk(organisation, amina, ben)
    with acting_in(organisation.pk):
        leave_organisation(by=amina, now=timezone.now())

    run_waiting(until=timezone.now())

    with acting_in(organisation.pk):
        assert Question.objects.get(pk=session.question_id).state == Question.State.WITHDRAWN
        assert Session.objects.get(pk=session.pk).is_over


def test_the_other_side_keeps_the_conversation_under_somebody_who_left(
    organisation: Organisation, amina: Person, ben: Person
) -> None:
    session = open_talk(organisation, amina, ben, came=(amina, ben))
    say(organisation, session, ben, "Shadow the foreman for a week.")

    delete_account(by=ben, now=timezone.now())
    run_waiting(until=timezone.now())

    page = client_of(amina).get(f"/at/workshop/sessions/{session.pk}/")
    assert page.status_code == 200
    text = page.content.decode()
    assert "Shadow the foreman for a week." in text
    assert "Somebody who left" in text
    assert "Ben" not in text


def test_an_export_names_the_tokens_and_holds_nothing_that_opens_anything(
    organisation: Organisation, amina: Person, ben: Person
) -> None:
    now = timezone.now()
    with acting_in(organisation.pk, person_id=amina.pk):
        token, secret = make_token(by=amina, name="My calendar", days=30, now=now)
        _old, _secret = make_token(by=ben, name="Not hers", days=30, now=now)
        revoke_token(token=token, by=amina, now=now)

    with export_of(amina, now=now) as archive, zipfile.ZipFile(io.BytesIO(archive.read())) as folder:
        files = {name: folder.read(name).decode() for name in folder.namelist()}

    [told] = json.loads(files["workshop/api_tokens.json"])
    assert told["name"] == "My calendar"
    assert told["used_at"] is None
    assert {told["made_at"][:10], told["revoked_at"][:10]} == {now.date().isoformat()}
    assert told["expires_at"][:10] == (now + timedelta(days=30)).date().isoformat()
    for text in files.values():
        assert secret not in text
        assert token.token_hash not in text


def test_an_export_holds_what_was_said_by_both(organisation: Organisation, amina: Person, ben: Person) -> None:
    session = open_talk(organisation, amina, ben, came=(amina, ben))
    say(organisation, session, ben, "Shadow the foreman for a week.")

    with export_of(amina, now=timezone.now()) as archive, zipfile.ZipFile(io.BytesIO(archive.read())) as folder:
        everything = {name: json.loads(folder.read(name)) for name in folder.namelist() if name.endswith(".json")}

    assert "Shadow the foreman for a week." in str(everything)
    assert ASKED in str(everything)


def test_conversations_end_with_the_time_the_organisation_keeps_them(
    organisation: Organisation, amina: Person, ben: Person
) -> None:
    session = open_talk(organisation, amina, ben, came=(amina, ben))
    say(organisation, session, ben, "Shadow the foreman for a week.")
    with acting_in(organisation.pk):
        leave_organisation(by=amina, now=timezone.now())
    run_waiting(until=timezone.now())

    with acting_in(organisation.pk):
        kept = Question.objects.create(mentee=ben, text="Shown to all", state="answered", changed_at=timezone.now())
        agreed = {"mentee_agreed_at": timezone.now(), "mentor_agreed_at": timezone.now()}
        Answer.objects.create(question=kept, text="So.", **agreed)

        forget_old(now=timezone.now() + timedelta(days=729))
        assert Message.objects.exists()
        forget_old(now=timezone.now() + timedelta(days=731))
        assert not Message.objects.exists()
        assert not Session.objects.exists()
        assert list(Question.objects.all()) == [kept]


@pytest.mark.usefixtures("acting")
def test_nobody_asks_before_agreeing_to_the_code_of_conduct(amina: Person) -> None:
    Membership.objects.filter(person=amina).update(agreed_to_conduct_at=None)
    draft = draft_question(by=amina, now=timezone.now(), text=ASKED, language="en", medium="chat")

    with pytest.raises(ConductNotAgreed):
        ask_question(question=draft, by=amina, now=timezone.now())


@pytest.mark.usefixtures("acting")
def test_who_did_not_agree_is_no_mentor(ben: Person, emil: Person) -> None:
    Membership.objects.filter(person=ben).update(agreed_to_conduct_at=None)

    assert [member.person_id for member in Membership.objects.mentors()] == [emil.pk]


@pytest.mark.usefixtures("acting")
def test_a_new_mentor_is_asked_what_people_here_asked_and_agreed_to_show(amina: Person, ben: Person) -> None:
    now = timezone.now()
    hidden, shown = (
        Question.objects.create(mentee=amina, text=f"{what} welding: which course first?", state="answered")
        for what in ("Secret", "Public")
    )
    Answer.objects.create(question=hidden, text="This one.")
    Answer.objects.create(question=shown, text="That one.", mentee_agreed_at=now, mentor_agreed_at=now)
    profile = profile_for(viewer=ben, person_id=ben.pk, now=now)
    assert profile is not None

    asked = questions_for(profile)

    assert asked[0] == "Public welding: which course first?"
    assert len(asked) == 3
    assert "Secret" not in str(asked)


def test_an_answer_that_is_shown_can_be_reported_where_it_is_read(
    organisation: Organisation, amina: Person, ben: Person, emil: Person, chloe: Person
) -> None:
    session = end_talk(organisation, _spoken(organisation, amina, ben), amina)
    with acting_in(organisation.pk):
        answer = Answer.objects.get(question=session.question_id)
        agree_to_show(answer_id=answer.pk, by=ben, text="Fools lead, too.", now=timezone.now())
        for early in (emil, chloe, ben):
            with pytest.raises(NothingToReport):
                reported("answer", answer.pk, early)
        agree_to_show(answer_id=answer.pk, by=amina, text=None, now=timezone.now())
    coached = client_of(emil).post(page("asking:coach", organisation=organisation), {"text": ASKED}).content.decode()
    link = f"{page('trust:report', organisation=organisation)}?kind=answer&amp;id={answer.pk}"

    form = client_of(emil).get(link.replace("&amp;", "&")).content.decode()
    Program(organisation, emil).post("/reports", {"kind": "answer", "subject": str(answer.pk), "reason": "harassment"})

    assert link in coached
    assert "Amina" not in form.split("<main")[1]
    with acting_in(organisation.pk):
        made = Report.objects.get()
        assert made.about_id == ben.pk
        assert "Fools lead, too." in [line["words"] for line in made.context]
        with pytest.raises(NothingToReport):
            reported("answer", answer.pk, ben)


def test_an_answer_to_ones_own_question_can_be_reported_even_after_a_block(
    organisation: Organisation, amina: Person, ben: Person
) -> None:
    session = end_talk(organisation, _spoken(organisation, amina, ben), amina)
    with acting_in(organisation.pk):
        answer = Answer.objects.get(question=session.question_id)
        agree_to_show(answer_id=answer.pk, by=ben, text="Fools lead, too.", now=timezone.now())
        block(about=amina, by=ben, now=timezone.now())
    link = f"{page('trust:report', organisation=organisation)}?kind=answer&amp;id={answer.pk}"

    for where in (("asking:question", session.question_id), ("asking:answer", answer.pk)):
        assert link in client_of(amina).get(page(*where, organisation=organisation)).content.decode()
    assert client_of(amina).get(link.replace("&amp;", "&")).status_code == 200


def test_what_the_other_wrote_on_the_card_can_be_reported_from_it(
    organisation: Organisation, amina: Person, ben: Person
) -> None:
    session = end_talk(organisation, _spoken(organisation, amina, ben), amina)
    with acting_in(organisation.pk):
        card = write_takeaway(session=session, by=ben, now=timezone.now(), insight="Fools lead too.")
    room = page("sessions:session", session.pk, organisation=organisation)
    link = f"{page('trust:report', organisation=organisation)}?kind=takeaway&amp;id={card.pk}"

    Program(organisation, amina).post("/reports", {"kind": "takeaway", "subject": str(card.pk), "reason": "harassment"})

    assert link in client_of(amina).get(room).content.decode()
    assert link not in client_of(ben).get(room).content.decode()
    with acting_in(organisation.pk):
        assert Report.objects.get().about_id == ben.pk


def test_thanks_and_what_came_of_it_can_be_reported_by_the_mentor_who_reads_them(
    organisation: Organisation, amina: Person, ben: Person, emil: Person
) -> None:
    now = timezone.now()
    session = end_talk(organisation, _spoken(organisation, amina, ben), amina)
    with acting_in(organisation.pk):
        thanks = thank_mentor(session=session, by=amina, words="Thanks for nothing, fool.", now=now)
        card = write_takeaway(session=session, by=amina, insight="None.", now=now)
        tell_outcome(takeaway=card, by=amina, was_applied=False, words="You fool twice.", now=now)
        card = write_takeaway(session=session, by=ben, insight="None?", written_over=card.version, now=now)
    room, outcomes = (
        page("sessions:session", session.pk, organisation=organisation),
        page("learning:outcomes", organisation=organisation),
    )
    reports = page("trust:report", organisation=organisation)
    links = [f"{reports}?kind=thanks&amp;id={thanks.pk}", f"{reports}?kind=takeaway&amp;id={card.pk}"]

    for where in (room, outcomes):
        seen = client_of(ben).get(where).content.decode()
        assert [link for link in links if link not in seen] == []
    assert links[0] not in client_of(amina).get(room).content.decode()
    Program(organisation, ben).post("/reports", {"kind": "thanks", "subject": str(thanks.pk), "reason": "harassment"})
    Program(organisation, ben).post("/reports", {"kind": "takeaway", "subject": str(card.pk), "reason": "harassment"})

    with acting_in(organisation.pk):
        by_thanks, by_card = Report.objects.order_by("id")
        assert by_thanks.about_id == by_card.about_id == amina.pk
        assert [line["words"] for line in by_thanks.context] == ["Thanks for nothing, fool."]
        assert "You fool twice." in [line["words"] for line in by_card.context]
        for nobody in (amina, emil):
            with pytest.raises(NothingToReport):
                reported("thanks", thanks.pk, nobody)


def test_who_reports_a_profile_lets_moderators_read_the_sample_answers_on_it(
    organisation: Organisation, amina: Person, ben: Person
) -> None:
    with acting_in(organisation.pk):
        asked = "What did you change first?"
        save_sample_answer(by=ben, question=asked, answer="I threw the fools out.", now=timezone.now())

        made = reported("profile", ben.pk, amina)

        assert f"{asked}\n\nI threw the fools out." in [line["words"] for line in made.context]


def _spoken(organisation: Organisation, mentee: Person, mentor: Person) -> Session:
    session = open_talk(organisation, mentee, mentor, came=(mentee, mentor))
    say(organisation, session, mentor, "Lead one shift first.")
    return session


def test_what_touches_the_other_stands_in_the_log_and_without_words(
    organisation: Organisation, amina: Person, ben: Person, emil: Person
) -> None:
    session = end_talk(organisation, _spoken(organisation, amina, ben), amina)
    with acting_in(organisation.pk):
        write_takeaway(session=session, by=ben, now=timezone.now(), insight="Lead one shift.")
        answer = Answer.objects.get(question=session.question_id)
        agree_to_show(answer_id=answer.pk, by=ben, text="Lead one shift first.", now=timezone.now())
        stop_showing(answer_id=answer.pk, by=ben, now=timezone.now())
        other = draft_question(by=amina, text=ASKED, language="en", now=timezone.now())
        start_search(question=other, by=amina, chosen=[ben.pk, emil.pk], now=timezone.now())
        offer = Offer.objects.get(question=other, mentor=ben)
        accept_offer(offer=offer, by=ben, now=timezone.now())

        log = {record.name: record.facts for record in EventRecord.objects.order_by("id")}
        withdrawn = Offer.objects.get(question=other, mentor=emil)

    assert log["TakeawayWritten"]["by_id"] == str(ben.pk)
    assert log["ShowingAgreed"] == log["ShowingEnded"] == {"answer_id": str(answer.pk), "by_id": str(ben.pk)}
    assert log["OfferWithdrawn"] == {"offer_id": str(withdrawn.pk)}
    assert "shift" not in str(log)


def test_a_moderator_reads_what_was_reported_in_words_and_times_for_people(
    organisation: Organisation, amina: Person, ben: Person, dana: Person
) -> None:
    session = open_talk(organisation, amina, ben, came=(amina, ben))
    say(organisation, session, ben, "You will never learn it.")
    with acting_in(organisation.pk, person_id=amina.pk):
        made = reported("session", session.pk, amina)

    content = client_of(dana).get(page("trust:decide", made.pk, organisation=organisation)).content.decode()
    read = re.sub(r"<[^>]+>", " ", content)

    assert "You will never learn it." in read
    assert "Conversation" in read
    assert "+00:00" not in read
    assert f"{timezone.now().year}-" not in read
