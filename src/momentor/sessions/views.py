"""The room: everything it does goes by plain forms; the live connection makes it quick."""

import json
from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages as banners
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import get_script_prefix
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_GET, require_POST, require_safe

from momentor.foundation.ids import new_id
from momentor.foundation.redirects import go
from momentor.foundation.refusals import Refusal
from momentor.people.gates import MemberRequest, for_members
from momentor.sessions import queries
from momentor.sessions.actions import attend, end_session, extend_session, hand_back
from momentor.sessions.forms import ExtensionForm, FileForm, ItemForm, MessageForm
from momentor.sessions.models import Attendance, Message, Session, Upload
from momentor.sessions.posting import NotYours, post_message
from momentor.sessions.uploads import ACCEPT, give_file, path_of, too_large

MOST_ITEMS = 100
LARGEST_LIST = 1_000_000
FORM_AROUND_A_FILE = 100_000
View = Callable[..., HttpResponseBase]


@require_safe
@for_members
def sessions(request: MemberRequest) -> HttpResponse:
    """Show a person's conversations, those that wait for them first."""
    start = _number(request.GET.get("after"))
    rows = list(queries.conversations(request.user)[start : start + queries.PAGE + 1])
    shown = rows[: queries.PAGE]
    read = queries.unread_in(shown, request.user)
    for session in shown:
        session.other = session.other_than(request.user)  # type: ignore[attr-defined]  # for the template
        session.has_news = session.last_seq > read.get(session.pk, 0)  # type: ignore[attr-defined]
    earlier = f"?after={max(0, start - queries.PAGE)}" if start else ""
    later = f"?after={start + queries.PAGE}" if len(rows) > queries.PAGE else ""
    return render(request, "sessions/sessions.html", {"sessions": shown, "earlier": earlier, "later": later})


@require_GET
@for_members
def session(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Show the room. Opening it is coming: with the second of the two the clock starts."""
    found = _session(request, pk)
    if found.state == Session.State.OPENING and _comes_now(request, found):
        attend(session_id=found.pk, person_id=request.user.pk, now=timezone.now())
        return go("sessions:session", pk)  # so that no lock is held while the page is made
    before = _number(request.GET.get("before")) or None
    room = queries.room_of(session=found, me=request.user, now=timezone.now(), before=before)
    response = render(request, "sessions/session.html", _room_page(request, room))
    if before is None:
        queries.note_read(session=found, person_id=request.user.pk)
    return response


def _room_page(request: MemberRequest, room: queries.Room) -> dict[str, Any]:
    by_number = {line.message.seq: line for line in room.lines}
    reply = by_number.get(_number(request.GET.get("reply")))
    edit = by_number.get(_number(request.GET.get("edit")))
    return {
        "room": room,
        "session": room.session,
        "question": room.session.question,
        "reply_to": reply if reply and not reply.is_note else None,
        "editing": edit if edit and edit.may_edit else None,
        "client_id": f"form-{new_id()}",
        "accept": ACCEPT,
        "most_bytes": settings.UPLOAD_BYTES,
        "live_url": f"{get_script_prefix()}live",
    }


def _comes_now(request: MemberRequest, session: Session) -> bool:
    if request.headers.get("Sec-Purpose", "").startswith("prefetch"):
        return False
    return Attendance.objects.filter(session=session, person_id=request.user.pk, came_at=None).exists()


def saying_no(view: View) -> View:
    """Bring a refusal back to the room: as a banner to a form, as a problem to a script."""

    @wraps(view)
    def guarded(request: MemberRequest, pk: UUID, **names: Any) -> HttpResponseBase:
        try:
            return view(request, pk, **names)
        except Refusal as refusal:
            if wants_json(request):
                return problem(refusal)
            banners.error(request, str(refusal.message))
            return go("sessions:session", pk)

    return guarded


def weighed(view: View) -> View:
    """Refuse a body that is larger than a file may be before a byte of it is read, which the check of forms would."""

    @csrf_exempt
    @wraps(view)
    def guarded(request: HttpRequest, pk: UUID, **names: Any) -> HttpResponseBase:
        if _number(request.META.get("CONTENT_LENGTH")) > settings.UPLOAD_BYTES + FORM_AROUND_A_FILE:
            refusal = too_large()
            if wants_json(request):
                return problem(refusal)
            banners.error(request, str(refusal.message))
            return go("sessions:session", pk)
        if _is_our_own_script(request):
            return view(request, pk, **names)
        return checked(request, pk, **names)

    checked = csrf_protect(view)
    return guarded


def _is_our_own_script(request: HttpRequest) -> bool:
    """Return whether JSON comes from a page or service worker of this site.

    A service worker has no form to take a token from. Another site cannot send this type of content without being
    asked first, and cannot send this header at all.
    """
    return request.content_type == "application/json" and request.headers.get("Sec-Fetch-Site") == "same-origin"


@require_POST
@weighed
@for_members
@saying_no
def messages(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Say something: from the form, or as a list that was kept while there was no connection."""
    session = _session(request, pk)
    if request.content_type == "application/json":
        return _say_all(request, session)
    form = MessageForm(request.POST, request.FILES)
    if not form.is_valid():
        banners.error(request, str(next(iter(form.errors.values()))[0]))
        return go("sessions:session", pk)
    said, now = form.cleaned_data, timezone.now()
    if said["file"]:
        _show_file(session, request, said["file"], client_id=f"{said['cid'][:58]}-file")
    if said["body"].strip() or not said["file"]:
        post_message(
            session=session,
            by=request.user,
            body=said["body"],
            client_id=said["cid"],
            kind=said["kind"],
            about=said["about"],
            now=now,
        )
    return go("sessions:session", pk)


@transaction.atomic
def _show_file(session: Session, request: MemberRequest, file: UploadedFile[bytes], *, client_id: str) -> None:
    """Keep a file and show it, once for each client id."""
    if Message.objects.filter(session=session, sender=request.user, client_id=client_id).exists():
        return
    now = timezone.now()
    upload = give_file(session=session, by=request.user, file=file, now=now)
    post_message(
        session=session,
        by=request.user,
        body="",
        kind=Message.Kind.FILE,
        client_id=client_id,
        upload=upload,
        now=now,
    )


def _say_all(request: MemberRequest, session: Session) -> JsonResponse:
    if _number(request.META.get("CONTENT_LENGTH")) > LARGEST_LIST:
        return JsonResponse({"title": _("Send at most a megabyte at once."), "code": "TooMuch"}, status=413)
    try:
        given = json.loads(request.body)
    except (ValueError, RecursionError):
        given = None
    items = given.get("items") if isinstance(given, dict) else None
    if not isinstance(items, list):
        return JsonResponse({"title": _('Send {"items": [...]}.'), "code": "NotAList"}, status=422)
    return JsonResponse({"items": [_say(session, request, form) for form in map(ItemForm, items[:MOST_ITEMS])]})


def _say(session: Session, request: MemberRequest, form: ItemForm) -> dict[str, Any]:
    cid = str(form.data.get("cid", ""))[:64] if isinstance(form.data, dict) else ""
    if not isinstance(form.data, dict) or not form.is_valid():
        return {"cid": cid, "code": "WrongField", "title": _("This message has a field that cannot be read.")}
    said = form.cleaned_data
    try:
        upload = _own_upload(session, request, said["upload"]) if said["upload"] else None
        seq = post_message(
            session=session,
            by=request.user,
            body=said["body"],
            client_id=said["cid"],
            kind=said["kind"],
            about=said["about"],
            upload=upload,
            now=timezone.now(),
        )
    except Refusal as refusal:
        return {"cid": cid, "code": refusal.code, "title": str(refusal.message)}
    return {"cid": cid, "seq": seq}


def _own_upload(session: Session, request: MemberRequest, pk: UUID) -> Upload:
    upload = Upload.objects.filter(pk=pk, session=session, by=request.user).first()
    if upload is None:
        raise NotYours
    return upload


@require_POST
@weighed
@for_members
@saying_no
def files(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Take a file; a script shows it in a message of its own, a form has it shown at once."""
    session = _session(request, pk)
    form = FileForm(request.POST, request.FILES)
    if not form.is_valid():
        raise NoFile
    given = form.cleaned_data["file"]
    if wants_json(request):
        upload = give_file(session=session, by=request.user, file=given, now=timezone.now())
        return JsonResponse(as_json(upload), status=201)
    _show_file(session, request, given, client_id=f"file-{new_id()}")
    return go("sessions:session", pk)


class NoFile(Refusal):
    message = gettext_lazy("Choose a file first.")
    status = 422


def as_json(upload: Upload) -> dict[str, Any]:
    """Return an upload as the room's frames show it."""
    return {
        "id": str(upload.pk),
        "name": upload.name,
        "type": upload.media_type,
        "size": upload.size,
        "width": upload.width,
        "height": upload.height,
    }


@require_POST
@for_members
@saying_no
def extension(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Ask for more minutes, or agree to the other's wish."""
    session = _session(request, pk)
    form = ExtensionForm(request.POST)
    minutes = form.cleaned_data["minutes"] if form.is_valid() else 0
    session = extend_session(session=session, by=request.user, minutes=minutes, now=timezone.now())
    return _back(request, session)


@require_POST
@for_members
@saying_no
def end(request: MemberRequest, pk: UUID) -> HttpResponse:
    """End the conversation."""
    session = end_session(session=_session(request, pk), by=request.user, now=timezone.now())
    return _back(request, session)


@require_POST
@for_members
@saying_no
def handing_back(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Give the question back to the search."""
    session = hand_back(session=_session(request, pk), by=request.user, now=timezone.now())
    if not wants_json(request):
        banners.info(request, _("The question is back in the search. Thank you for saying so."))
    return _back(request, session)


@require_safe
@for_members
def file(request: MemberRequest, pk: UUID) -> FileResponse:
    """Give a file to one of the two: a picture to look at, anything else to keep; nothing in it can run."""
    mine = Session.objects.visible_to(request.user)
    upload = get_object_or_404(Upload.objects.filter(session__in=mine), pk=pk)
    is_shown = Message.objects.filter(session=upload.session_id, upload=upload).exists()
    if not is_shown and upload.by_id != request.user.pk:
        raise Http404
    try:
        content = path_of(upload).open("rb")
    except FileNotFoundError as gone:
        raise Http404 from gone
    response = FileResponse(
        content, as_attachment=not upload.is_picture, filename=upload.name, content_type=upload.media_type
    )
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    return response


def wants_json(request: HttpRequest) -> bool:
    """Return whether a script asks, which reads answers instead of showing pages."""
    return request.get_preferred_type(["text/html", "application/json"]) == "application/json"


def problem(refusal: Refusal) -> JsonResponse:
    """Return a refusal as a problem document (RFC 9457)."""
    body = {"title": str(refusal.message), "status": refusal.status, "code": refusal.code}
    return JsonResponse(body, status=refusal.status, content_type="application/problem+json")


def _session(request: MemberRequest, pk: UUID) -> Session:
    mine = Session.objects.visible_to(request.user).select_related("question", "mentee", "mentor")
    return get_object_or_404(mine, pk=pk)


def _back(request: MemberRequest, session: Session) -> HttpResponse:
    if wants_json(request):
        return JsonResponse(
            {
                "state": session.state,
                "ends_at": session.ends_at.isoformat() if session.ends_at else None,
                "minutes": session.time_box,
            }
        )
    return go("sessions:session", session.pk)


def _number(text: str | None) -> int:
    """Return a whole number from an address; 0 for what is none."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 12 else 0
