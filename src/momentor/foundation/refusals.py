"""Saying no: a refusal is part of the product, and carries a sentence for a person."""

from typing import Any

from django.utils.functional import Promise


class Refusal(Exception):
    """An action that may not be done, with the reason in a person's words.

    Subclasses are named for the fact and set `message`; `status` is the HTTP status at the JSON edge.
    A message may hold %(name)s parts, filled from the keywords given when it is raised.
    """

    message: str | Promise = ""
    status = 409

    def __init__(self, **parts: Any) -> None:
        if parts:
            self.message = str(self.message) % parts
        super().__init__(str(self.message))

    @property
    def code(self) -> str:
        """Return the name of the refusal, for programs: `OfferGone`."""
        return type(self).__name__
