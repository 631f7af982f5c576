"""Learning, now and then, from an organisation's own past who answers; what came of it is used as long as it helps."""

import logging
import subprocess
import sys
from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

from matchwell import Weights
from matchwell.ageing import learn_half_life
from matchwell.evaluate.logs import Log
from matchwell.learning import Learned, TooFewOutcomes, learn
from matchwell.ranker.prior import prior
from momentor.asking.models import Answer, Question
from momentor.dispatch import candidates
from momentor.dispatch.meanings import vectors_of
from momentor.dispatch.models import LearnedRanking
from momentor.foundation.tenancy import acting_in, current_organisation_id
from momentor.people.models import Organisation

Chosen = LearnedRanking.Chosen

# Learning again is worth the minutes once so much is new: a part of the answers, and not only a handful.
NEW_PART = 0.05
NEW_ANSWERS = 20
# However little is new, the newest questions may tell another story after a while.
STALE = timedelta(days=7)
KEPT = 12

logger = logging.getLogger("momentor.dispatch")


class LearningStopped(RuntimeError):
    """The process that learned ended without a result: mostly the machine had too little memory for it."""


def is_worth_learning(*, now: datetime) -> bool:
    """Say whether enough is new since the last time, in the current organisation.

    What was made up for a demo teaches how it was made up.
    """
    if Organisation.objects.filter(pk=current_organisation_id(), is_demo=True).exists():
        return False
    answers = Answer.objects.filter(mentor__isnull=False).count()
    last = LearnedRanking.objects.order_by("-made_at").values_list("answers", "made_at").first()
    if last is None:
        return answers >= NEW_ANSWERS
    known, made_at = last
    new = abs(answers - known)
    return new >= max(NEW_ANSWERS, NEW_PART * known) or (new > 0 and made_at < now - STALE)


def learn_beside(organisation_id: UUID) -> None:
    """Learn in a process of its own, which takes its minutes and its memory beside the worker. Raises LearningStopped.

    A worker that serves live searches cannot give either.
    """
    command = [sys.executable, "-m", "momentor.console.main", "match", "learn", "--id", str(organisation_id), "--json"]
    ended = subprocess.run(command, check=False, stdin=subprocess.DEVNULL, capture_output=True)
    if ended.returncode:
        raise LearningStopped(f"it ended with {ended.returncode}: {ended.stderr.decode(errors='replace')[-400:]}")


def learn_here(
    organisation_id: UUID, *, now: datetime, progress: Callable[[int, int], None] | None = None
) -> LearnedRanking | None:
    """Learn from an organisation's past and keep what came of it; None where there is too little to learn from.

    Takes minutes for thousands of questions, with no transaction open meanwhile.
    """
    with acting_in(organisation_id):
        kept = candidates.fresh_index(now=now)
        answered = Answer.objects.filter(mentor__isnull=False).order_by("pk")
        answers = candidates.past_answers(kept, answered)
        asked = Question.objects.filter(pk__in=answered.order_by().values("question")).order_by("pk")
        vectors = vectors_of(list(asked.values_list("pk", flat=True)), kept.encoder)
        questions = list(candidates.past_questions(kept, asked, vectors))
    try:
        learned = learn(kept.index, questions, prior=prior(), progress=progress)
        half_life = Weights().half_life
        if learned.ranker is None:
            plain = Log(name="", questions=questions, answers=answers)
            half_life = learn_half_life(kept.index, plain, progress=progress).days
    except TooFewOutcomes as refusal:
        logger.info("nothing was learned", extra={"why": str(refusal)})
        with acting_in(organisation_id):
            LearnedRanking.objects.all().delete()  # learned from more than there is now
        return None
    with acting_in(organisation_id):
        return _keep(learned, half_life, answers=len(answers), now=now)


def _keep(learned: Learned, half_life: float, *, answers: int, now: datetime) -> LearnedRanking:
    kept = LearnedRanking.objects.create(
        chosen=learned.chosen,
        version=learned.ranker.version if learned.ranker else "",
        ranker=learned.ranker.to_json() if learned.ranker and learned.chosen == Chosen.RANKER else "",
        questions=learned.questions,
        tested=learned.tested,
        held_back={name: round(value, 4) for name, value in learned.held_back.items()},
        answers=answers,
        half_life=half_life,
        made_at=now,
    )
    old = LearnedRanking.objects.order_by("-made_at").values_list("pk", flat=True)[KEPT:]
    LearnedRanking.objects.filter(pk__in=list(old)).delete()
    return kept
