"""Free slots from weekly hours: values in, values out."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

Stretch = tuple[int, time, time]
WEEK = timedelta(days=7)
# The last minute of a day stands for midnight, which a time of day cannot say.
MIDNIGHT = time(23, 59)


class Span(NamedTuple):
    """A stretch of real time, its end not included."""

    starts: datetime
    ends: datetime

    def overlaps(self, other: "Span") -> bool:
        return self.starts < other.ends and other.starts < self.ends


def merged(stretches: Iterable[Stretch]) -> list[Stretch]:
    """Return the same hours as stretches that neither overlap nor touch, in order."""
    kept: list[Stretch] = []
    for weekday, starts, ends in sorted(stretches):
        if kept and kept[-1][0] == weekday and starts <= kept[-1][2]:
            kept[-1] = (weekday, kept[-1][1], max(kept[-1][2], ends))
        else:
            kept.append((weekday, starts, ends))
    return kept


def has_room(at: datetime, others: Iterable[datetime], *, capacity: int) -> bool:
    """Return whether one more conversation at this time keeps within so many a week, given when the others are."""
    return sum(abs(at - other) < WEEK for other in others) < capacity


def is_within_hours(hours: Iterable[Stretch], local: datetime) -> bool:
    """Return whether a local time lies in one of the weekly stretches (weekday 0 is Monday)."""
    now = local.time()
    return any(
        day == local.weekday() and starts <= now and (now < ends or ends >= MIDNIGHT) for day, starts, ends in hours
    )


def is_within_quiet(quiet_from: time | None, quiet_until: time | None, local: datetime) -> bool:
    """Return whether a local time lies in the quiet hours, which may go over midnight."""
    if quiet_from is None or quiet_until is None or quiet_from == quiet_until:
        return False
    now = local.time()
    if quiet_from < quiet_until:
        return quiet_from <= now < quiet_until
    return now >= quiet_from or now < quiet_until


def free_slots(
    hours: Sequence[Stretch],
    zone: ZoneInfo,
    *,
    minutes: int,
    after: datetime,
    until: datetime,
    busy: Sequence[Span] = (),
    step: int = 15,
) -> Iterator[Span]:
    """Yield the free slots of a length in minutes between two moments, earliest first, in UTC.

    Hours are wall-clock times of the mentor's zone. A time that a clock change skips does not exist and gives no
    slot; of a time that comes twice, the first is meant. Slots begin on multiples of `step` minutes.
    """
    day = after.astimezone(zone).date()
    last = until.astimezone(zone).date()
    length = timedelta(minutes=minutes)
    while day <= last:
        for weekday, starts, ends in sorted(hours, key=lambda stretch: stretch[1]):
            if weekday == day.weekday():
                yield from _within(day, starts, ends, zone, length, step, after, until, busy)
        day += timedelta(days=1)


def _within(
    day: date,
    starts: time,
    ends: time,
    zone: ZoneInfo,
    length: timedelta,
    step: int,
    after: datetime,
    until: datetime,
    busy: Sequence[Span],
) -> Iterator[Span]:
    utc = ZoneInfo("UTC")
    moment = datetime.combine(day, time()) + timedelta(minutes=-(-(starts.hour * 60 + starts.minute) // step) * step)
    over = datetime.combine(day, ends) if ends < MIDNIGHT else datetime.combine(day + timedelta(days=1), time())
    while moment < over:
        local = moment.replace(tzinfo=zone)
        begins = local.astimezone(utc)
        slot = Span(begins, begins + length)
        exists = begins.astimezone(zone).replace(tzinfo=None) == moment
        fits = slot.ends <= over.replace(tzinfo=zone).astimezone(utc)
        is_ahead = begins >= after and slot.ends <= until
        if exists and fits and is_ahead and not any(slot.overlaps(taken) for taken in busy):
            yield slot
        moment += timedelta(minutes=step)
