"""Being left alone, as JSON: blocks and reports."""

from typing import Annotated, Literal, Self
from uuid import UUID

from django.http import Http404
from ninja import Router
from pydantic import Field

from momentor.foundation.api import (
    Body,
    Cursor,
    Id,
    Limit,
    Moment,
    Page,
    Shown,
    before_agreeing,
    choice,
    page_of,
    up_to,
)
from momentor.people.api import ApiRequest, PersonShown
from momentor.people.models import Block, Membership, Person
from momentor.trust import actions
from momentor.trust.models import Report

blocks = Router(tags=["blocks and reports"])
reports = Router(tags=["blocks and reports"])
Reason = Annotated[Report.Reason, choice(Report.Reason)]


class BlockShown(Shown):
    """A person you keep away. They are not told."""

    id: Id
    person: PersonShown | None
    blocked_at: Moment

    @classmethod
    def of(cls, block: Block) -> Self:
        return cls(id=block.pk, person=PersonShown.of(block.about), blocked_at=block.blocked_at)


@blocks.get("", response=Page[BlockShown])
def list_blocks(request: ApiRequest, cursor: Cursor = None, limit: Limit = 25) -> Page[BlockShown]:
    """The people one keeps away, the newest first."""
    mine = Block.objects.filter(by=request.by).select_related("about")
    return page_of(
        Page[BlockShown], mine, cursor=cursor, limit=limit, show=lambda rows: [BlockShown.of(row) for row in rows]
    )


@blocks.put("/{uuid:person_id}", response=BlockShown)
@before_agreeing
def block(request: ApiRequest, person_id: UUID) -> BlockShown:
    """Keep a person away, from now on and everywhere here. Twice does no harm."""
    return BlockShown.of(actions.block(about=_person(person_id), by=request.by, now=request.now))


@blocks.delete("/{uuid:person_id}", response={204: None})
@before_agreeing
def unblock(request: ApiRequest, person_id: UUID) -> None:
    """Let a person near again."""
    actions.unblock(about=_person(person_id), by=request.by, now=request.now)


class Complaint(Body):
    """Something a moderator should look at."""

    kind: Literal["profile", "question", "session", "message", "takeaway", "answer", "thanks"]
    """What it is about; an answer is one that others may read."""
    subject: Id
    """The id of that: of a person for a profile."""
    reason: Reason
    words: Annotated[str, up_to(4000)] = ""
    """What happened."""


class ReportShown(Shown):
    """What one reported. Moderators alone see more."""

    id: Id
    kind: Annotated[str, Field(max_length=20)]
    subject: Id
    reason: Reason
    words: Annotated[str, Field(max_length=4000)]
    reported_at: Moment
    closed_at: Moment | None
    """When a moderator had decided."""

    @classmethod
    def of(cls, report: Report) -> Self:
        return cls(
            id=report.pk,
            kind=report.subject_kind,
            subject=report.subject_id,
            reason=Report.Reason(report.reason),
            words=report.words,
            reported_at=report.reported_at,
            closed_at=report.closed_at,
        )


@reports.post("", response={201: ReportShown})
@before_agreeing
def make_report(request: ApiRequest, body: Complaint) -> ReportShown:
    """Put something before the moderators, with a copy of the words that it is about."""
    made = actions.report(
        kind=body.kind,
        subject_id=body.subject,
        reason=body.reason,
        words=body.words,
        by=request.by,
        now=request.now,
    )
    return ReportShown.of(made)


@reports.get("", response=Page[ReportShown])
def list_reports(request: ApiRequest, cursor: Cursor = None, limit: Limit = 25) -> Page[ReportShown]:
    """What one reported, the newest first."""
    mine = Report.objects.filter(by=request.by)
    return page_of(
        Page[ReportShown], mine, cursor=cursor, limit=limit, show=lambda rows: [ReportShown.of(row) for row in rows]
    )


def _person(person_id: UUID) -> Person:
    """Return somebody who is or was here: whoever left can still be kept away."""
    found = Membership.objects.here().select_related("person").filter(person_id=person_id).first()
    if found is None:
        raise Http404
    return found.person
