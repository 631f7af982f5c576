"""Who may answer a question at all: the hard limits that hold for offers and for bookings alike."""

from collections.abc import Iterable

from momentor.asking.models import Question
from momentor.people.models import Block, Enrolment, Membership, MembershipQuerySet, Programme
from momentor.sessions.models import Session


def mentors_within(question: Question) -> MembershipQuerySet:
    """Return the mentors whom neither the programme, a block, nor an earlier try keeps from this question.

    Whether they share a language with it is for `is_understood` to say.
    """
    members = Membership.objects.mentors()
    if question.mentee is not None:
        apart = list(Block.objects.apart_from(question.mentee))
        members = members.exclude(person=question.mentee).exclude(person_id__in=apart)
    programme = _limiting(question)
    if programme is not None:
        members = members.filter(pk__in=Enrolment.objects.filter(programme=programme).values("membership_id"))
    met = Session.objects.filter(question=question, mentor__isnull=False)
    return members.exclude(person_id__in=met.values("mentor_id"))


def is_understood(question: Question, languages: Iterable[str]) -> bool:
    """Return whether somebody who talks in these languages can answer the question."""
    theirs = question.mentee.languages if question.mentee else []
    return share_a_language([question.language] if question.language else theirs, languages)


def share_a_language(some: Iterable[str], others: Iterable[str]) -> bool:
    """Return whether two people share a language, whatever the region ("de" and "de-AT"); unknown ones share all."""
    mine = {language.split("-")[0].lower() for language in some}
    theirs = {language.split("-")[0].lower() for language in others}
    return not mine or not theirs or bool(mine & theirs)


def _limiting(question: Question) -> Programme | None:
    """Return the programme whose mentors alone may be asked."""
    is_limited = question.audience == Question.Audience.PROGRAMME and question.programme is not None
    return question.programme if is_limited and not question.programme.is_for_all else None
