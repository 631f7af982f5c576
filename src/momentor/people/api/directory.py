"""The people one may see."""

from typing import Annotated
from uuid import UUID

from django.db.models import Q
from django.http import Http404
from ninja import Query, Router

from momentor.foundation.api import Cursor, Limit, Page, Tag, page_of
from momentor.people.api.shapes import ApiRequest, MediumName, MemberShown, ProfileShown
from momentor.people.models import Membership
from momentor.people.queries import MentorRow, profile_for, skills_of

router = Router(tags=["people"])


@router.get("", response=Page[MemberShown])
def list_people(
    request: ApiRequest,
    *,
    mentors: Annotated[bool, Query(description="Only those who answer questions.")] = False,
    available: Annotated[bool, Query(description="Only those whose “available now” switch is on.")] = False,
    language: Annotated[Tag | None, Query(description="Only those who talk in this language (BCP 47).")] = None,
    medium: Annotated[MediumName | None, Query(description="Only those who talk this way.")] = None,
    cursor: Cursor = None,
    limit: Limit = 25,
) -> Page[MemberShown]:
    """Members one may see, the newest first."""
    members = Membership.objects.visible_to(request.by).select_related("person")
    if mentors:
        members = members.filter(answers_questions=True)
    if available:
        members = members.filter(available_until__gt=request.now)
    if language:
        base = language.split("-")[0].lower()
        members = members.filter(Q(person__languages__contains=[language]) | Q(person__languages__contains=[base]))
    if medium:
        members = members.filter(mediums__contains=[medium])

    def show(rows: list[Membership]) -> list[MemberShown]:
        skills = skills_of(row.pk for row in rows)
        return [
            MemberShown.of(
                MentorRow(membership=row, skills=skills.get(row.pk, []), is_available=row.is_available(request.now))
            )
            for row in rows
        ]

    return page_of(Page[MemberShown], members, cursor=cursor, limit=limit, show=show)


@router.get("/{uuid:person_id}", response=ProfileShown)
def show_person(request: ApiRequest, person_id: UUID) -> ProfileShown:
    """One member's profile."""
    profile = profile_for(viewer=request.by, person_id=person_id, now=request.now)
    if profile is None:
        raise Http404
    return ProfileShown.of(profile)
