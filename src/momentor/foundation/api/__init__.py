"""What every domain's `api.py` is made of: shapes of input and output, and pages of lists."""

from momentor.foundation.api.pages import Cursor, Limit, Page, page_of
from momentor.foundation.api.shapes import (
    BIGGEST,
    Body,
    Day,
    Id,
    Line,
    Moment,
    Shown,
    Tag,
    WallTime,
    Whole,
    Yes,
    between,
    choice,
    unsaid,
    up_to,
)
from momentor.foundation.api.standing import before_agreeing, is_open_before_agreeing

__all__ = [
    "BIGGEST",
    "Body",
    "Cursor",
    "Day",
    "Id",
    "Limit",
    "Line",
    "Moment",
    "Page",
    "Shown",
    "Tag",
    "WallTime",
    "Whole",
    "Yes",
    "before_agreeing",
    "between",
    "choice",
    "is_open_before_agreeing",
    "page_of",
    "unsaid",
    "up_to",
]
