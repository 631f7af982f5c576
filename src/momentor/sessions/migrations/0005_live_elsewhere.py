from django.db import migrations

# Who is in a live session in another organisation: who, and nothing else of it.
#
# A person has one pair of ears, whatever the organisation. Nothing here goes round the policies: each session is read
# in its own organisation, and a person's organisations as that person sees them. At the end everything is set as it
# was; after an error PostgreSQL sees to that, as after any rollback.
LIVE = """
create function rooms_live_elsewhere(people uuid[]) returns setof uuid
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
            if exists (select from rooms_session s
                       where s.organisation_id = place and (s.mentor_id = one or s.mentee_id = one)
                         and s.state in ('opening', 'running') and s.medium <> 'async') then
                return next one;
                exit;
            end if;
        end loop;
    end loop;
    perform set_config('app.organisation', coalesce(here, ''), true), set_config('app.person', coalesce(me, ''), true);
end $$;
"""
DROP = "drop function rooms_live_elsewhere(uuid[]);"


class Migration(migrations.Migration):
    dependencies = [("rooms", "0004_come_by"), ("people", "0003_who_sees_whom")]
    operations = [migrations.RunSQL(LIVE, DROP)]
