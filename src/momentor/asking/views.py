"""The pages of the one who asks: the box, the question, the list; and what two people let others read."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from matchwell.language import detect
from momentor.asking import coaching
from momentor.asking.actions import (
    QuestionEmpty,
    QuestionTooLong,
    agree_to_show,
    draft_question,
    edit_question,
    stop_showing,
    withdraw_question,
)
from momentor.asking.forms import AnswerForm, QuestionForm, initial_of
from momentor.asking.models import LONGEST_QUESTION, Question
from momentor.asking.queries import (
    PAGE,
    answer_of,
    answers_to,
    asked_already,
    gaps,
    programmes_of,
    questions_of,
    still_wanted,
)
from momentor.asking.words import clean, has_letters
from momentor.asking.zones import in_own_zone
from momentor.dispatch.queries import advice_on, answered_already, ladder_of, read_ahead, search_progress, story_of
from momentor.foundation.redirects import go
from momentor.foundation.refusals import Refusal
from momentor.matches.queries import mentors_of
from momentor.people.gates import MemberRequest, for_coordinators, for_members
from momentor.people.queries import Profile, profile_for
from momentor.people.tongues import language_name
from momentor.scheduling.queries import booking_ahead
from momentor.trust.queries import help_for

ABOUT_THE_TEXT = (QuestionEmpty, QuestionTooLong)
ANSWERED_ALREADY = "answered_already"


@for_members
@in_own_zone
def new(request: MemberRequest) -> HttpResponse:
    """One box: what is on your mind. Sending it makes a draft, and leads to those who could answer."""
    if request.method == "POST":
        return _take(request, None)
    read_ahead()  # while the question is being written
    # Typed on the home or landing page, and kept through signing in where that came first (web/views.py). Never taken
    # from the address, which stays in histories and logs.
    text = request.session.pop("asked_text", "")
    return _page(request, _form(request, initial={"text": text}), text=text)


@for_members
@in_own_zone
def edit(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Change a draft."""
    question = _own(request, pk)
    if question.state != Question.State.DRAFT:
        messages.info(request, _("This question has been asked; what stands in it can no longer be changed."))
        return go("asking:question", pk)
    if request.method == "POST":
        return _take(request, question)
    read_ahead()
    return _page(request, _form(request, initial=initial_of(question)), text=question.text, question=question)


def _take(request: MemberRequest, question: Question | None) -> HttpResponse:
    if request.POST.keys() & {"add", "topic", "look"}:
        return _help_with(request, question)
    form = _form(request, data=request.POST)
    status = 422
    if form.is_valid():
        try:
            return _keep(request, form, question)
        except Refusal as refusal:
            form.add_error("text" if isinstance(refusal, ABOUT_THE_TEXT) else None, str(refusal.message))
            status = refusal.status
    return _page(request, form, text=request.POST.get("text", ""), question=question, status=status)


def _keep(request: MemberRequest, form: QuestionForm, question: Question | None) -> HttpResponse:
    choices = dict(form.cleaned_data)
    text, now = choices.pop("text"), timezone.now()
    choices["language"] = choices["language"] or _language_of(text, request)
    if not choices["time_box"] or not choices["medium"]:
        advice = advice_on(text[:LONGEST_QUESTION], choices["language"], now=now)
        choices["time_box"] = choices["time_box"] or advice.time_box
        choices["medium"] = choices["medium"] or coaching.open_medium(advice.medium)
    wanted = _wanted(request, question)
    choices["wanted"] = wanted.membership if wanted else None
    if question is None:
        question = draft_question(by=request.user, text=text, now=now, **choices)
    else:
        question = edit_question(question=question, by=request.user, text=text, now=now, **choices)
    return go("dispatch:shortlist", question.pk)


def _wanted(request: MemberRequest, question: Question | None) -> Profile | None:
    """Return the mentor from whose profile the one who asks came, now or with the draft, if they may see each other."""
    try:
        person_id = UUID(request.GET.get("mentor", ""))
    except ValueError:
        if question is None or question.wanted is None:
            return None
        person_id = question.wanted.person_id
    profile = profile_for(viewer=request.user, person_id=person_id, now=timezone.now())
    return None if profile is None or profile.is_own or profile.is_blocked_by_viewer else profile


def _help_with(request: MemberRequest, question: Question | None) -> HttpResponse:
    """Do without script what the coach's offers do with it: add a beginning or a topic, or only look."""
    given = request.POST.copy()
    text = given.get("text", "")
    starter = coaching.starter_of(given.get("add", ""), language=_language_of(text, request))
    if starter:
        given["text"] = text = coaching.with_starter(text, starter)
    if topic := given.get("topic", ""):
        given["topics"] = ", ".join(filter(None, [given.get("topics", "").strip(" ,"), topic]))
    form = _form(request, initial=given.dict())
    return _page(request, form, text=text, question=question, has_asked=True)


@for_members
@require_POST
def coach(request: MemberRequest) -> HttpResponse:
    """What the coach says to the text as it stands, while it is being written."""
    context = _coached(request, request.POST.get("text", ""), given=request.POST.get("topics", ""))
    return render(request, "asking/parts/coached.html", context)


@for_members
@require_POST
def already(request: MemberRequest) -> HttpResponse:
    """An answer that was there already was enough; nothing was sent, and nothing is kept."""
    messages.success(request, _("Good. Nothing was sent. Whenever you want to talk to a person, ask here."))
    return go("asking:new")


@for_members
@require_safe
def questions(request: MemberRequest) -> HttpResponse:
    """What this person asked, page by page."""
    found = Paginator(questions_of(request.user), PAGE).get_page(request.GET.get("page"))
    earlier = f"?page={found.previous_page_number()}" if found.has_previous() else ""
    later = f"?page={found.next_page_number()}" if found.has_next() else ""
    return render(request, "asking/questions.html", {"found": found, "earlier": earlier, "later": later})


@for_members
@in_own_zone
@require_safe
def question(request: MemberRequest, pk: UUID) -> HttpResponse:
    """One's own question: where it stands, what happened, what can be done."""
    found, now = _own(request, pk), timezone.now()
    progress = search_progress(found, now=now)
    is_open = found.state == Question.State.DRAFT or found.may_be_claimed
    context = {
        "question": found,
        "language": _name_of(found.language),
        "progress": progress,
        "booking": booking_ahead(found),
        "ladder": ladder_of(found, now=now),
        "story": story_of(found),
        "answers": answers_to(found),
        "readable": answered_already(found.text, viewer=request.user, now=now) if is_open else [],
        "help": help_for(found.text, found.language, request.organisation) if is_open else [],
    }
    return render(request, "asking/question.html", context)


@for_members
@require_POST
def withdrawal(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Take a question back: because it is answered already, or without a reason."""
    reason = ANSWERED_ALREADY if request.POST.get("reason") == ANSWERED_ALREADY else "withdrawn"
    try:
        withdraw_question(question=_own(request, pk), by=request.user, reason=reason, now=timezone.now())
    except Refusal as refusal:
        messages.error(request, str(refusal.message))
        return go("asking:question", pk)
    if reason == ANSWERED_ALREADY:
        messages.success(request, _("Good that there was an answer. The question is closed."))
    else:
        messages.success(request, _("The question is withdrawn. Nobody is asked any more."))
    return go("asking:questions")


@for_members
@in_own_zone
def answer(request: MemberRequest, pk: UUID) -> HttpResponse:
    """An answer, for the two who may let others read it; agreeing to it."""
    found = answer_of(pk, request.user)
    if found is None:
        raise Http404
    is_mentor = found.mentor_id == request.user.pk
    form = AnswerForm(request.POST or None, initial={"text": found.text}) if is_mentor else None
    if request.method == "POST" and (form is None or form.is_valid()):
        text = form.cleaned_data["text"] if form else None
        agree_to_show(answer_id=found.pk, by=request.user, text=text, now=timezone.now())
        messages.success(request, _("Thank you. Others read it once both of you have agreed."))
        return go("asking:answer", pk)
    context = {"answer": found, "question": found.question, "is_mentor": is_mentor, "form": form}
    return render(request, "asking/answer.html", context, status=422 if form and form.errors else 200)


@for_members
@require_POST
def hiding(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Stop showing an answer to others."""
    if answer_of(pk, request.user) is None:
        raise Http404
    stop_showing(answer_id=pk, by=request.user, now=timezone.now())
    messages.success(request, _("Others no longer see this answer."))
    return go("asking:answer", pk)


@for_coordinators
@require_safe
def missing(request: MemberRequest) -> HttpResponse:
    """What nobody here could take, for the coordinators: topics and languages, no names and no words."""
    found = Paginator(gaps(), PAGE).get_page(request.GET.get("page"))
    earlier = f"?page={found.previous_page_number()}" if found.has_previous() else ""
    later = f"?page={found.next_page_number()}" if found.has_next() else ""
    rows = [(gap, _name_of(gap.language)) for gap in found]
    context = {"found": found, "rows": rows, "topics": still_wanted(), "earlier": earlier, "later": later}
    return render(request, "asking/gaps.html", context)


def _own(request: MemberRequest, pk: UUID) -> Question:
    mine = Question.objects.filter(mentee=request.user).select_related("programme", "mentee", "claimed_by", "wanted")
    return get_object_or_404(mine, pk=pk)


def _form(request: MemberRequest, **options: Any) -> QuestionForm:
    return QuestionForm(person=request.user, programmes=programmes_of(request.membership), **options)


def _page(
    request: MemberRequest,
    form: QuestionForm,
    *,
    text: str,
    question: Question | None = None,
    has_asked: bool = False,
    status: int = 200,
) -> HttpResponse:
    # Where neither side is named before both decided, nobody stands first.
    wanted = None if question and question.is_blind else _wanted(request, question)
    mentors = mentors_of(request.user) if question is None and wanted is None else []
    context = {"form": form, "question": question, "has_asked": has_asked, "wanted": wanted, "mentors": mentors}
    context |= _coached(request, text)
    return render(request, "asking/new.html", context, status=status)


def _coached(request: HttpRequest, text: str, *, given: str = "") -> dict[str, Any]:
    """Return what is said and proposed for a text, and what stands above all: help in a crisis."""
    assert request.user.is_authenticated
    member: Any = request
    text, now = clean(text[:LONGEST_QUESTION]), timezone.now()
    if not has_letters(text):
        return {"hints": [], "readable": [], "help": []}
    language = _language_of(text, member)
    advice = advice_on(text, language, now=now)
    help_first = help_for(text, language, member.organisation)
    chosen = {topic.casefold() for topic in given.split(",") for topic in [topic.strip()]}
    return {
        "hints": coaching.hints_of(advice, language=language),
        "minutes": advice.time_box,
        "medium": coaching.open_medium(advice.medium),
        "topics": [] if help_first else [topic for topic in advice.topics if topic.casefold() not in chosen],
        "language": language,
        "language_name": _name_of(language),
        # Beside help in a crisis, what others asked would only stand in the way.
        "readable": [] if help_first else answered_already(text, viewer=member.user, now=now),
        "same": None if help_first else asked_already(text, by=member.user),
        "help": help_first,
    }


def _language_of(text: str, request: MemberRequest) -> str:
    """Return the language a text is in, as far as it can be told; else the one its writer talks best in."""
    chosen = request.POST.get("language", "")
    return chosen or detect(text[:LONGEST_QUESTION]) or next(iter(request.user.languages), "")


def _name_of(language: str) -> str:
    return language_name(language, get_language() or "en") if language else ""
