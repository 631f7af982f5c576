"""Bringing a community in: people become mentors with evidence, questions become history."""

import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password
from django.db import connection, transaction
from django.db.models import Count
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from momentor.asking.models import Answer, Question
from momentor.dispatch.studying import study_later
from momentor.foundation.refusals import Refusal
from momentor.foundation.tenancy import acting_in, signing_in
from momentor.importing.rows import AnswerRow, Bad, Folder, ProfileRow, QuestionRow
from momentor.people.actions.organisations import check_organisation
from momentor.people.models import Medium, Membership, Organisation, Person, Programme

# Every imported row has the same id whenever it is imported, which makes a second import, and one that was killed
# in the middle, change nothing that is there.
NAMESPACE = UUID("6d6f6d65-6e74-5f72-8069-6d706f727430")
PEOPLE_A_BATCH = 1000

Progress = Callable[[int], Any]


class LivesAlready(Refusal):
    message = _("“%(slug)s” is the address of an organisation that was not imported. Choose another one with --slug.")


@dataclass(kw_only=True)
class Report:
    """What an import read and wrote."""

    people: int = 0
    questions: int = 0
    answers: int = 0
    profiles: int = 0
    new_questions: int = 0
    new_answers: int = 0
    bad: list[Bad] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class Claimed:
    """An imported mentor who got an account to sign in with."""

    name: str
    email: str
    answers: int


def import_folder(
    folder: Folder, *, organisation: Organisation, language: str, now: datetime, progress: Progress
) -> Report:
    """Bring a folder into an organisation of its own, batch by batch, each in a transaction.

    `progress` hears how many rows each step took. Rows that cannot be used go into the report.
    """
    report = Report()
    ids = Ids(organisation)
    _import_people(folder, organisation, ids, report, now=now, progress=progress)
    _import_questions(folder, organisation, ids, report, language=language, now=now, progress=progress)
    _import_answers(folder, organisation, ids, report, now=now, progress=progress)
    _import_profiles(folder, organisation, ids, report, progress=progress)
    with acting_in(organisation.pk):
        _say_what_they_answer()
        study_later()
    return report


@dataclass(frozen=True)
class Ids:
    """The ids of imported rows."""

    organisation: Organisation

    def person(self, number: int) -> UUID:
        return uuid5(NAMESPACE, f"{self.organisation.pk}/person/{number}")

    def membership(self, number: int) -> UUID:
        return uuid5(NAMESPACE, f"{self.organisation.pk}/membership/{number}")

    def question(self, number: int) -> UUID:
        return uuid5(NAMESPACE, f"{self.organisation.pk}/question/{number}")

    def answer(self, question: int, person: int) -> UUID:
        return uuid5(NAMESPACE, f"{self.organisation.pk}/answer/{question}/{person}")


def organisation_for(*, name: str, slug: str, now: datetime) -> Organisation:
    """Return the organisation that an import goes into, made with its programme when it is new.

    Raises LivesAlready, WrongAddress, WrongOrganisation.
    """
    wanted = Organisation(
        name=name,
        slug=slug,
        description=f"Imported from {name}.",
        entry=Organisation.Entry.INVITED,
        created_at=now,
        is_imported=True,
    )
    check_organisation(wanted)
    with transaction.atomic():
        organisation = Organisation.objects.filter(slug=slug).first()
        if organisation is None:
            wanted.save()
            organisation = wanted
        elif not organisation.is_imported:
            raise LivesAlready(slug=slug)
        with acting_in(organisation.pk):
            Programme.objects.get_or_create(name="Everyone", defaults={"is_for_all": True})
    return organisation


def claim_busiest(*, organisation: Organisation, count: int, password: str, now: datetime) -> list[Claimed]:
    """Turn the people with the most answers into accounts that can sign in; those claimed before stay as they are."""
    with acting_in(organisation.pk, is_signing_in=True):
        busiest = Answer.objects.values("mentor").annotate(answers=Count("id")).order_by("-answers", "mentor")[:count]
        answers = {row["mentor"]: row["answers"] for row in busiest}
        claimed = []
        for number, person in enumerate(
            sorted(Person.objects.filter(pk__in=answers), key=lambda one: (-answers[one.pk], one.pk)), 1
        ):
            if not person.is_claimed:
                person.email = f"{organisation.slug}-{number}@demo.invalid"
                person.is_claimed = True
                person.is_demo = True
                person.of_age_confirmed_at = now
                person.set_password(password)
                person.save()
                EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
                Membership.objects.filter(person=person).update(agreed_to_conduct_at=now)
            claimed.append(Claimed(name=person.name, email=person.email, answers=answers[person.pk]))
        return claimed


def without_account(emails: list[str]) -> list[str]:
    """Return the addresses that no account has."""
    with signing_in():
        return [email for email in emails if not Person.objects.filter(email__iexact=email).exists()]


def join_as_member(*, organisation: Organisation, email: str, now: datetime) -> Person | None:
    """Let an account that exists take part in the organisation; return None when there is none."""
    with signing_in():
        person = Person.objects.filter(email__iexact=email).first()
    if person is not None:
        with acting_in(organisation.pk, person_id=person.pk):
            Membership.objects.get_or_create(
                organisation=organisation,  # people also see their own memberships elsewhere
                person=person,
                defaults={
                    "roles": [Membership.Role.COORDINATOR, Membership.Role.MODERATOR],
                    "agreed_to_conduct_at": now,
                    "mediums": [Medium.CHAT, Medium.ASYNC],
                },
            )
    return person


def new_password() -> str:
    """Return a password for demo accounts."""
    return secrets.token_urlsafe(9)


def _import_people(
    folder: Folder, organisation: Organisation, ids: Ids, report: Report, *, now: datetime, progress: Progress
) -> None:
    people = sorted(folder.people())
    report.people = len(people)
    for numbers in _chunks(people, PEOPLE_A_BATCH):
        with acting_in(organisation.pk, is_signing_in=True):
            known = set(
                Membership.objects.filter(pk__in=[ids.membership(n) for n in numbers]).values_list("pk", flat=True)
            )
            new = [number for number in numbers if ids.membership(number) not in known]
            Person.objects.bulk_create(
                [
                    Person(
                        id=ids.person(number),
                        email=f"{number}@{organisation.pk}.invalid",
                        name=f"Member {number}",
                        password=make_password(None),
                        is_claimed=False,
                        joined_at=now,
                    )
                    for number in new
                ],
                ignore_conflicts=True,
            )
            Membership.objects.bulk_create(
                [
                    Membership(id=ids.membership(number), person_id=ids.person(number), joined_at=now, changed_at=now)
                    for number in new
                ],
                ignore_conflicts=True,
            )
        progress(len(numbers))


def _import_questions(
    folder: Folder,
    organisation: Organisation,
    ids: Ids,
    report: Report,
    *,
    language: str,
    now: datetime,
    progress: Progress,
) -> None:
    seen: set[int] = set()
    start = 0
    for batch in folder.questions():
        rows: list[QuestionRow] = []
        for place, row in enumerate(batch, start + 1):
            if isinstance(row, Bad):
                report.bad.append(row)
            elif row.qid in seen:
                report.bad.append(Bad(file="questions.parquet", row=place, why=f"qid {row.qid} came before"))
            else:
                seen.add(row.qid)
                rows.append(row)
        start += len(batch)
        with acting_in(organisation.pk):
            known = _known(Question, [ids.question(row.qid) for row in rows])
            new = [
                Question(
                    id=ids.question(row.qid),
                    mentee_id=ids.person(row.asker) if row.asker is not None else None,
                    text=row.text,
                    topics=list(row.topics),
                    language=language,
                    state=Question.State.WITHDRAWN,  # until an answer comes with it
                    reason="imported",
                    asked_at=folder.time_of(row.ts),
                    changed_at=folder.time_of(row.ts) or now,
                    sequence=folder.sequence_of(row.ts),
                    source=f"import/{row.qid}",
                )
                for row in rows
                if ids.question(row.qid) not in known
            ]
            Question.objects.bulk_create(new, ignore_conflicts=True)
        report.questions += len(rows)
        report.new_questions += len(new)
        progress(len(batch))


def _import_answers(
    folder: Folder, organisation: Organisation, ids: Ids, report: Report, *, now: datetime, progress: Progress
) -> None:
    start = 0
    for batch in folder.answers():
        rows: dict[UUID, AnswerRow] = {}
        with acting_in(organisation.pk):
            asked = _known(Question, [ids.question(row.qid) for row in batch if isinstance(row, AnswerRow)])
            for place, row in enumerate(batch, start + 1):
                if isinstance(row, Bad):
                    report.bad.append(row)
                elif ids.question(row.qid) not in asked:
                    report.bad.append(Bad(file="answers.parquet", row=place, why=f"there is no question {row.qid}"))
                else:
                    report.answers += 1
                    # Somebody who answered twice counts once, with the first of the two.
                    rows.setdefault(ids.answer(row.qid, row.person), row)
            known = _known(Answer, list(rows))
            new = [
                Answer(
                    id=answer_id,
                    question_id=ids.question(row.qid),
                    mentor_id=ids.person(row.person),
                    text=row.text,
                    given_at=folder.time_of(row.ts),
                    sequence=folder.sequence_of(row.ts),
                    # These were public where they come from; whoever imports them answers for showing them.
                    mentee_agreed_at=now if row.text else None,
                    mentor_agreed_at=now if row.text else None,
                    stored_at=timezone.now(),  # later than what an index has read, however long the import takes
                )
                for answer_id, row in rows.items()
                if answer_id not in known
            ]
            Answer.objects.bulk_create(new, ignore_conflicts=True)
            Question.objects.filter(
                pk__in={answer.question_id for answer in new}, state=Question.State.WITHDRAWN
            ).update(state=Question.State.ANSWERED, reason="imported")
        start += len(batch)
        report.new_answers += len(new)
        progress(len(batch))


def _import_profiles(
    folder: Folder, organisation: Organisation, ids: Ids, report: Report, *, progress: Progress
) -> None:
    for batch in folder.profiles():
        rows = [row for row in batch if isinstance(row, ProfileRow)]
        report.bad.extend(row for row in batch if isinstance(row, Bad))
        with acting_in(organisation.pk):
            wanted = {ids.membership(row.person): row.text for row in rows}
            unclaimed = Membership.objects.filter(pk__in=wanted, person__is_claimed=False, story="")
            for membership in unclaimed:
                membership.story = wanted[membership.pk]
            Membership.objects.bulk_update(unclaimed, ["story"])
        report.profiles += len(rows)
        progress(len(batch))


def _say_what_they_answer() -> None:
    """Make everybody with an answer a mentor, with a headline of what they answered most."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            with said as (
                select a.mentor_id, t.topic, count(*) as times
                from asking_answer a join asking_question q on q.id = a.question_id
                left join lateral unnest(q.topics) as t(topic) on true
                group by a.mentor_id, t.topic
            ), ranked as (
                select mentor_id, topic, times,
                       row_number() over (partition by mentor_id order by times desc, topic) as place
                from said where topic is not null
            ), headlines as (
                select s.mentor_id, coalesce(string_agg(r.topic, ', ' order by r.place), '') as topics
                from (select distinct mentor_id from said) s
                left join ranked r on r.mentor_id = s.mentor_id and r.place <= 4
                group by s.mentor_id
            )
            update people_membership m
            set answers_questions = true,
                mediums = array['chat', 'async']::varchar[],
                headline = case when m.headline <> '' or h.topics = '' then m.headline
                    else left('Answered questions about ' || h.topics, 120) end,
                changed_at = %s
            from headlines h join people_person p on p.id = h.mentor_id
            where m.person_id = h.mentor_id and not p.is_claimed and not m.answers_questions
            """,
            [timezone.now()],
        )


def _known(model: Any, ids: list[UUID]) -> set[UUID]:
    return set(model.objects.filter(pk__in=ids).values_list("pk", flat=True))


def _chunks(values: list[int], size: int) -> Iterator[list[int]]:
    return (values[start : start + size] for start in range(0, len(values), size))
