"""Shapes of what comes in and goes out: each kind of value says its limits once, for the check and for the document."""

from datetime import date, time
from typing import Annotated, Any
from uuid import UUID

from django.db.models import TextChoices
from pydantic import AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field, StrictBool, StrictInt, WithJsonSchema
from pydantic_core import PydanticCustomError

# No database takes the character 0.
_PRINTED = r"^[^\x00]*$"
_ID = r"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"
_ZONED = r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,6})?(Z|[+-]\d{2}:\d{2})$"
_DAY = r"^\d{4}-\d{2}-\d{2}$"
_CLOCK = r"^\d{2}:\d{2}(:\d{2})?$"
BIGGEST = 2**53 - 1  # what every JSON reader can count to


def _written(value: Any) -> Any:
    """Refuse numbers where a text is expected: pydantic would take 1 for a date in 1970."""
    if isinstance(value, (int, float)):
        raise PydanticCustomError("string_type", "Input should be a valid string")
    return value


def up_to(most: int, *, least: int = 0) -> Any:
    """Return the limits of words: so many characters."""
    return Field(min_length=least, max_length=most, pattern=_PRINTED)


def between(least: int, most: int = BIGGEST) -> Any:
    """Return the limits of a whole number."""
    return Field(ge=least, le=most, json_schema_extra={"format": "int32" if most < 2**31 else "int64"})


def choice(among: type[TextChoices]) -> Any:
    """Return how one of these choices is described: by its values, since many a class of them is called State."""
    return WithJsonSchema({"type": "string", "enum": list(among.values)})


def unsaid() -> Any:
    """Return the default of a field that may be left out, and is then not touched: null is refused."""
    return Field(default=None)


Whole = StrictInt  # true, 1.0 and "1" are no whole numbers
Line = Annotated[str, up_to(120)]
Tag = Annotated[
    str, Field(max_length=35, pattern=r"^[a-zA-Z]{2,3}(-[A-Za-z]{4})?(-([A-Za-z]{2}|[0-9]{3}))?(-[A-Za-z0-9]{5,8})*$")
]
Yes = StrictBool
Id = Annotated[
    UUID,
    BeforeValidator(_written),
    WithJsonSchema({"type": "string", "format": "uuid", "maxLength": 36, "pattern": _ID}),
]
Moment = Annotated[
    AwareDatetime,
    BeforeValidator(_written),
    WithJsonSchema({"type": "string", "format": "date-time", "maxLength": 40, "pattern": _ZONED}),
]
Day = Annotated[
    date,
    BeforeValidator(_written),
    WithJsonSchema({"type": "string", "format": "date", "maxLength": 10, "pattern": _DAY}),
]
WallTime = Annotated[
    time,
    BeforeValidator(_written),
    WithJsonSchema({"type": "string", "maxLength": 8, "pattern": _CLOCK, "description": "A time on the wall: 08:30."}),
]


class Body(BaseModel):
    """What somebody sends: nothing but the fields that are named."""

    model_config = ConfigDict(extra="forbid", use_attribute_docstrings=True)


class Shown(BaseModel):
    """What somebody gets."""

    model_config = ConfigDict(use_attribute_docstrings=True)
