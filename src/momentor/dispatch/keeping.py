"""What goes when it is older than the organisation keeps it."""

from datetime import datetime

from django.db.models import Exists, OuterRef

from momentor.asking.models import Question
from momentor.dispatch.models import LedgerEntry, Offer, Search

AT_ONCE = 200


def forget_offers(before: datetime) -> int:
    """Remove the searches that ended before, the offers that were decided on, and what the match ledger says of then.

    Most go with their question. These are of questions that stay: those with an answer that others may read, and
    imported ones. A question that still looks for somebody keeps its offers, which say whom not to ask again.
    """
    gone = LedgerEntry.objects.filter(made_at__lt=before).delete()[0]
    offers = Offer.objects.filter(decided_at__lt=before).exclude(state=Offer.State.WAITING)
    gone += offers.exclude(question__state__in=Question.UNRESOLVED).delete()[0]
    kept = Offer.objects.filter(search=OuterRef("pk"))
    searches = Search.objects.filter(ended_at__lt=before).exclude(question__state__in=Question.UNRESOLVED)
    old = searches.exclude(Exists(kept)).order_by("pk")
    while ids := list(old.values_list("pk", flat=True)[:AT_ONCE]):
        gone += Search.objects.filter(pk__in=ids).delete()[0]
    return gone
