from django.db import migrations

# The one way in for messages: any number of them, for any rooms of one organisation, in one statement.
#
# Locks each room once, in the order of their ids, so that two batches never wait for each other in a circle.
# A message is let in when its sender is in the session and the session takes messages; sending twice stores once
# and answers with the first number. Each message is announced to the room on commit (NOTIFY), the words with it
# while they are short; what does not fit travels as a number alone.
POST = """
create function rooms_post(
    organisation uuid, rooms uuid[], senders uuid[], client_ids text[], kinds text[], bodies text[],
    abouts bigint[], uploads uuid[], ids uuid[], at timestamptz
) returns table (number int, outcome text, at_seq bigint)
language plpgsql as $$
declare
    next_seq bigint;
    room rooms_session%rowtype;
    known rooms_message%rowtype;
    subject rooms_message%rowtype;
    payload text;
    i int;
    this uuid;
    spoke uuid;
begin
    perform set_config('app.organisation', organisation::text, true);
    for this in select distinct r from unnest(rooms) r order by r loop
        select * into room from rooms_session s where s.id = this for update;
        next_seq := coalesce(room.last_seq, 0);
        spoke := null;
        for i in select o from unnest(rooms) with ordinality as u(r, o) where r = this order by o loop
            number := i;
            if room.id is null or (senders[i] is distinct from room.mentee_id and senders[i] is distinct from room.mentor_id
                                   and not (kinds[i] = 'note' and senders[i] is null)) then
                outcome := 'no_room'; at_seq := null; return next; continue;
            end if;
            select * into known from rooms_message m
                where m.session_id = this and m.sender_id is not distinct from senders[i] and m.client_id = client_ids[i];
            if found then
                outcome := 'known'; at_seq := known.seq; return next; continue;
            end if;
            if room.state not in ('opening', 'running') and kinds[i] <> 'note' then
                outcome := 'over'; at_seq := null; return next; continue;
            end if;
            if kinds[i] in ('edit', 'deletion') then
                update rooms_message m
                    set body = case when kinds[i] = 'edit' then bodies[i] else '' end,
                        edited_at = case when kinds[i] = 'edit' then at else m.edited_at end,
                        deleted_at = case when kinds[i] = 'deletion' then at else m.deleted_at end,
                        upload_id = case when kinds[i] = 'deletion' then null else m.upload_id end
                    where m.session_id = this and m.seq = abouts[i] and m.sender_id = senders[i]
                      and m.deleted_at is null
                      and (m.kind = 'text' or (m.kind = 'file' and kinds[i] = 'deletion'));
                if not found then
                    outcome := 'not_yours'; at_seq := null; return next; continue;
                end if;
            elsif abouts[i] is not null then
                perform 1 from rooms_message m where m.session_id = this and m.seq = abouts[i];
                if not found then
                    abouts[i] := null;
                end if;
            end if;
            next_seq := next_seq + 1;
            if kinds[i] in ('text', 'file') then
                spoke := senders[i];
            end if;
            insert into rooms_message
                (id, organisation_id, session_id, seq, sender_id, client_id, kind, body, about, upload_id, sent_at)
            values
                (ids[i], organisation, this, next_seq, senders[i], client_ids[i], kinds[i],
                 case when kinds[i] in ('edit', 'deletion') then '' else bodies[i] end, abouts[i], uploads[i], at);
            payload := json_build_object('to', 'room:' || this, 'm', json_build_object(
                't', 'message', 'seq', next_seq, 'by', senders[i], 'cid', client_ids[i], 'kind', kinds[i],
                'body', bodies[i], 'about', abouts[i], 'upload', uploads[i], 'at', at))::text;
            if octet_length(payload) > 7900 then
                payload := json_build_object('to', 'room:' || this, 'm', json_build_object(
                    't', 'message', 'seq', next_seq, 'by', senders[i], 'cid', client_ids[i], 'kind', kinds[i],
                    'fetch', organisation))::text;
            end if;
            perform pg_notify('momentor_live', payload);
            outcome := 'stored'; at_seq := next_seq; return next;
        end loop;
        if next_seq > coalesce(room.last_seq, 0) then
            update rooms_session s set
                last_seq = next_seq,
                -- In a written conversation, having said something makes it the other's move.
                next_move_by_id = case when s.medium <> 'async' or spoke is null then s.next_move_by_id
                    when spoke = s.mentee_id then s.mentor_id else s.mentee_id end,
                next_move_until = case when s.medium <> 'async' or spoke is null then s.next_move_until
                    else at + interval '2 days' end
                where s.id = this;
        end if;
    end loop;
end $$;
"""
DROP = "drop function rooms_post(uuid, uuid[], uuid[], text[], text[], text[], bigint[], uuid[], uuid[], timestamptz)"


class Migration(migrations.Migration):
    dependencies = [("rooms", "0002_keep_apart")]
    operations = [migrations.RunSQL(POST, DROP)]
