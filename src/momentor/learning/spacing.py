"""When to ask again what became of a plan. Values in, values out.

The gaps widen with the horizon of the goal: 20 to 40 % of a week, 5 to 10 % of a year (Cepeda et al., 2008,
"Spacing effects in learning: a temporal ridgeline of optimal retention").
"""

from datetime import timedelta
from math import log10

# Days of horizon and the share of it after which the next reminder does most good; between them, along the logarithm.
_WEEK, _SHARE_OF_WEEK = 7.0, 0.3
_YEAR, _SHARE_OF_YEAR = 365.0, 0.075
NUDGES = 4


def gap(horizon: timedelta, number: int) -> timedelta:
    """Return how long after nudge `number` (1 is the first) of a goal with this horizon the next one comes.

    Each gap is half as long again as the one before.
    """
    days = min(max(horizon / timedelta(days=1), 1.0), _YEAR)
    place = (log10(max(days, _WEEK)) - log10(_WEEK)) / (log10(_YEAR) - log10(_WEEK))
    share = _SHARE_OF_WEEK + place * (_SHARE_OF_YEAR - _SHARE_OF_WEEK)
    return timedelta(days=max(1, round(days * share * 1.5 ** (number - 1))))
