"""What people do to be matched, and with their matches; what coordinators do with previews."""

from momentor.matches.actions.confirming import confirm_preview
from momentor.matches.actions.ending import end_match, part, part_all_of
from momentor.matches.actions.previews import (
    discard_preview,
    drop_proposal,
    keep_preview,
    restore_proposal,
    start_preview,
)
from momentor.matches.actions.wishes import forget_wishes_of, take_wish_back, wish_for

__all__ = [
    "confirm_preview",
    "discard_preview",
    "drop_proposal",
    "end_match",
    "forget_wishes_of",
    "keep_preview",
    "part",
    "part_all_of",
    "restore_proposal",
    "start_preview",
    "take_wish_back",
    "wish_for",
]
