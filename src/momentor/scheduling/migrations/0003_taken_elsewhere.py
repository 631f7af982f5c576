from django.db import migrations

# When people are taken in their other organisations: who and when, and nothing else of it.
#
# A person's time is one, and the exclusion constraints hold across organisations, so that a slot must not be offered
# which they would refuse. Nothing here goes round the policies: each booking is read in its own organisation, and a
# person's organisations as that person sees them. At the end everything is set as it was; after an error PostgreSQL
# sees to that, as after any rollback.
TAKEN = """
create function scheduling_taken_elsewhere(people uuid[], starts timestamptz, ends timestamptz)
returns table (person uuid, during tstzrange)
language plpgsql as $$
declare
    here text := current_setting('app.organisation', true);
    me text := current_setting('app.person', true);
    one uuid;
    place uuid;
    places uuid[];
begin
    foreach one in array people loop
        perform set_config('app.organisation', '', true), set_config('app.person', one::text, true);
        select coalesce(array_agg(m.organisation_id), '{}') into places
            from people_membership m where m.person_id = one and m.organisation_id::text is distinct from here;
        foreach place in array places loop
            perform set_config('app.organisation', place::text, true);
            return query select one, b.during from scheduling_booking b
                where b.organisation_id = place and (b.mentor_id = one or b.mentee_id = one)
                  and b.cancelled_at is null and b.during && tstzrange(starts, ends);
        end loop;
    end loop;
    perform set_config('app.organisation', coalesce(here, ''), true), set_config('app.person', coalesce(me, ''), true);
end $$;
"""
DROP = "drop function scheduling_taken_elsewhere(uuid[], timestamptz, timestamptz);"


class Migration(migrations.Migration):
    dependencies = [("scheduling", "0002_keep_apart"), ("people", "0003_who_sees_whom")]
    operations = [migrations.RunSQL(TAKEN, DROP)]
