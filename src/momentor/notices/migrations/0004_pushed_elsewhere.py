from django.db import migrations

# How many notices of these kinds reached a person's devices in their other organisations: a number, and nothing else.
#
# A device is one, whatever the organisation that makes it ring. Nothing here goes round the policies: each delivery is
# counted in its own organisation, and a person's organisations as that person sees them. At the end everything is set
# as it was; after an error PostgreSQL sees to that, as after any rollback.
PUSHED = """
create function notices_pushed_elsewhere(one uuid, kinds text[], since timestamptz) returns bigint
language plpgsql as $$
declare
    here text := current_setting('app.organisation', true);
    me text := current_setting('app.person', true);
    place uuid;
    places uuid[];
    more bigint;
    found_there bigint := 0;
begin
    perform set_config('app.organisation', '', true), set_config('app.person', one::text, true);
    select coalesce(array_agg(m.organisation_id), '{}') into places
        from people_membership m where m.person_id = one and m.organisation_id::text is distinct from here;
    foreach place in array places loop
        perform set_config('app.organisation', place::text, true);
        select count(*) into more from notices_notice n
            join notices_delivery d on d.organisation_id = n.organisation_id and d.notice_id = n.id
            where n.organisation_id = place and n.person_id = one and n.kind = any(kinds)
              and d.channel = 'push' and d.state = 'sent' and d.tried_at > since;
        found_there := found_there + more;
    end loop;
    perform set_config('app.organisation', coalesce(here, ''), true), set_config('app.person', coalesce(me, ''), true);
    return found_there;
end $$;
"""
DROP = "drop function notices_pushed_elsewhere(uuid, text[], timestamptz);"


class Migration(migrations.Migration):
    dependencies = [("notices", "0003_unread_by_kind"), ("people", "0003_who_sees_whom")]
    operations = [migrations.RunSQL(PUSHED, DROP)]
