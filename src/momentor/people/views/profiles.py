"""Profiles: one's own, others', and the list of mentors."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from momentor.foundation.redirects import go, go_back
from momentor.foundation.refusals import Refusal
from momentor.foundation.text import one_line
from momentor.matches.queries import matches_between
from momentor.people import actions, skills
from momentor.people.forms import AvailabilityForm, PauseForm, ProfileForm, SkillForm
from momentor.people.gates import MemberRequest, for_members, posted
from momentor.people.models import OPEN_MEDIUMS, SampleAnswer
from momentor.people.queries import MentorFilter, languages_of_mentors, mentors_for, profile_for
from momentor.people.tongues import language_name
from momentor.people.until import end_of_day


@for_members
@require_GET
def people(request: MemberRequest) -> HttpResponse:
    """The mentors whom this person may see, with a search."""
    given = request.GET
    wanted = MentorFilter(
        words=one_line(given.get("words", ""))[:100],
        language=one_line(given.get("language", ""))[:35],
        medium=one_line(given.get("medium", ""))[:8],
        is_available=given.get("available") == "yes",
        after=int(given.get("after", "")) if given.get("after", "").isdecimal() and len(given["after"]) < 6 else 0,
    )
    return render(
        request,
        "people/people.html",
        {
            "found": mentors_for(request.user, wanted, now=timezone.now()),
            "wanted": wanted,
            "languages": _named(languages_of_mentors()),
            "mediums": [(medium.value, medium.label) for medium in OPEN_MEDIUMS],
            "rest": _without_place(request),
        },
    )


def _without_place(request: MemberRequest) -> str:
    rest = request.GET.copy()
    rest.pop("after", None)
    return rest.urlencode()


def _named(tags: list[str]) -> list[tuple[str, str]]:
    return sorted(((tag, language_name(tag, get_language() or "en")) for tag in tags), key=lambda pair: pair[1])


@for_members
@require_GET
def person(request: MemberRequest, person_id: UUID) -> HttpResponse:
    """One person, as this viewer may see them."""
    profile = profile_for(viewer=request.user, person_id=person_id, now=timezone.now())
    if profile is None:
        raise Http404
    languages = [language_name(tag, get_language() or "en") for tag in profile.person.languages]
    mine = [] if profile.is_own else matches_between(request.user, person_id)
    return render(request, "people/person.html", {"profile": profile, "languages": languages, "mine": mine})


@for_members
@require_GET
def profile(request: MemberRequest) -> HttpResponse:
    """One's own profile, as others see it."""
    return redirect("people:person", request.user.pk)


@for_members
def edit(request: MemberRequest) -> HttpResponse:
    """One's own profile, to change."""
    form = ProfileForm(posted(request), person=request.user, membership=request.membership)
    if form.is_valid():
        try:
            actions.edit_profile(by=request.user, now=timezone.now(), **form.cleaned_data)
        except Refusal as refusal:
            form.add_error(None, str(refusal.message))
        else:
            messages.success(request, _("Saved."))
            return go("people:profile")
    own = profile_for(viewer=request.user, person_id=request.user.pk, now=timezone.now())
    context = {"form": form, "profile": own, "skill_form": SkillForm(), "back": "people:edit"}
    return render(request, "people/edit.html", context, status=422 if form.errors else 200)


@for_members
@require_POST
def add_skill(request: MemberRequest) -> HttpResponse:
    """Add one skill, or several with commas between."""
    form = SkillForm(request.POST)
    if not form.is_valid():
        messages.error(request, " ".join(str(error) for errors in form.errors.values() for error in errors))
        return go_back(request, "people:edit")
    known = skills.kept_by(request.membership)
    added = [(name, skills.concept_of(name)) for name in form.cleaned_data["name"].split(",")]
    return _keep_skills(request, [*known, *added])


@for_members
@require_POST
def drop_skill(request: MemberRequest) -> HttpResponse:
    """Take one skill away."""
    gone = one_line(request.POST.get("name", ""))
    return _keep_skills(request, [pair for pair in skills.kept_by(request.membership) if pair[0] != gone])


def _keep_skills(request: MemberRequest, wanted: list[tuple[str, str]]) -> HttpResponse:
    try:
        actions.set_skills(by=request.user, skills=wanted, now=timezone.now())
    except Refusal as refusal:
        messages.error(request, str(refusal.message))
    return go_back(request, "people:edit")


@for_members
@require_GET
def skill_suggestions(request: MemberRequest) -> HttpResponse:
    """The options that fit what is being typed, to put below the field."""
    found = skills.suggestions(request.GET.get("name", "")[:80], get_language() or "en")
    return render(request, "people/parts/skill_options.html", {"suggestions": found})


@for_members
@require_POST
def drop_sample(request: MemberRequest, sample_id: UUID) -> HttpResponse:
    """Take one of one's own sample answers away."""
    sample = SampleAnswer.objects.filter(pk=sample_id, membership=request.membership).first()
    if sample is None:
        raise Http404
    actions.forget_sample_answer(sample=sample, by=request.user, now=timezone.now())
    return go_back(request, "people:edit")


@for_members
@require_POST
def answering(request: MemberRequest) -> HttpResponse:
    """Begin to answer questions, or stop."""
    try:
        if request.POST.get("answers") == "yes":
            actions.become_mentor(by=request.user, now=timezone.now())
            messages.success(request, _("You answer questions now. Thank you."))
        else:
            actions.stop_answering(by=request.user, now=timezone.now())
            messages.success(request, _("Nothing is offered to you any more. Your profile stays."))
    except Refusal as refusal:
        messages.error(request, str(refusal.message))
    return go_back(request, "people:edit")


@for_members
@require_POST
def availability(request: MemberRequest) -> HttpResponse:
    """Switch "available now" on for some minutes, or off where no minutes are given."""
    now = timezone.now()
    try:
        if not request.POST.get("minutes"):
            actions.become_unavailable(by=request.user, now=now)
        else:
            form = AvailabilityForm(request.POST)
            minutes = form.cleaned_data["minutes"] if form.is_valid() else 0
            actions.become_available(by=request.user, minutes=minutes, now=now)
    except Refusal as refusal:
        messages.error(request, str(refusal.message))
    return go_back(request, "people:profile")


@for_members
@require_POST
def pause(request: MemberRequest) -> HttpResponse:
    """Be offered nothing until a day, or until one comes back."""
    form = PauseForm(request.POST)
    try:
        if not form.is_valid():
            messages.error(request, _("Write the day like 2026-03-31, or leave it empty."))
        else:
            day = form.cleaned_data["until"]
            until = end_of_day(day, request.user.time_zone) if day else None
            actions.pause(by=request.user, now=timezone.now(), until=until)
    except Refusal as refusal:
        messages.error(request, str(refusal.message))
    return go_back(request, "people:settings")


@for_members
@require_POST
def resume(request: MemberRequest) -> HttpResponse:
    """Be asked again."""
    actions.resume(by=request.user, now=timezone.now())
    return go_back(request, "people:settings")
