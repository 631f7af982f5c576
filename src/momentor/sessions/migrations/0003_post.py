from django.db import migrations

# What listeners get to see of a message: live, when they read on after an absence, and where it was too long to
# travel with its announcement. An edit or a deletion shows what it made of the message it is about.
FRAME = """
create function rooms_frame(this rooms_message) returns json language sql stable as $$
    select json_build_object(
        't', 'message', 'seq', this.seq, 'id', this.id, 'by', this.sender_id, 'cid', this.client_id, 'kind', this.kind,
        'body', case when this.kind = 'edit' then coalesce(
            (select m.body from rooms_message m where m.session_id = this.session_id and m.seq = this.about), '')
            else this.body end,
        'about', this.about,
        'upload', case when this.upload_id is not null then (
            select json_build_object('id', u.id, 'name', u.name, 'type', u.media_type, 'size', u.size,
                                     'width', u.width, 'height', u.height)
            from rooms_upload u where u.id = this.upload_id) end,
        'at', this.sent_at, 'edited', this.edited_at is not null, 'deleted', this.deleted_at is not null)
$$;
"""

# The one way in for messages: any number of them, for any rooms of one organisation, in one statement.
#
# Locks each room once, in the order of their ids, so that two batches never wait for each other in a circle.
# A message is let in when its sender is in the session and the session takes messages: not once one of the two has
# blocked the other or has left, even before the session was ended for it. Sending twice stores once and answers with
# the first number. A file must have been given into this session by its sender. Each message is
# announced to the room on commit (NOTIFY), the words with it while they are short; what does not fit travels as a
# number alone.
POST = """
create function rooms_post(
    organisation uuid, rooms uuid[], senders uuid[], client_ids text[], kinds text[], bodies text[],
    abouts bigint[], uploads uuid[], ids uuid[], at timestamptz
) returns table (number int, outcome text, at_seq bigint)
language plpgsql as $$
declare
    room rooms_session%rowtype;
    stored rooms_message%rowtype;
    here uuid;
    this uuid;
    subject bigint;
    payload text;
    i int;
    is_apart boolean;
begin
    perform set_config('app.organisation', organisation::text, true);
    for this, i in select r, o from unnest(rooms) with ordinality as u(r, o) order by r, o loop
        if this is distinct from here then
            here := this;
            select * into room from rooms_session s where s.id = this for update;
            is_apart := exists (
                select from people_block b where b.organisation_id = organisation
                    and ((b.by_id = room.mentee_id and b.about_id = room.mentor_id)
                         or (b.by_id = room.mentor_id and b.about_id = room.mentee_id)))
                or (select count(*) from people_membership m where m.organisation_id = organisation
                    and m.person_id in (room.mentee_id, room.mentor_id) and m.state = 'active') < 2;
        end if;
        number := i;
        at_seq := null;
        subject := abouts[i];
        if room.id is null or (senders[i] is distinct from room.mentee_id and senders[i] is distinct from room.mentor_id
                               and not (kinds[i] = 'note' and senders[i] is null)) then
            outcome := 'no_room'; return next; continue;
        end if;
        -- Two questions, since the index serves only what is equal.
        if senders[i] is null then
            select m.seq into at_seq from rooms_message m
                where m.session_id = this and m.sender_id is null and m.client_id = client_ids[i];
        else
            select m.seq into at_seq from rooms_message m
                where m.session_id = this and m.sender_id = senders[i] and m.client_id = client_ids[i];
        end if;
        if found then
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
            perform 1 from rooms_message m where m.session_id = this and m.seq = subject;
            if not found then
                subject := null;
            end if;
        end if;
        room.last_seq := room.last_seq + 1;
        -- In a written conversation, having said something makes it the other's move.
        if room.medium = 'async' and kinds[i] in ('text', 'file') then
            room.next_move_by_id := case when senders[i] = room.mentee_id then room.mentor_id else room.mentee_id end;
            room.next_move_until := at + interval '2 days';
        end if;
        update rooms_session s set
            last_seq = room.last_seq, next_move_by_id = room.next_move_by_id, next_move_until = room.next_move_until
            where s.id = this;
        insert into rooms_message
            (id, organisation_id, session_id, seq, sender_id, client_id, kind, body, about, upload_id, sent_at)
        values
            (ids[i], organisation, this, room.last_seq, senders[i], client_ids[i], kinds[i],
             case when kinds[i] in ('edit', 'deletion') then '' else bodies[i] end, subject,
             case when kinds[i] = 'file' then uploads[i] end, at)
        returning * into stored;
        payload := '{"to": "room:' || this || '", "m": ' || rooms_frame(stored) || '}';
        if octet_length(payload) > 7900 then
            payload := json_build_object('to', 'room:' || this, 'm', json_build_object(
                't', 'message', 'seq', stored.seq, 'fetch', organisation))::text;
        end if;
        perform pg_notify('momentor_live', payload);
        outcome := 'stored'; at_seq := stored.seq; return next;
    end loop;
end $$;
"""
DROP = """
drop function rooms_post(uuid, uuid[], uuid[], text[], text[], text[], bigint[], uuid[], uuid[], timestamptz);
drop function rooms_frame(rooms_message);
"""


class Migration(migrations.Migration):
    dependencies = [("rooms", "0002_keep_apart")]
    operations = [migrations.RunSQL(FRAME + POST, DROP)]
