"""How often one person may ask: a bucket each, in each web process.

A site with several web processes lets through as many times more; that is meant to keep one program from taking the
site away from people, not to count exactly. What must be counted exactly (questions a day, reports a day) is an
action's own limit, kept in the database.
"""

import math
import threading
import time
from collections import OrderedDict
from dataclasses import dataclass
from uuid import UUID

A_MINUTE = 240
AT_ONCE = 60
KEPT = 10_000


@dataclass(slots=True)
class Allowance:
    """What is left for one person."""

    left: float
    at: float

    def take(self, now: float) -> bool:
        """Take one if there is one."""
        self.left = min(AT_ONCE, self.left + (now - self.at) * A_MINUTE / 60)
        self.at = now
        if self.left < 1:
            return False
        self.left -= 1
        return True

    @property
    def seconds_until_next(self) -> int:
        return max(1, math.ceil((1 - self.left) * 60 / A_MINUTE))

    @property
    def seconds_until_full(self) -> int:
        return math.ceil((AT_ONCE - self.left) * 60 / A_MINUTE)


_allowances: "OrderedDict[tuple[UUID, UUID], Allowance]" = OrderedDict()
_guard = threading.Lock()


def allowance_of(organisation_id: UUID, person_id: UUID) -> tuple[Allowance, bool]:
    """Take one request from a person's allowance; return it, and whether there was one."""
    now = time.monotonic()
    with _guard:
        mine = _allowances.setdefault((organisation_id, person_id), Allowance(left=AT_ONCE, at=now))
        _allowances.move_to_end((organisation_id, person_id))
        while len(_allowances) > KEPT:
            _allowances.popitem(last=False)
        return mine, mine.take(now)


def forget_all() -> None:
    """Begin anew: for tests."""
    with _guard:
        _allowances.clear()
