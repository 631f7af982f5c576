"""People as JSON: oneself, and those one may see."""

from momentor.people.api.directory import router as people_router
from momentor.people.api.me import router as me_router
from momentor.people.api.shapes import ApiRequest, MediumName, PersonShown

__all__ = ["ApiRequest", "MediumName", "PersonShown", "me_router", "people_router"]
