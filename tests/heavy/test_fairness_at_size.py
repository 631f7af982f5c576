"""The report on fairness of a large organisation: 100,000 offers, 20,000 questions, 2,000 mentors."""

import sys
import time
from typing import Any

from django.db import connection
from django.utils import timezone

from momentor.foundation.tenancy import acting_in
from momentor.learning.fairness import Period, fairness_for
from momentor.people.models import Grouping, Organisation
from tests.cast import make_member, make_person

MANY = """
create temporary table made as select gen_random_uuid() as id, n from generate_series(1, 4000) n;
insert into people_person (id, password, is_superuser, email, name, languages, time_zone, locale, is_claimed, is_demo,
    is_staff, is_active, joined_at)
select id, '', false, 'p' || n || '@example.org', 'P' || n, '{en}', 'UTC', '', true, false, false, true,
    %(early)s
from made;
insert into people_membership (id, organisation_id, person_id, roles, state, joined_at, agreed_to_conduct_at, headline,
    story, asked_about, mediums, answers_questions, capacity_per_week, changed_at)
select gen_random_uuid(), %(org)s, id, '{}', 'active', %(early)s, %(early)s, '', '', '', '{chat}',
    n <= 2000, 3, %(early)s
from made;
insert into people_groupchoice (id, organisation_id, membership_id, grouping_id, "group", chosen_at)
select gen_random_uuid(), %(org)s, m.id, %(grouping)s, case when n %% 3 = 0 then 'Yes' else 'No' end, %(early)s
from people_membership m join made on made.id = m.person_id where n %% 5 < 3;
insert into asking_question (id, organisation_id, mentee_id, text, topics, language, medium, time_box, audience,
    is_anonymous, state, step, reason, asked_at, changed_at, source)
select gen_random_uuid(), %(org)s, made.id, 'q', '{}', 'en', 'chat', 10, 'everybody', false, 'answered', '', '',
    %(early)s + random() * interval '80 days', %(early)s, ''
from generate_series(1, 20000) number join made on made.n = 2001 + number %% 2000;
insert into dispatch_search (id, organisation_id, question_id, pace, state, chosen, is_widened, wave, started_at)
select gen_random_uuid(), %(org)s, id, 'live', 'found', '{}', false, 1, asked_at from asking_question;
insert into dispatch_offer (id, organisation_id, search_id, question_id, mentor_id, wave, state, reasons, score,
    made_at, lapses_at, decided_at, pass_reason)
select gen_random_uuid(), %(org)s, s.id, s.question_id, made.id, 1,
    case when place = 1 then 'accepted' else 'lapsed' end,
    '[{"kind": "answered", "weight": 1.2, "question": null, "words": ["lead", "crew"]}]', 10 - place, s.started_at,
    s.started_at, s.started_at, ''
from (select *, row_number() over (order by id) as number from dispatch_search) s cross join generate_series(1, 5) place
join made on made.n = 1 + (floor(2000 * power((s.number * 7919 %% 20011) / 20011.0, 3))::int + place * 13) %% 2000;
insert into rooms_session (id, organisation_id, question_id, mentee_id, mentor_id, medium, time_box, state, opened_at,
    end_reason, last_seq)
select gen_random_uuid(), %(org)s, q.id, q.mentee_id, o.mentor_id, 'chat', 10, 'ended',
    o.made_at + interval '5 minutes', 'done', 0
from dispatch_offer o join asking_question q on q.id = o.question_id where o.state = 'accepted';
insert into asking_answer (id, organisation_id, question_id, mentor_id, text, given_at, stored_at)
select gen_random_uuid(), %(org)s, question_id, mentor_id, '', opened_at, opened_at from rooms_session;
insert into learning_takeaway (id, organisation_id, session_id, insight, first_step, plan_if, plan_then, written_at)
select id, %(org)s, id, '', '', '', '', opened_at from rooms_session;
insert into learning_outcome (id, organisation_id, takeaway_id, was_applied, helped, words, told_at)
select gen_random_uuid(), %(org)s, id, true, true, '', written_at from learning_takeaway
where get_byte(uuid_send(id), 15) < 64;
insert into learning_feedback (id, organisation_id, session_id, by_id, moved, words, given_at)
select gen_random_uuid(), %(org)s, id, mentee_id, 1 + floor(5 * random()), '', opened_at from rooms_session;
analyze
"""


def test_a_hundred_thousand_offers_are_summed_up_in_a_few_seconds(organisation: Organisation) -> None:
    dana = make_person("Dana Novak", "dana@example.org")
    make_member(organisation, dana, roles=["coordinator"])
    now = timezone.now()
    period = Period.of(12, now=now)
    with acting_in(organisation.pk):
        grouping = Grouping.objects.create(name="First at university", groups=["Yes", "No"])
        given: dict[str, Any] = {"org": organisation.pk, "grouping": grouping.pk, "early": period.since}
        with connection.cursor() as cursor:
            for statement in MANY.split(";"):
                cursor.execute(statement, given if "%(" in statement else ())
        began = time.perf_counter()
        found = fairness_for(dana, period, grouping_id=grouping.pk)
        seconds = time.perf_counter() - began

    sys.stdout.write(f"{seconds:.2f} s\n")
    assert len(found.mentors.rows) == 4
    assert found.mentors.rows[0].people == 2000
    assert found.mentees.rows[0].people == 2000
    helped = found.mentees.rows[0].figures["helped"]
    assert helped is not None
    assert 0.65 < helped.value < 0.75, "a quarter by what came of the plan, the others by three of five feelings"
    assert seconds < 10
