"""A mentor whom the mentee came for, from a profile: first on the shortlist, or a sentence that says why not."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from momentor.asking.models import Question
from momentor.dispatch.models import Offer
from momentor.dispatch.reach import mentor_ids_for, taken_this_week
from momentor.people.models import Membership, Person
from momentor.people.queries import profile_for
from momentor.scheduling.limits import is_understood
from momentor.sessions.models import Session


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """Whom the mentee wants to ask, and in plain words why they cannot be asked, if so."""

    person_id: UUID
    name: str
    why_not: str

    @property
    def may_stand_first(self) -> bool:
        return not self.why_not


def wanted_mentor(question: Question, person_id: UUID, *, viewer: Person, now: datetime) -> Wanted | None:
    """Return the mentor of this id as the mentee may see them; None where there is nobody for them to ask for."""
    profile = profile_for(viewer=viewer, person_id=person_id, now=now)
    if profile is None or profile.is_own or profile.is_blocked_by_viewer:
        return None
    why_not = _why_not(question, profile.membership, is_paused=profile.pause is not None, now=now)
    who = str(profile.person)
    return Wanted(person_id=person_id, name=who, why_not=why_not % {"who": who})


def _why_not(question: Question, mentor: Membership, *, is_paused: bool, now: datetime) -> str:
    if question.is_blind:
        return _("In this programme nobody is asked by name: both sides decide before they know who it is.")
    if not mentor.answers_questions or not mentor.person.is_claimed:
        return _("%(who)s does not answer questions at the moment.")
    if is_paused:
        return _("%(who)s takes a break and is asked nothing until it is over.")
    if question.medium not in mentor.mediums:
        return _("%(who)s does not answer in the way you chose. Change how you want to talk, and you can ask.")
    if not is_understood(question, mentor.person.languages):
        return _("%(who)s does not talk in the language of your question.")
    if _was_asked(question, mentor.person_id):
        return _("%(who)s has had this question before, and nobody is asked twice.")
    if mentor.person_id not in mentor_ids_for(question, now=now):
        return _("%(who)s is not among those who may be asked this question.")
    if taken_this_week(mentor.person, now=now) >= mentor.capacity_per_week:
        return _("%(who)s has given all the time they wanted to give this week.")
    return ""


def _was_asked(question: Question, person_id: UUID) -> bool:
    offers = Offer.objects.filter(question=question, mentor=person_id)
    return offers.exists() or Session.objects.filter(question=question, mentor=person_id).exists()
