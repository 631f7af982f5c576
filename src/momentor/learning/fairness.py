"""Who is invited and who is helped, by the groups that people count themselves to: what the page on fairness reads.

The database sums up what came to each person, whatever the number of offers; `matchwell.fairness` sums up people. Only
what lies before this week's Monday counts, labels included, so that no figure moves by one person's choice or answer.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import OuterRef, Q, Subquery

from matchwell.fairness import MenteeRecord, MenteeReport, MentorRecord, MentorReport, mentee_report, mentor_report
from momentor.foundation.tenancy import current_organisation_id
from momentor.learning.models import Feedback
from momentor.people.models import GroupChoice, Membership, Person

PERIODS = (4, 12, 52)  # weeks
USUAL = 12
# A question looks for somebody that long at most: invitations before the period tell the place of those in it.
LOOKS_FOR = timedelta(days=15)


@dataclass(frozen=True, kw_only=True)
class Period:
    """Whole weeks, the last of them the one before this."""

    weeks: int
    since: datetime
    until: datetime

    @staticmethod
    def of(weeks: int, *, now: datetime) -> "Period":
        """Return the weeks before this week's Monday."""
        until = now.replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(days=now.weekday())
        return Period(weeks=weeks, since=until - timedelta(weeks=weeks), until=until)


@dataclass(frozen=True, kw_only=True)
class Fairness:
    """What came to mentors and to mentees in a period."""

    mentors: MentorReport
    mentees: MenteeReport

    @property
    def is_empty(self) -> bool:
        return not (self.has_invitations or self.mentees.rows)

    @property
    def has_groups(self) -> bool:
        return len(self.mentors.rows) > 1 or len(self.mentees.rows) > 1

    @property
    def has_invitations(self) -> bool:
        return self.mentors.gini is not None


def fairness_for(viewer: Person, period: Period, *, grouping_id: UUID | None) -> Fairness:
    """Return the report of a period, by the groups of a grouping or of all together. Four queries.

    Whether it helped was told in private, so nobody reads what came out of conversations of their own.
    """
    given = {
        "organisation": current_organisation_id(),
        "viewer": viewer.pk,
        "since": period.since,
        "until": period.until,
        "early": period.since - LOOKS_FOR,
        "further": Feedback.Moved.FURTHER,
    }
    invited = {mentor_id: rest for mentor_id, *rest in _rows(INVITED, given)}
    told = {mentor_id: rest for mentor_id, *rest in _rows(TOLD, given)}
    asked = {mentee_id: rest for mentee_id, *rest in _rows(ASKED, given)}
    members = list(_members(period, grouping_id))
    return Fairness(
        mentors=mentor_report(
            _mentor(group, invited.get(person_id, (0, 0, 0)), told.get(person_id, (0, 0)))
            for person_id, answers, group in members
            if answers or person_id in invited
        ),
        mentees=mentee_report(
            _mentee(group, *asked[person_id]) for person_id, _answers, group in members if person_id in asked
        ),
    )


def _members(period: Period, grouping_id: UUID | None) -> Iterable[tuple[UUID, bool, str | None]]:
    """Return who is here: person, whether they answer questions, and their group if they named one in time."""
    choices = GroupChoice.objects.filter(
        membership=OuterRef("pk"),
        grouping=grouping_id,
        chosen_at__lt=period.until,
        organisation=OuterRef("organisation"),
    )
    answers = Q(answers_questions=True, agreed_to_conduct_at__isnull=False)
    here = Membership.objects.here().active().filter(person__is_active=True, person__is_claimed=True)
    return (
        here.filter(joined_at__lt=period.until)
        .annotate(answers=answers, group=Subquery(choices.values("group")[:1]))
        .values_list("person_id", "answers", "group")
    )


def _mentor(group: str | None, invited: Sequence[Any], told: Sequence[Any]) -> MentorRecord:
    invitations, exposure, accepted = invited
    return MentorRecord(
        group=group,
        invitations=invitations,
        exposure=float(exposure),
        accepted=accepted,
        told=told[0],
        helped=told[1],
    )


def _mentee(
    group: str | None, asked: int, answered: int, minutes: float | None, told: int, helped: int
) -> MenteeRecord:
    return MenteeRecord(group=group, asked=asked, answered=answered, minutes=minutes, told=told, helped=helped)


def _rows(statement: str, given: dict[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, given)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows


# Where two large sets meet below, they are laid behind each other and grouped, and never joined: a plan for a join is
# only as good as the statistics, which know nothing of a community that was imported a minute ago.

# Conversations of the period, and whether they helped: by what came of the plan, else by the feedback.
_TALKS = """
with talks as materialized (
    select s.question_id, s.mentor_id, s.opened_at, case
        when s.mentor_id <> %(viewer)s and s.mentee_id <> %(viewer)s then coalesce(
            (
                select o.helped from learning_takeaway t
                join learning_outcome o on o.organisation_id = t.organisation_id and o.takeaway_id = t.id
                where t.organisation_id = s.organisation_id and t.session_id = s.id and o.told_at < %(until)s
            ),
            (
                select f.moved >= %(further)s from learning_feedback f
                where f.organisation_id = s.organisation_id and f.session_id = s.id and f.by_id = s.mentee_id
                    and f.given_at < %(until)s
            )
        ) end as helped
    from rooms_session s
    where s.organisation_id = %(organisation)s and s.opened_at >= %(since)s and s.opened_at < %(until)s
)
"""

# A place is that among all who were offered a question, those of a wave by their fit; what mentors pulled for
# themselves is no invitation. Summed exactly, so in whatever order.
INVITED = """
select mentor_id, count(*), sum((ln(2::float8) / ln(place + 1::float8))::numeric(9, 6)),
    count(*) filter (where state in ('accepted', 'returned') and decided_at < %(until)s)
from (
    select mentor_id, state, made_at, decided_at,
        row_number() over (partition by question_id order by made_at, wave, score desc, mentor_id) as place
    from dispatch_offer
    where organisation_id = %(organisation)s and made_at >= %(early)s and made_at < %(until)s
        and not reasons @> '[{"kind": "pulled"}]'
) placed
where made_at >= %(since)s group by mentor_id
"""

TOLD = f"""{_TALKS}
select mentor_id, count(helped), count(*) filter (where helped) from talks
where mentor_id is not null group by mentor_id
"""

# Drafts, questions taken back and imported ones are left out; one that still waits counts as not answered yet.
ASKED = f"""{_TALKS}
select mentee_id, count(*), count(*) filter (where is_answered),
    percentile_cont(0.5) within group (order by extract(epoch from greatest(opened_at, asked_at) - asked_at) / 60)
        filter (where opened_at is not null),
    sum(told)::bigint, sum(helped)::bigint
from (
    select (array_agg(mentee_id) filter (where mentee_id is not null))[1] as mentee_id, min(asked_at) as asked_at,
        min(opened_at) as opened_at, bool_or(is_answered) as is_answered, count(helped) as told,
        count(*) filter (where helped) as helped
    from (
        select id as question_id, mentee_id, asked_at, null::timestamptz as opened_at, false as is_answered,
            null::boolean as helped
        from asking_question
        where organisation_id = %(organisation)s and asked_at >= %(since)s and asked_at < %(until)s
            and state not in ('draft', 'withdrawn') and source = '' and mentee_id is not null
        union all
        select question_id, null, null, opened_at, false, helped from talks
        union all
        select question_id, null, null, null, true, null from asking_answer
        where organisation_id = %(organisation)s and given_at >= %(since)s and given_at < %(until)s
    ) happened
    group by question_id having count(asked_at) > 0
) questions
group by mentee_id
"""
