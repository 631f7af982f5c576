"""Notices as JSON."""

from typing import Annotated, Any, Self
from uuid import UUID

from ninja import Query, Router
from pydantic import Field

from momentor.foundation.api import Cursor, Id, Limit, Moment, Page, Shown, before_agreeing, page_of
from momentor.notices.models import Notice
from momentor.people.api import ApiRequest

router = Router(tags=["notices"])


class NoticeShown(Shown):
    """Something a person should know."""

    id: Id
    kind: Annotated[str, Field(max_length=40)]
    facts: Annotated[dict[str, Any], Field(max_length=30)]
    """The ids and numbers that it is about."""
    made_at: Moment
    read_at: Moment | None

    @classmethod
    def of(cls, notice: Notice) -> Self:
        return cls(id=notice.pk, kind=notice.kind, facts=notice.facts, made_at=notice.made_at, read_at=notice.read_at)


@router.get("", response=Page[NoticeShown])
def list_notices(
    request: ApiRequest,
    *,
    unread: Annotated[bool, Query(description="Only those not read yet.")] = False,
    cursor: Cursor = None,
    limit: Limit = 25,
) -> Page[NoticeShown]:
    """What one was told, the newest first."""
    mine = Notice.objects.visible_to(request.by)
    if unread:
        mine = mine.unread()
    return page_of(
        Page[NoticeShown], mine, cursor=cursor, limit=limit, show=lambda rows: [NoticeShown.of(row) for row in rows]
    )


@router.get("/{uuid:notice_id}", response=NoticeShown)
def show_notice(request: ApiRequest, notice_id: UUID) -> NoticeShown:
    """One notice."""
    return NoticeShown.of(Notice.objects.visible_to(request.by).get(pk=notice_id))


@router.put("/{uuid:notice_id}/reading", response=NoticeShown)
@before_agreeing
def read_notice(request: ApiRequest, notice_id: UUID) -> NoticeShown:
    """Note that a notice was read."""
    Notice.objects.visible_to(request.by).unread().filter(pk=notice_id).update(read_at=request.now)
    return NoticeShown.of(Notice.objects.visible_to(request.by).get(pk=notice_id))


@router.put("/reading", response={204: None})
@before_agreeing
def read_all_notices(request: ApiRequest) -> None:
    """Note that everything so far was read."""
    Notice.objects.visible_to(request.by).unread().filter(made_at__lte=request.now).update(read_at=request.now)
