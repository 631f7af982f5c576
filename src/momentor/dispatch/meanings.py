"""What questions mean, as vectors: made by the worker, kept in the database, read by every process.

A vector is made when a question is asked. Those that came otherwise, or before there was an encoder, follow some at a
time, behind everything that somebody waits for.
"""

import logging
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from datetime import datetime
from time import monotonic
from uuid import UUID

import numpy as np
from django.db.models import Count, Exists, OuterRef, QuerySet

from matchwell.columns import Numbers
from matchwell.encoders import Encoder, EncoderError
from matchwell.language import RARE
from matchwell.meanings import whole
from matchwell.words import primary
from momentor.asking.models import Answer, Question
from momentor.dispatch.encoding import encoder_for
from momentor.dispatch.models import QuestionVector
from momentor.foundation.ids import new_id
from momentor.foundation.tenancy import current_organisation_id

AT_ONCE = 32  # less than a second of work
FROM_THE_FIRST = UUID(int=0)
LANGUAGES_HOLD = 3600.0  # seconds

logger = logging.getLogger("momentor.dispatch")


def encoder_here() -> Encoder | None:
    """Return what reads the questions of the current organisation, None where words alone count."""
    return encoder_for(_languages())


def read_some(*, now: datetime, after: UUID = FROM_THE_FIRST) -> UUID | None:
    """Make vectors for some answered questions behind this one that have none of today's encoder, in order.

    Return the last of them, None where there are no more.
    """
    encoder = encoder_here()
    if encoder is None:
        return None
    questions = list(unread(encoder).filter(pk__gt=after).only("id", "text").order_by("pk")[:AT_ONCE])
    _read(encoder, questions, now=now)
    return questions[-1].pk if len(questions) == AT_ONCE else None


def read_one(question: Question, *, now: datetime) -> None:
    """Make the vector of a question anew, whose words may be others than when it had one."""
    encoder = encoder_here()
    if encoder is not None:
        _read(encoder, [question], now=now)


def unread(encoder: Encoder) -> QuerySet[Question]:
    """Return the answered questions without a vector of this encoder."""
    answers = Answer.objects.filter(question=OuterRef("pk"), mentor__isnull=False)
    vectors = QuestionVector.objects.filter(question=OuterRef("pk"), encoder=encoder.name)
    return Question.objects.filter(Exists(answers)).exclude(Exists(vectors))


def vectors_of(question_ids: Collection[UUID], encoder: Encoder | None) -> dict[UUID, Numbers]:
    """Return the vectors of these questions that this encoder made."""
    if encoder is None or not question_ids:
        return {}
    kept = QuestionVector.objects.filter(question_id__in=question_ids, encoder=encoder.name)
    return dict(_as_numbers(kept.values_list("question_id", "numbers").iterator(chunk_size=2000)))


def vector_of(text: str, encoder: Encoder | None) -> Numbers | None:
    """Return the vector of a text that is asked about, None where it cannot be read."""
    if encoder is None:
        return None
    try:
        vector: Numbers = encoder.encode([text])[0]
    except EncoderError:
        return None
    return vector


def _read(encoder: Encoder, questions: list[Question], *, now: datetime) -> None:
    if not questions:
        return
    try:
        encoded = encoder.encode([question.text for question in questions])
    except EncoderError as fault:
        logger.warning("questions could not be read", extra={"why": str(fault)})
        return
    QuestionVector.objects.bulk_create(
        [
            QuestionVector(
                id=new_id(),
                question=question,
                encoder=encoder.name,
                numbers=whole(vector).astype(np.int8).tobytes(),
                made_at=now,
            )
            for question, vector in zip(questions, encoded, strict=True)
        ],
        update_conflicts=True,
        unique_fields=["organisation", "question"],
        update_fields=["encoder", "numbers", "made_at"],
    )


def _as_numbers(rows: Iterable[tuple[UUID, bytes | memoryview]]) -> Iterator[tuple[UUID, Numbers]]:
    for question_id, numbers in rows:
        yield question_id, np.frombuffer(numbers, np.int8).astype(np.float32)


def _languages() -> frozenset[str]:
    """Return the languages that questions here are written in, but for rare ones; English where none is known."""
    organisation_id = current_organisation_id()
    known_until, languages = _known_languages.get(organisation_id, (0.0, frozenset()))
    if known_until < monotonic():
        counts: Counter[str] = Counter()
        stated = Question.objects.exclude(language="").values("language").annotate(count=Count("id"))
        for language, count in stated.order_by("language").values_list("language", "count"):
            counts.update(dict.fromkeys(primary([language]), count))
        languages = frozenset(language for language, count in counts.items() if count >= RARE * counts.total())
        languages = languages or frozenset({"en"})
        _known_languages[organisation_id] = (monotonic() + LANGUAGES_HOLD, languages)
    return languages


_known_languages: dict[UUID, tuple[float, frozenset[str]]] = {}
