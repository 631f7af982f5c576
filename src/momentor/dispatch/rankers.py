"""What ranks in an organisation: what was learned there, what other communities taught, or plain weights."""

import logging
from uuid import UUID

from matchwell.ranker.model import Ranker, UnreadableRanker
from matchwell.ranker.prior import prior
from momentor.dispatch.models import LearnedRanking

Chosen = LearnedRanking.Chosen

logger = logging.getLogger("momentor.dispatch")


def newest() -> UUID | None:
    """Return the id of what the current organisation learned last."""
    return LearnedRanking.objects.order_by("-made_at").values_list("pk", flat=True).first()


def ranker_of(learned_id: UUID | None) -> Ranker | None:
    """Return what is to rank; None where plain weights do better.

    Before there is enough to learn from, it is what other communities taught.
    """
    learned = LearnedRanking.objects.filter(pk=learned_id).first() if learned_id else None
    if learned is None or learned.chosen == Chosen.PRIOR:
        return prior()
    if learned.chosen != Chosen.RANKER:
        return None
    try:
        return Ranker.from_json(learned.ranker)
    except UnreadableRanker as fault:
        logger.warning("going by what other communities taught", extra={"why": str(fault)})
        return prior()
