"""What people write about themselves."""

import re
from collections.abc import Iterable
from datetime import datetime, time
from typing import TypedDict, Unpack, cast

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from momentor.foundation.events import announce
from momentor.foundation.refusals import Refusal
from momentor.foundation.text import clean, one_line
from momentor.people.events import MentorStarted, MentorStopped, ProfileEdited
from momentor.people.models import Membership, Person, SampleAnswer, Skill
from momentor.people.standing import ConductNotAgreed, locked_member

MOST_SKILLS = 20
MOST_SAMPLES = 6


class WrongProfile(Refusal):
    message = "%(what)s"
    status = 422


class QuietHoursHalf(Refusal):
    message = _("Give both ends of your quiet hours, or neither.")
    status = 422


class TooManySkills(Refusal):
    message = _("Name up to %(most)s skills: the ones you would like to be asked about.")
    status = 422


class TooManySamples(Refusal):
    message = _("Up to %(most)s sample answers are kept. Take one away first.")
    status = 422


class SampleEmpty(Refusal):
    message = _("Write the question and your answer.")
    status = 422


class SampleTooLong(Refusal):
    message = _("Keep it to %(most)s characters.")
    status = 422


class NotReadyToAnswer(Refusal):
    message = _("Choose at least one language and one way to talk first, so that we know what to offer you.")


class PersonFields(TypedDict, total=False):
    """What holds for a person in every organisation."""

    name: str
    languages: list[str]
    time_zone: str
    locale: str


class ProfileFields(PersonFields, total=False):
    """What a person shows in one organisation, beside what holds everywhere."""

    headline: str
    story: str
    asked_about: str
    mediums: list[str]
    capacity_per_week: int
    quiet_from: time | None
    quiet_until: time | None


OF_PERSON = frozenset(PersonFields.__annotations__)
ON_ONE_LINE = frozenset({"name", "headline"})


@transaction.atomic
def edit_person(*, by: Person, now: datetime, **changes: Unpack[PersonFields]) -> Person:
    """Change what holds for this person everywhere. Raises WrongProfile."""
    person = Person.objects.select_for_update(of=("self",)).get(pk=by.pk)
    if "languages" in changes:
        changes["languages"] = list(dict.fromkeys(usual_tag(tag) for tag in changes["languages"]))
    _change(person, changes)
    return person


@transaction.atomic
def edit_profile(*, by: Person, now: datetime, **changes: Unpack[ProfileFields]) -> Membership:
    """Change one's profile in the current organisation. Raises NotAMember, WrongProfile, QuietHoursHalf."""
    membership = locked_member(by)
    about_person = cast(PersonFields, {name: value for name, value in changes.items() if name in OF_PERSON})
    if about_person:
        edit_person(by=by, now=now, **about_person)
    about_member = {name: value for name, value in changes.items() if name not in OF_PERSON}
    _change(membership, about_member)
    if (membership.quiet_from is None) != (membership.quiet_until is None):
        raise QuietHoursHalf
    _note_change(membership, now)
    return membership


def usual_tag(tag: str) -> str:
    """Write a language tag the usual way (RFC 5646 section 2.1.1): "EN-gb" is "en-GB"."""
    first, *rest = tag.strip().replace("_", "-").split("-")
    return "-".join([first.lower(), *(_usual_subtag(part) for part in rest)])


def _usual_subtag(part: str) -> str:
    if len(part) == 4 and part.isalpha():
        return part.title()
    return part.upper() if len(part) in {2, 3} else part.lower()


def _change(row: models.Model, changes: object) -> None:
    assert isinstance(changes, dict)
    for name, value in changes.items():
        if isinstance(value, str):
            value = one_line(value) if name in ON_ONE_LINE else clean(value)
        setattr(row, name, value)
        if isinstance(value, str) and len(value) > (most := _longest(row, name)):
            raise WrongProfile(what=_("Keep it to %(most)s characters.") % {"most": most})
    others = {field.name for field in row._meta.fields} - set(changes)
    try:
        row.clean_fields(exclude=others)
    except ValidationError as error:
        raise WrongProfile(what=_sentences(row, error)) from error
    if changes:
        row.save(update_fields=[*changes])


def _longest(row: models.Model, name: str) -> int:
    """Return how long a text may be. Django checks that of lines, but of longer texts only in forms."""
    found = next(field for field in row._meta.fields if field.name == name)
    return found.max_length or 0


def _sentences(row: models.Model, error: ValidationError) -> str:
    names = {field.name: field.verbose_name for field in row._meta.fields}
    return " ".join(f"{names[name]}: {' '.join(said)}" for name, said in error.message_dict.items())


def _note_change(membership: Membership, now: datetime) -> None:
    Membership.objects.here().filter(pk=membership.pk).update(changed_at=now)
    announce(ProfileEdited(person_id=membership.person_id, membership_id=membership.pk, at=now))


@transaction.atomic
def set_skills(*, by: Person, skills: Iterable[tuple[str, str]], now: datetime) -> list[Skill]:
    """Replace one's skills by these, each with the address of its ESCO concept or "".

    Raises NotAMember, TooManySkills, WrongProfile.
    """
    membership = locked_member(by)
    wanted = _distinct(skills)
    if len(wanted) > MOST_SKILLS:
        raise TooManySkills(most=MOST_SKILLS)
    rows = [Skill(membership=membership, name=name, esco=_concept(esco)) for name, esco in wanted]
    for row in rows:
        _check_name(row)
    Skill.objects.filter(membership=membership).delete()
    Skill.objects.bulk_create(rows)
    _note_change(membership, now)
    return rows


def _distinct(skills: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    kept: dict[str, tuple[str, str]] = {}
    for name, esco in skills:
        if name := one_line(name):
            kept.setdefault(name.casefold(), (name, esco))
    return list(kept.values())


def _concept(esco: str) -> str:
    return esco if re.match(r"^https?://data\.europa\.eu/esco/[\w/-]{1,80}$", esco) else ""


def _check_name(skill: Skill) -> None:
    try:
        skill.clean_fields(exclude=["membership", "organisation", "id", "esco"])
    except ValidationError as error:
        raise WrongProfile(what=f"“{skill.name[:40]}…”: {' '.join(error.messages)}") from error


@transaction.atomic
def save_sample_answer(*, by: Person, question: str, answer: str, now: datetime) -> SampleAnswer:
    """Keep a member's answer to a sample question; the same question again replaces it.

    Raises NotAMember, SampleEmpty, SampleTooLong, TooManySamples.
    """
    membership = locked_member(by)
    sample = SampleAnswer(membership=membership, question=one_line(question), answer=clean(answer), given_at=now)
    if not (sample.question and sample.answer):
        raise SampleEmpty
    _check_lengths(sample)
    others = SampleAnswer.objects.filter(membership=membership)
    others.filter(question=sample.question).delete()
    if others.count() >= MOST_SAMPLES:
        raise TooManySamples(most=MOST_SAMPLES)
    sample.save(force_insert=True)
    _note_change(membership, now)
    return sample


def _check_lengths(sample: SampleAnswer) -> None:
    for text, most in ((sample.question, 500), (sample.answer, 2000)):
        if len(text) > most:
            raise SampleTooLong(most=most)


@transaction.atomic
def forget_sample_answer(*, sample: SampleAnswer, by: Person, now: datetime) -> None:
    """Take one's own sample answer away. Raises NotAMember."""
    membership = locked_member(by)
    SampleAnswer.objects.filter(pk=sample.pk, membership=membership).delete()
    _note_change(membership, now)


@transaction.atomic
def become_mentor(*, by: Person, now: datetime) -> Membership:
    """Begin to answer questions. Raises NotAMember, ConductNotAgreed, NotReadyToAnswer."""
    membership = locked_member(by)
    if membership.agreed_to_conduct_at is None:
        raise ConductNotAgreed
    person = Person.objects.get(pk=by.pk)
    if not (person.languages and membership.mediums):
        raise NotReadyToAnswer
    if not membership.answers_questions:
        membership.answers_questions, membership.changed_at = True, now
        membership.save(update_fields=["answers_questions", "changed_at"])
        announce(MentorStarted(person_id=by.pk, membership_id=membership.pk, at=now))
    return membership


@transaction.atomic
def stop_answering(*, by: Person, now: datetime) -> Membership:
    """Answer no more questions; the profile stays. Raises NotAMember."""
    membership = locked_member(by)
    if membership.answers_questions:
        membership.answers_questions, membership.available_until, membership.changed_at = False, None, now
        membership.save(update_fields=["answers_questions", "available_until", "changed_at"])
        announce(MentorStopped(person_id=by.pk, membership_id=membership.pk, at=now))
    return membership
