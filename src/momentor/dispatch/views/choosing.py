"""The mentee chooses: the shortlist."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _

from momentor.asking.blind import people_behind
from momentor.asking.models import Question
from momentor.asking.queries import asked_already
from momentor.asking.zones import in_own_zone
from momentor.dispatch.actions import show_list, start_search, turn_into_writing
from momentor.dispatch.forms import ChoiceForm
from momentor.dispatch.queries import answered_already
from momentor.dispatch.wanted import wanted_mentor
from momentor.foundation.redirects import go
from momentor.foundation.refusals import Refusal
from momentor.people.gates import MemberRequest, for_members
from momentor.people.models import Membership
from momentor.trust.queries import help_for


def own_question(request: MemberRequest, pk: UUID) -> Question:
    """Return a question of the one who looks, and of nobody else."""
    mine = Question.objects.filter(mentee=request.user).select_related("programme", "mentee", "wanted")
    return get_object_or_404(mine, pk=pk)


@for_members
@in_own_zone
def shortlist(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Those who could answer, why, and how soon; and the choice among them."""
    question = own_question(request, pk)
    if question.state == Question.State.SEARCHING:
        return go("dispatch:search", pk)
    if question.state != Question.State.DRAFT and not question.may_be_claimed:
        return go("asking:question", pk)
    if request.method == "POST":
        return _choose(request, question)
    return _page(request, question, ChoiceForm(mentors=[]))


def _choose(request: MemberRequest, question: Question) -> HttpResponse:
    # Somebody chosen may have left the list since it was shown, so those sent are read, and the action decides.
    form = ChoiceForm(request.POST, mentors=request.POST.getlist("mentor"))
    status = 422
    if form.is_valid():
        chosen = _uuids(form.cleaned_data["mentor"])
        how = form.cleaned_data["how"]
        if how == "chosen" and not chosen:
            form.add_error(None, _("Choose at least one mentor, or “whoever is first”."))
        else:
            try:
                _ask(request, question, form, people_behind(question, chosen) if how != "first" else [])
            except Refusal as refusal:
                form.add_error(None, str(refusal.message))
                status = refusal.status
            else:
                return go("dispatch:search", question.pk)
    return _page(request, question, form, status=status)


def _ask(request: MemberRequest, question: Question, form: ChoiceForm, chosen: list[UUID]) -> None:
    now = timezone.now()
    if form.cleaned_data["how"] != "writing":
        start_search(question=question, by=request.user, chosen=chosen, now=now)
    elif question.state == Question.State.DRAFT or chosen:
        answer_by = form.answer_by(now)
        start_search(question=question, by=request.user, chosen=chosen, in_writing=True, answer_by=answer_by, now=now)
    else:
        turn_into_writing(question=question, by=request.user, answer_by=form.answer_by(now), now=now)


def _uuids(ids: list[str]) -> list[UUID]:
    found: list[UUID] = []
    for one in ids[:20]:
        try:
            found.append(UUID(one))
        except ValueError:
            continue
    return found


def _asked_for(request: MemberRequest, question: Question) -> UUID | None:
    """Return the mentor from whose profile one came: by the address, or when the draft was begun."""
    if named := _uuids([request.GET.get("mentor", "")]):
        return named[0]
    wanted: Membership | None = question.wanted if question.state == Question.State.DRAFT else None
    return wanted.person_id if wanted else None


def _page(request: MemberRequest, question: Question, form: ChoiceForm, *, status: int = 200) -> HttpResponse:
    now = timezone.now()
    asked_for = _asked_for(request, question)
    wanted = wanted_mentor(question, asked_for, viewer=request.user, now=now) if asked_for else None
    first = wanted.person_id if wanted and wanted.may_stand_first else None
    shown = show_list(question=question, now=now, first=first)
    found = shown.proposed
    askable = [one for one in found if one.may_be_asked]
    sent = request.POST.getlist("mentor")
    ticked = set(sent) if sent else ({str(askable[0].key)} if askable else set())
    is_draft = question.state == Question.State.DRAFT
    context = {
        "question": question,
        "form": form,
        "found": found,
        "entry_id": shown.entry_id,
        "wanted": wanted,
        "askable": askable,
        "ticked": ticked,
        "others_may_be_asked": question.audience != Question.Audience.CHOSEN,
        "has_mentors": bool(found) or Membership.objects.mentors().exclude(person=request.user).exists(),
        "same": asked_already(question.text, by=request.user) if is_draft else None,
        "readable": answered_already(question.text, viewer=request.user, now=now),
        "help": help_for(question.text, question.language, request.organisation),
    }
    return render(request, "dispatch/shortlist.html", context, status=status)
