"""Free slots: what holds for every week, zone and length."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as some

from momentor.scheduling.slots import Span, free_slots, has_room, is_within_hours, is_within_quiet, merged

BERLIN = ZoneInfo("Europe/Berlin")
MONDAY = date(2026, 3, 2)

times = some.times(max_value=time(23, 58)).map(lambda at: at.replace(second=0, microsecond=0))
stretches = some.tuples(some.integers(0, 6), times, times).filter(lambda one: one[1] < one[2])
weeks = some.lists(stretches, max_size=8)
zones = some.sampled_from(["Europe/Berlin", "Asia/Kathmandu", "America/St_Johns", "Pacific/Apia", "UTC"]).map(ZoneInfo)
moments = some.integers(0, 365 * 1440).map(
    lambda minutes: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
)


@given(weeks, zones, some.sampled_from([5, 10, 45, 60]), moments)
def test_every_slot_lies_within_the_mentors_hours_and_after_now(
    week: list[tuple[int, time, time]], zone: ZoneInfo, minutes: int, now: datetime
) -> None:
    until = now + timedelta(days=8)

    for slot in free_slots(merged(week), zone, minutes=minutes, after=now, until=until):
        assert now <= slot.starts
        assert slot.ends <= until
        assert slot.ends - slot.starts == timedelta(minutes=minutes)
        assert is_within_hours(week, slot.starts.astimezone(zone))
        assert slot.starts.astimezone(zone).minute % 15 == 0


@given(weeks, zones, moments)
def test_slots_come_in_order_and_each_once(week: list[tuple[int, time, time]], zone: ZoneInfo, now: datetime) -> None:
    found = list(free_slots(merged(week), zone, minutes=10, after=now, until=now + timedelta(days=8)))

    assert all(one.starts < other.starts for one, other in pairwise(found))


@given(weeks, moments, some.lists(some.tuples(some.integers(0, 8 * 1440), some.integers(1, 300)), max_size=5))
def test_no_slot_touches_what_is_taken(
    week: list[tuple[int, time, time]], now: datetime, taken: list[tuple[int, int]]
) -> None:
    busy = [Span(now + timedelta(minutes=start), now + timedelta(minutes=start + length)) for start, length in taken]

    for slot in free_slots(merged(week), BERLIN, minutes=20, after=now, until=now + timedelta(days=8), busy=busy):
        assert not any(slot.overlaps(one) for one in busy)


@given(weeks)
def test_joining_stretches_changes_no_moment(week: list[tuple[int, time, time]]) -> None:
    kept = merged(week)

    for minute in range(0, 7 * 1440, 37):
        local = datetime.combine(MONDAY, time(), UTC) + timedelta(minutes=minute)
        assert is_within_hours(week, local) == is_within_hours(kept, local)
    assert all(one[0] != other[0] or one[2] < other[1] for one, other in pairwise(kept))


def test_an_hour_that_the_clocks_skip_gives_no_slot() -> None:
    night = [(6, time(1), time(4))]
    before = datetime(2026, 3, 28, 12, tzinfo=UTC)

    found = free_slots(night, BERLIN, minutes=15, after=before, until=before + timedelta(days=1))

    local = [f"{slot.starts.astimezone(BERLIN):%H:%M}" for slot in found]
    assert local == ["01:00", "01:15", "01:30", "01:45", "03:00", "03:15", "03:30", "03:45"]


def test_of_an_hour_that_comes_twice_the_first_is_meant() -> None:
    night = [(6, time(2), time(3))]
    before = datetime(2026, 10, 24, 12, tzinfo=UTC)

    found = list(free_slots(night, BERLIN, minutes=30, after=before, until=before + timedelta(days=1)))

    assert [f"{slot.starts:%H:%M}" for slot in found] == ["00:00", "00:15", "00:30", "00:45"]


def test_the_last_minute_of_a_day_stands_for_midnight() -> None:
    evening = [(0, time(23), time(23, 59))]
    noon = datetime(2026, 3, 2, 12, tzinfo=UTC)

    found = list(free_slots(evening, ZoneInfo("UTC"), minutes=30, after=noon, until=noon + timedelta(days=1)))

    assert found[-1].ends == datetime(2026, 3, 3, tzinfo=UTC)
    assert is_within_hours(evening, datetime(2026, 3, 2, 23, 59, 30, tzinfo=UTC))


def test_quiet_hours_may_go_over_midnight() -> None:
    quiet = time(22), time(7)

    assert is_within_quiet(*quiet, datetime(2026, 3, 2, 23, tzinfo=UTC))
    assert is_within_quiet(*quiet, datetime(2026, 3, 2, 6, 59, tzinfo=UTC))
    assert not is_within_quiet(*quiet, datetime(2026, 3, 2, 7, tzinfo=UTC))
    assert not is_within_quiet(None, None, datetime(2026, 3, 2, 3, tzinfo=UTC))
    assert not is_within_quiet(time(3), time(3), datetime(2026, 3, 2, 3, tzinfo=UTC))


def test_a_week_counts_in_both_directions() -> None:
    at = datetime(2026, 3, 5, 9, tzinfo=UTC)
    near, far = at - timedelta(days=6, hours=23), at + timedelta(days=7)

    assert not has_room(at, [near], capacity=1)
    assert has_room(at, [near], capacity=2)
    assert has_room(at, [far], capacity=1)
    assert not has_room(at, [], capacity=0)
