from django.db import migrations

# What most messages look like to listeners, without a look at other rows: short enough to be written in place where it
# is called, which a function that reads rows is not.
FRAME = """
create or replace function rooms_frame_of(this rooms_message, body text, upload json) returns json language sql stable
as $$
    select json_build_object(
        't', 'message', 'seq', this.seq, 'id', this.id, 'by', this.sender_id, 'cid', this.client_id, 'kind', this.kind,
        'body', body, 'about', this.about, 'upload', upload,
        'at', this.sent_at, 'edited', this.edited_at is not null, 'deleted', this.deleted_at is not null)
$$;
create or replace function rooms_frame(this rooms_message) returns json language sql stable as $$
    select rooms_frame_of(
        this,
        case when this.kind = 'edit' then coalesce(
            (select m.body from rooms_message m where m.session_id = this.session_id and m.seq = this.about), '')
            else this.body end,
        case when this.upload_id is not null then (
            select json_build_object('id', u.id, 'name', u.name, 'type', u.media_type, 'size', u.size,
                                     'width', u.width, 'height', u.height)
            from rooms_upload u where u.id = this.upload_id) end)
$$;
"""

# The one way in for messages: any number of them, for any rooms of one organisation, in one statement.
#
# Locks each room once, in the order of their ids, so that two batches never wait for each other in a circle, and writes
# each room once, however much was said in it.
# A message is let in when its sender is in the session and the session takes messages: not once one of the two has
# blocked the other or has left, even before the session was ended for it. Sending twice stores once and answers with
# the first number. A file must have been given into this session by its sender. Each message is
# announced to the room on commit (NOTIFY), the words with it while they are short; what does not fit travels as a
# number alone.
#
# Looking for a message is planned anew each time (`execute`). A plan that was kept from when the table was small reads
# every message of the organisation, until the table's statistics are renewed.
POST = """
create or replace function rooms_post(
    organisation uuid, rooms uuid[], senders uuid[], client_ids text[], kinds text[], bodies text[],
    abouts bigint[], uploads uuid[], ids uuid[], at timestamptz
) returns table (number int, outcome text, at_seq bigint)
language plpgsql as $$
declare
    room rooms_session%rowtype;
    stored rooms_message%rowtype;
    this uuid;
    places int[];
    subject bigint;
    payload text;
    i int;
    is_apart boolean;
    is_changed boolean;
begin
    perform set_config('app.organisation', organisation::text, true);
    for this, places in select r, array_agg(o order by o) from unnest(rooms) with ordinality as u(r, o)
                        group by r order by r loop
        select * into room from rooms_session s where s.organisation_id = organisation and s.id = this for update;
        is_apart := exists (
                select from people_block b where b.organisation_id = organisation
                    and b.by_id in (room.mentee_id, room.mentor_id) and b.about_id in (room.mentee_id, room.mentor_id))
            or not exists (
                select from people_membership m where m.organisation_id = organisation
                    and m.person_id = room.mentee_id and m.state = 'active')
            or not exists (
                select from people_membership m where m.organisation_id = organisation
                    and m.person_id = room.mentor_id and m.state = 'active');
        is_changed := false;
        foreach i in array places loop
            number := i;
            at_seq := null;
            subject := abouts[i];
            if room.id is null
                    or (senders[i] is distinct from room.mentee_id and senders[i] is distinct from room.mentor_id
                        and not (kinds[i] = 'note' and senders[i] is null)) then
                outcome := 'no_room'; return next; continue;
            end if;
            -- What is new, as nearly everything is, is found to be so by the index when it goes in. Before anything is
            -- refused or changed, it is looked for.
            if senders[i] is null then
                execute 'select m.seq from rooms_message m'
                    ' where m.session_id = $1 and m.sender_id is null and m.client_id = $2'
                    into at_seq using this, client_ids[i];
            elsif is_apart or room.state not in ('opening', 'running') or kinds[i] <> 'text' then
                execute 'select m.seq from rooms_message m'
                    ' where m.session_id = $1 and m.sender_id = $2 and m.client_id = $3'
                    into at_seq using this, senders[i], client_ids[i];
            end if;
            if at_seq is not null then
                outcome := 'known'; return next; continue;
            end if;
            if (is_apart or room.state not in ('opening', 'running')) and kinds[i] <> 'note' then
                outcome := 'over'; return next; continue;
            end if;
            if kinds[i] = 'file' then
                perform 1 from rooms_upload u
                    where u.id = uploads[i] and u.session_id = this and u.by_id = senders[i];
                if not found then
                    outcome := 'not_yours'; return next; continue;
                end if;
            end if;
            if kinds[i] in ('edit', 'deletion') then
                update rooms_message m
                    set body = case when kinds[i] = 'edit' then bodies[i] else '' end,
                        edited_at = case when kinds[i] = 'edit' then at else m.edited_at end,
                        deleted_at = case when kinds[i] = 'deletion' then at else m.deleted_at end,
                        upload_id = case when kinds[i] = 'deletion' then null else m.upload_id end
                    where m.session_id = this and m.seq = subject and m.sender_id = senders[i]
                      and m.deleted_at is null
                      and (m.kind = 'text' or (m.kind = 'file' and kinds[i] = 'deletion'));
                if not found then
                    outcome := 'not_yours'; return next; continue;
                end if;
            elsif subject is not null then
                execute 'select m.seq from rooms_message m where m.session_id = $1 and m.seq = $2'
                    into subject using this, subject;
            end if;
            insert into rooms_message
                (id, organisation_id, session_id, seq, sender_id, client_id, kind, body, about, upload_id, sent_at)
            values
                (ids[i], organisation, this, room.last_seq + 1, senders[i], client_ids[i], kinds[i],
                 case when kinds[i] in ('edit', 'deletion') then '' else bodies[i] end, subject,
                 case when kinds[i] = 'file' then uploads[i] end, at)
            on conflict (organisation_id, session_id, sender_id, client_id) do nothing
            returning * into stored;
            if not found then
                execute 'select m.seq from rooms_message m'
                    ' where m.session_id = $1 and m.sender_id = $2 and m.client_id = $3'
                    into at_seq using this, senders[i], client_ids[i];
                outcome := 'known'; return next; continue;
            end if;
            room.last_seq := stored.seq;
            is_changed := true;
            -- In a written conversation, having said something makes it the other's move.
            if room.medium = 'async' and kinds[i] in ('text', 'file') then
                room.next_move_by_id :=
                    case when senders[i] = room.mentee_id then room.mentor_id else room.mentee_id end;
                room.next_move_until := at + interval '2 days';
            end if;
            payload := '{"to": "room:' || this || '", "m": ' || case
                when kinds[i] = 'edit' or stored.upload_id is not null then rooms_frame(stored)
                else rooms_frame_of(stored, stored.body, null) end || '}';
            if octet_length(payload) > 7900 then
                payload := json_build_object('to', 'room:' || this, 'm', json_build_object(
                    't', 'message', 'seq', stored.seq, 'fetch', organisation))::text;
            end if;
            perform pg_notify('momentor_live', payload);
            outcome := 'stored'; at_seq := stored.seq; return next;
        end loop;
        if is_changed then
            update rooms_session s set
                last_seq = room.last_seq, next_move_by_id = room.next_move_by_id,
                next_move_until = room.next_move_until
                where s.organisation_id = organisation and s.id = this;
        end if;
    end loop;
end $$;
"""


class Migration(migrations.Migration):
    dependencies = [("rooms", "0006_post_by_the_index")]
    operations = [migrations.RunSQL(FRAME + POST, migrations.RunSQL.noop)]
