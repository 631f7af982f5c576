"""Questions of this organisation that a new mentor could answer as a sample."""

from django.db.models import Q

from momentor.asking.models import Answer, Question
from momentor.people.models import Membership

SHOWN = 2
LOOKED_AT = 40
LONGEST = 500
SHORTEST_WORD = 4


def shown_questions(membership: Membership, known: list[str]) -> list[str]:
    """Return answered questions that their people agreed to show, closest first to what this member knows."""
    words = {word for text in known for word in text.casefold().split() if len(word) >= SHORTEST_WORD}
    mentioned = Q()
    for word in sorted(words)[:20]:
        mentioned |= Q(text__icontains=word)
    if not mentioned:
        return []
    shown = Question.objects.history().filter(pk__in=Answer.objects.shown().values("question_id"))
    found = shown.filter(mentioned).exclude(mentee=membership.person_id).order_by("-changed_at", "-id")
    texts = [" ".join(text.split()) for text in found.values_list("text", flat=True)[:LOOKED_AT]]
    fitting = [text for text in texts if len(text) <= LONGEST]
    return sorted(fitting, key=lambda text: -sum(word in text.casefold() for word in words))[:SHOWN]
