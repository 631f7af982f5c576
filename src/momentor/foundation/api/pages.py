"""Lists, one page at a time: where the next one begins is a signed cursor, so rows that come meanwhile move nothing."""

from collections.abc import Callable, Iterable
from typing import Annotated, Any, Generic, TypeVar
from uuid import UUID

from django.core import signing
from django.db import models
from django.utils.translation import gettext_lazy as _
from ninja import Query
from pydantic import ConfigDict, Field

from momentor.foundation.api.shapes import Shown
from momentor.foundation.refusals import Refusal
from momentor.foundation.tenancy import acting

USUAL = 25
MOST = 100

Row = TypeVar("Row", bound=models.Model)
Item = TypeVar("Item")

Limit = Annotated[int, Query(USUAL, ge=1, le=MOST, description="How many at most.")]
Cursor = Annotated[
    str | None,
    Query(
        None,
        min_length=1,
        max_length=200,
        pattern=r"^[A-Za-z0-9_:.=-]*$",
        description="What `next` said on the page before.",
    ),
]


class WrongCursor(Refusal):
    message = _("This cursor was not given for this list. Begin again without it.")
    status = 422


class Page(Shown, Generic[Item]):
    """One page of a list."""

    # For each kind of item, pydantic would look for a class of that name in the sources of every module that is being
    # loaded, which was a third of a start.
    model_config = ConfigDict(use_attribute_docstrings=False)

    items: Annotated[list[Item], Field(max_length=MOST)]
    next: Annotated[str | None, Field(max_length=200, description="The cursor of the next page; null on the last.")]


def page_of(
    kind: type[Page[Item]],
    rows: "models.QuerySet[Row]",
    *,
    cursor: str | None,
    limit: int,
    show: Callable[[list[Row]], Iterable[Item]],
    oldest_first: bool = False,
) -> Page[Item]:
    """Return a page of these rows by the time they were made, the newest first.

    `show` gets all rows of the page at once, so that it can ask for what belongs to them together. Raises WrongCursor.
    """
    if cursor is not None:
        last = _opened(cursor, rows)
        rows = rows.filter(pk__gt=last) if oldest_first else rows.filter(pk__lt=last)
    found = list(rows.order_by("pk" if oldest_first else "-pk")[: limit + 1])
    shown = found[:limit]
    following = _sealed(shown[-1].pk, rows) if len(found) > limit else None
    return kind(items=list(show(shown)), next=following)


def _sealed(pk: UUID, rows: "models.QuerySet[Any]") -> str:
    return signing.dumps(pk.hex, salt=_salt(rows))


def _opened(cursor: str, rows: "models.QuerySet[Any]") -> UUID:
    try:
        return UUID(signing.loads(cursor, salt=_salt(rows)))
    except (signing.BadSignature, ValueError) as trouble:
        raise WrongCursor from trouble


def _salt(rows: "models.QuerySet[Any]") -> str:
    """Bind a cursor to what is listed, where, and by whom: it opens nothing, but it should not travel either."""
    here = acting()
    return f"cursor of {rows.model._meta.label} for {here.person_id} in {here.organisation_id}"
