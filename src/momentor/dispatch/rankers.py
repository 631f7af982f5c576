"""What ranks in an organisation: plain weights, until its own past shows that something else does better there.

What other communities taught was learned where everybody answers about one subject, and says above all who is at hand.
Where welders and nurses help each other, it would send a nurse's question to a welder.
"""

import logging
from dataclasses import dataclass
from uuid import UUID

from matchwell import Weights
from matchwell.ranker.model import Ranker, UnreadableRanker
from matchwell.ranker.prior import prior
from momentor.dispatch.models import LearnedRanking

Chosen = LearnedRanking.Chosen
WITH_PRODUCTS = "products"  # what was learned here, in its other form

logger = logging.getLogger("momentor.dispatch")


def newest() -> UUID | None:
    """Return the id of what the current organisation learned last."""
    return LearnedRanking.objects.order_by("-made_at").values_list("pk", flat=True).first()


@dataclass(frozen=True, kw_only=True)
class Compared:
    """A way of ranking beside others: what it is called, and how well it ranked the newest questions, in percent."""

    name: str
    percent: int
    is_used: bool


def compared(learned: LearnedRanking) -> list[Compared]:
    """Return the ways of ranking that were compared when an organisation learned last, the best first."""
    found: dict[str, float] = {}
    for name, value in learned.held_back.items():
        kind = Chosen.RANKER.value if name == WITH_PRODUCTS else name
        found[kind] = max(value, found.get(kind, 0.0))
    used = Chosen.WEIGHTS.value if learned.chosen == Chosen.LATELY else learned.chosen
    ways = [
        Compared(name=str(Chosen(kind).label), percent=round(100 * value), is_used=kind == used)
        for kind, value in found.items()
        if kind in Chosen.values
    ]
    return sorted(ways, key=lambda way: (-way.percent, not way.is_used))


def taught_by(learned_id: UUID | None) -> tuple[Ranker | None, Weights]:
    """Return what is to rank, and the weights for where it does not: where these do better, or nothing was learned."""
    learned = LearnedRanking.objects.filter(pk=learned_id).first() if learned_id else None
    if learned is None:
        return None, Weights()
    return _ranker(learned), Weights(half_life=learned.half_life)


def _ranker(learned: LearnedRanking) -> Ranker | None:
    if learned.chosen in {Chosen.WEIGHTS, Chosen.LATELY}:
        return None
    if learned.chosen == Chosen.PRIOR:
        return prior()
    try:
        return Ranker.from_json(learned.ranker)
    except UnreadableRanker as fault:
        logger.warning("going by plain weights", extra={"why": str(fault)})
        return None
