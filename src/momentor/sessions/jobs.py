"""What sessions do by the clock."""

import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone

from momentor.foundation import jobs
from momentor.foundation.events import announce
from momentor.foundation.models import EventRecord
from momentor.foundation.tenancy import current_organisation_id
from momentor.people.models import Medium
from momentor.sessions.actions import (
    THREAD_RESTS,
    TIME_TO_CLOSE,
    close_if_over,
    return_if_absent,
    return_if_quiet,
)
from momentor.sessions.events import MovePassed
from momentor.sessions.models import Message, Session, Upload
from momentor.sessions.uploads import folder_of, path_of

UNSHOWN_FOR = timedelta(days=1)
SURELY_TOLD = timedelta(minutes=2)


@jobs.job
def tell_whose_move(*, session_id: UUID) -> None:
    """Announce whose move it is now in a written conversation."""
    session = Session.objects.unended().filter(pk=session_id, medium=Medium.ASYNC).first()
    if session is not None and session.next_move_by_id is not None and session.last_seq:
        announce(MovePassed(session_id=session.pk, person_id=session.next_move_by_id, at=timezone.now()))


@jobs.catch_up("*/5 * * * *")
def end_late_sessions() -> Iterator[jobs.Late]:
    """End, or return, the sessions whose time has come and whose own timer was lost."""
    now = timezone.now()
    unended = Session.objects.unended()
    running = unended.filter(state=Session.State.RUNNING)
    absent = unended.filter(state=Session.State.OPENING, come_by__lte=now).order_by("come_by")
    over = running.filter(ends_at__lte=now - TIME_TO_CLOSE).order_by("ends_at")
    # A mentee who has the answer may take longer.
    is_quiet = Q(next_move_until__lte=now, next_move_by=F("mentor")) | Q(next_move_until__lte=now - THREAD_RESTS)
    quiet = running.filter(is_quiet).order_by("next_move_until")
    for look, sessions in ((return_if_absent, absent), (close_if_over, over), (return_if_quiet, quiet)):
        for session_id in sessions.values_list("pk", flat=True)[: jobs.MOST_LATE]:
            yield partial(look, session_id=session_id)


@jobs.catch_up("*/5 * * * *")
def tell_forgotten_moves() -> Iterator[jobs.Late]:
    """Announce the moves of messages whose own announcement was lost, as when a process died behind them."""
    late = timezone.now() - SURELY_TOLD
    spoken = Message.objects.filter(
        session=OuterRef("pk"), seq=OuterRef("last_seq"), kind__in=("text", "file"), sent_at__lt=late
    )
    open_written = Session.objects.unended().filter(medium=Medium.ASYNC).exclude(next_move_by=None)
    said = open_written.filter(Exists(spoken)).annotate(said_at=spoken.values("sent_at")[:1])
    said_at = dict(said.order_by("pk").values_list("pk", "said_at"))
    told: dict[str, datetime] = {}
    if said_at:  # one look at all of them: by what stands inside its facts no event is found quickly
        since = EventRecord.objects.filter(name="MovePassed", at__gte=min(said_at.values()))
        told = dict(since.order_by("at").values_list("facts__session_id", "at"))
    for session_id, at in said_at.items():
        if str(session_id) not in told or told[str(session_id)] < at:
            yield partial(tell_whose_move, session_id=session_id)


@jobs.every("17 3 * * *")
def remove_lost_files() -> None:
    """Remove files that no message shows: never sent, taken back, or left by a transaction that failed."""
    before = timezone.now() - UNSHOWN_FOR
    shown = Message.objects.filter(session=OuterRef("session"), upload=OuterRef("pk"))
    for upload in Upload.objects.filter(~Exists(shown), uploaded_at__lt=before):
        path_of(upload).unlink(missing_ok=True)
        upload.delete()
    folder = folder_of(current_organisation_id())
    if not folder.is_dir():
        return
    known = {str(one) for one in Upload.objects.values_list("pk", flat=True)}
    for file in folder.iterdir():
        if file.name not in known and file.stat().st_mtime < time.time() - UNSHOWN_FOR.total_seconds():
            file.unlink(missing_ok=True)
