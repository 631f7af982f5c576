"""A mentor of one's own, as JSON: what one wishes in a programme, and one's matches."""

from typing import Annotated, Literal, Self
from uuid import UUID

from ninja import Router
from pydantic import Field

from momentor.asking.queries import programmes_open_to
from momentor.foundation.api import (
    Body,
    Cursor,
    Id,
    Limit,
    Line,
    Moment,
    Page,
    Shown,
    Whole,
    Yes,
    before_agreeing,
    between,
    page_of,
    up_to,
)
from momentor.matches.actions import end_match
from momentor.matches.models import Match
from momentor.matches.plain import said_of
from momentor.people import actions
from momentor.people.api import ApiRequest, PersonShown
from momentor.people.models import LONGEST_WISH, MOST_PLACES, Enrolment, Person, Programme
from momentor.people.queries import part_in

matches = Router(tags=["matches"])
parts = Router(tags=["programmes"])


class MatchShown(Shown):
    """Somebody whom one mentors, or who mentors one."""

    id: Id
    programme: Id
    role: Literal["mentee", "mentor"]
    """What one is oneself."""
    other: PersonShown | None
    said: Annotated[list[Line], Field(max_length=8)]
    """What speaks for the two, a sentence each."""
    made_at: Moment

    @classmethod
    def of(cls, match: Match, person: Person) -> Self:
        return cls(
            id=match.pk,
            programme=match.programme_id,
            role="mentee" if match.mentee_id == person.pk else "mentor",
            other=PersonShown.of(match.other_than(person)),
            said=[line[:120] for line in said_of(match.facts)],
            made_at=match.made_at,
        )


@matches.get("", response=Page[MatchShown])
def list_matches(request: ApiRequest, cursor: Cursor = None, limit: Limit = 25) -> Page[MatchShown]:
    """One's mentors and mentees, the newest first."""
    mine = Match.objects.running().visible_to(request.by).select_related("mentee", "mentor")
    return page_of(
        Page[MatchShown],
        mine,
        cursor=cursor,
        limit=limit,
        show=lambda rows: [MatchShown.of(row, request.by) for row in rows],
    )


@matches.delete("/{uuid:match_id}", response={204: None})
@before_agreeing
def end(request: ApiRequest, match_id: UUID) -> None:
    """End a match. The other hears that it is over, and not why. Twice does no harm."""
    match = Match.objects.visible_to(request.by).get(pk=match_id)
    end_match(match=match, by=request.by, now=request.now)


class Wished(Body):
    """Whether one would like a mentor of one's own."""

    wants_mentor: Yes
    wish: Annotated[str, up_to(LONGEST_WISH)] = ""
    """What for; needed where one would like one."""


class Offered(Body):
    """How many mentees one takes."""

    places: Annotated[Whole, between(0, MOST_PLACES)] | None
    """null for as many as is usual there."""


class PartShown(Shown):
    """One's own part in a programme that gives mentors."""

    wants_mentor: Yes | None
    """null: has not said."""
    wish: Annotated[str, Field(max_length=LONGEST_WISH)]
    places: Annotated[Whole, between(0, MOST_PLACES)] | None

    @classmethod
    def of(cls, part: Enrolment | None) -> Self:
        if part is None:
            return cls(wants_mentor=None, wish="", places=None)
        return cls(wants_mentor=part.wants_mentor, wish=part.wish, places=part.places)


@parts.get("/{uuid:programme_id}/part", response=PartShown)
def show_part(request: ApiRequest, programme_id: UUID) -> PartShown:
    """What one said in a programme about a mentor of one's own."""
    return PartShown.of(part_in(_programme(request, programme_id), request.membership))


@parts.put("/{uuid:programme_id}/wish", response=PartShown)
def say_wish(request: ApiRequest, programme_id: UUID, body: Wished) -> PartShown:
    """Say that one would like a mentor of one's own, and what for; or that one would not."""
    programme = _programme(request, programme_id)
    return PartShown.of(
        actions.say_wish(
            programme=programme, by=request.by, wants_mentor=body.wants_mentor, wish=body.wish, now=request.now
        )
    )


@parts.put("/{uuid:programme_id}/places", response=PartShown)
def offer_places(request: ApiRequest, programme_id: UUID, body: Offered) -> PartShown:
    """Say how many mentees one takes at most."""
    programme = _programme(request, programme_id)
    return PartShown.of(actions.offer_places(programme=programme, by=request.by, places=body.places, now=request.now))


def _programme(request: ApiRequest, programme_id: UUID) -> Programme:
    """Return a programme that the caller takes part in. Raises Programme.DoesNotExist."""
    return programmes_open_to(request.membership).get(pk=programme_id)
