"""How likely a mentor takes an offer, and how long it usually takes, from few observations. Pure sums."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

# What is known of mentors in general before one of them has had an offer, as a Beta distribution (mean = taken / made).
_STRENGTH = 6.0
_PRIOR = {"available": 0.6, "hours": 0.35, "reachable": 0.15}
_PRIOR_MINUTES = {"available": 1.0, "hours": 4.0, "reachable": 30.0}


@dataclass(frozen=True, kw_only=True)
class Chance:
    """An expectation about one mentor and one offer."""

    of_yes: float
    minutes: float


def chance(*, presence: str, taken: int, made: int, minutes: Sequence[float]) -> Chance:
    """Return the chance (0 to 1) that an offer is taken, and the median minutes until it is.

    The chance is the mean of a Beta posterior (Gelman et al., Bayesian Data Analysis, section 2.4) whose prior is
    worth six offers; the minutes are the median of those seen, the prior counted as three of them.
    """
    prior = _PRIOR[presence]
    of_yes = (prior * _STRENGTH + taken) / (_STRENGTH + made)
    return Chance(of_yes=of_yes, minutes=median([*[_PRIOR_MINUTES[presence]] * 3, *minutes]))
