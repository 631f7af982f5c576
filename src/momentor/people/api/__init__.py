"""People as JSON: oneself, and those one may see."""

from momentor.people.api.directory import router as people
from momentor.people.api.me import router as me
from momentor.people.api.shapes import ApiRequest, PersonShown

__all__ = ["ApiRequest", "PersonShown", "me", "people"]
