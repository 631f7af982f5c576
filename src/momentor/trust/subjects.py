"""What can be reported: each domain says how to look up its own, and what a moderator needs to read."""

from collections.abc import Callable
from dataclasses import dataclass, field
from uuid import UUID

from django.conf import settings
from django.utils.module_loading import import_string

from momentor.people.models import Membership, Person, SampleAnswer, Skill


@dataclass(frozen=True, kw_only=True)
class Line:
    """A piece of what was reported, as it stood then: who said or wrote it, when, and the words."""

    who: str
    words: str
    at: str = ""


@dataclass(frozen=True, kw_only=True)
class Subject:
    """A thing that a person may report: what to call it, whom it is about, and its words."""

    title: str
    about_id: UUID | None
    context: list[Line] = field(default_factory=list)
    is_named: bool = True  # whether the reporter may know whom it is about


# Looks a thing up for the person who reports it; None when they cannot see it.
Lookup = Callable[[UUID, Person], Subject | None]


def reported_profile(subject_id: UUID, by: Person) -> Subject | None:
    """Return the profile of the person with this id, if the reporter belongs to the same organisation."""
    membership = Membership.objects.here().filter(person_id=subject_id).select_related("person").first()
    if membership is None or membership.person_id == by.pk:
        return None
    who = str(membership.person)
    skills = ", ".join(Skill.objects.filter(membership=membership).order_by("name").values_list("name", flat=True))
    parts = (membership.headline, membership.story, membership.asked_about, skills)
    samples = SampleAnswer.objects.filter(membership=membership).order_by("id")
    answers = [f"{sample.question}\n\n{sample.answer}" for sample in samples]
    return Subject(
        title=who,
        about_id=membership.person_id,
        context=[Line(who=who, words=part) for part in (*parts, *answers) if part],
    )


# An open set: project/wiring.py adds what the other domains let people report.
SUBJECTS: dict[str, Lookup] = {"profile": reported_profile}


def subject_of(kind: str, subject_id: UUID, by: Person) -> Subject | None:
    """Return what this person wants to report, or None if there is no such thing for them."""
    import_string(settings.WIRING)
    lookup = SUBJECTS.get(kind)
    return lookup(subject_id, by) if lookup else None
