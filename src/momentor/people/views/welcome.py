"""A mentor's first five minutes: five short steps, each saved at once."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from momentor.foundation.redirects import go
from momentor.foundation.refusals import Refusal
from momentor.people import actions, samples
from momentor.people.forms import ProfileForm, SampleForm, SkillForm
from momentor.people.gates import MemberRequest, for_members, posted
from momentor.people.queries import profile_for


@dataclass(frozen=True, kw_only=True)
class Step:
    """One page of the five."""

    name: str
    title: Any
    fields: tuple[str, ...] = ()


STEPS = (
    Step(name="languages", title=gettext_lazy("Languages"), fields=("languages", "time_zone")),
    Step(name="story", title=gettext_lazy("Story"), fields=("headline", "story")),
    Step(name="skills", title=gettext_lazy("Skills")),
    Step(
        name="times",
        title=gettext_lazy("How and when"),
        fields=("asked_about", "mediums", "capacity_per_week", "quiet_from", "quiet_until"),
    ),
    Step(name="samples", title=gettext_lazy("Sample answers")),
)
BY_NAME = {step.name: number for number, step in enumerate(STEPS)}


@for_members
def welcome(request: MemberRequest) -> HttpResponse:
    """What this place is, and the choice: ask now, or set up to answer too."""
    if request.membership.agreed_to_conduct_at is None:
        return redirect("people:agreement")
    return render(request, "people/welcome.html", {"steps": STEPS})


@for_members
def step(request: MemberRequest, name: str) -> HttpResponse:
    """One of the five steps."""
    if name not in BY_NAME:
        raise Http404
    if request.membership.agreed_to_conduct_at is None:
        return redirect("people:agreement")
    pages: dict[str, Callable[[MemberRequest, Step], HttpResponse]] = {"skills": _skills, "samples": _samples}
    return pages.get(name, _fields)(request, STEPS[BY_NAME[name]])


def _fields(request: MemberRequest, here: Step) -> HttpResponse:
    form = ProfileForm(posted(request), person=request.user, membership=request.membership, only=here.fields)
    if form.is_valid():
        try:
            actions.edit_profile(by=request.user, now=timezone.now(), **form.cleaned_data)
        except Refusal as refusal:
            form.add_error(None, str(refusal.message))
        else:
            return go("people:welcome_step", STEPS[BY_NAME[here.name] + 1].name)
    return _page(request, here, status=422 if form.errors else 200, form=form)


def _skills(request: MemberRequest, here: Step) -> HttpResponse:
    own = profile_for(viewer=request.user, person_id=request.user.pk, now=timezone.now())
    return _page(request, here, profile=own, skill_form=SkillForm(), back="people:welcome_step")


def _samples(request: MemberRequest, here: Step) -> HttpResponse:
    if request.method == "POST":
        return _finish(request) if "finish" in request.POST else _keep_sample(request, here)
    return _samples_page(request, here, wrong=None)


def _samples_page(request: MemberRequest, here: Step, *, wrong: SampleForm | None) -> HttpResponse:
    own = profile_for(viewer=request.user, person_id=request.user.pk, now=timezone.now())
    assert own is not None
    asked = samples.questions_for(own)
    forms = [
        wrong if wrong is not None and wrong.data.get("question") == question else _sample_form(question, number)
        for number, question in enumerate(asked)
    ]
    return _page(request, here, status=422 if wrong else 200, profile=own, forms=forms)


def _sample_form(question: str, number: int) -> SampleForm:
    return SampleForm(initial={"question": question}, auto_id=f"sample{number}_%s")


def _keep_sample(request: MemberRequest, here: Step) -> HttpResponse:
    form = SampleForm(request.POST)
    if form.is_valid():
        try:
            actions.save_sample_answer(by=request.user, now=timezone.now(), **form.cleaned_data)
        except Refusal as refusal:
            form.add_error("answer", str(refusal.message))
        else:
            messages.success(request, _("Saved."))
            return go("people:welcome_step", here.name)
    return _samples_page(request, here, wrong=form)


def _finish(request: MemberRequest) -> HttpResponse:
    try:
        actions.become_mentor(by=request.user, now=timezone.now())
    except Refusal as refusal:
        messages.error(request, str(refusal.message))
        return go("people:welcome_step", "times")
    messages.success(request, _("You are a mentor here now. Questions that fit come to you."))
    return go("people:profile")


def _page(request: MemberRequest, here: Step, *, status: int = 200, **more: object) -> HttpResponse:
    number = BY_NAME[here.name]
    context = {
        "step": here,
        "number": number + 1,
        "steps": [(each, "done" if n < number else "here" if n == number else "ahead") for n, each in enumerate(STEPS)],
        "before": STEPS[number - 1].name if number else "",
        "after": STEPS[number + 1].name if number + 1 < len(STEPS) else "",
        **more,
    }
    return render(request, f"people/welcome/{_template(here)}.html", context, status=status)


def _template(here: Step) -> str:
    return "fields" if here.fields else here.name
