"""What stands in one cell of a table. Each raises ValueError with the end of a sentence that begins with the place."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, time
from math import isfinite
from numbers import Real
from typing import Any
from uuid import UUID

import numpy as np

from matchwell.columns import Numbers
from matchwell.meanings import LONGEST

DAY = 86_400.0  # seconds


def days(moment: date) -> float:
    """Return a datetime, or the beginning of a date, as days since 1970; without a zone it is read as UTC."""
    if not isinstance(moment, datetime):
        moment = datetime.combine(moment, time(), UTC)
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return moment.timestamp() / DAY


def identifier(cell: Any) -> str:
    """Return an identifier: text as it is, whole numbers as text."""
    if isinstance(cell, str | int | UUID) and not isinstance(cell, bool) and cell != "":
        return str(cell)  # nearly all
    if is_missing(cell) or cell == "":
        raise ValueError("is missing. Leave the row out, or give it an identifier.")
    if isinstance(cell, np.integer):
        return str(int(cell))
    # A column of whole numbers with a gap somewhere holds fractions, which above 2^53 are no longer the same numbers.
    if isinstance(cell, float | np.floating) and float(cell).is_integer() and abs(float(cell)) <= 2**53:
        return str(int(cell))
    raise ValueError(f"is {cell!r}. Identifiers are text or whole numbers.")


def optional_identifier(cell: Any) -> str | None:
    """Return an identifier, or None where there is none."""
    return None if is_missing(cell) else identifier(cell)


def text(cell: Any) -> str:
    """Return a text; a missing one is empty."""
    if is_missing(cell):
        return ""
    if not isinstance(cell, str):
        raise ValueError(f"is {cell!r}, which is no text.")
    return cell


def optional_text(cell: Any) -> str | None:
    """Return a text, or None where there is none."""
    return text(cell) or None


def several(cell: Any) -> tuple[str, ...]:
    """Return the words of a cell: of a list, or of one text with commas between."""
    if is_missing(cell):
        return ()
    if isinstance(cell, str):
        return tuple(word for part in cell.split(",") if (word := part.strip()))
    if not isinstance(cell, Iterable):
        raise ValueError(f"is {cell!r}. Give a list of texts, or one text with commas between.")
    found = tuple(cell)
    if not all(isinstance(word, str) for word in found):
        raise ValueError(f"is {cell!r}, which is no list of texts.")
    return tuple(sorted(found)) if isinstance(cell, set | frozenset) else found


def moment(cell: Any) -> tuple[float, bool]:
    """Return a time in days, and whether it was a date."""
    if is_missing(cell):
        raise ValueError("is missing. Leave the row out, or say when it was.")
    if isinstance(cell, date):
        return days(cell), True
    if isinstance(cell, bool) or not isinstance(cell, Real):
        raise ValueError(f"is {cell!r}. Give days as numbers, or datetimes, as pandas.to_datetime makes them of texts.")
    if not isfinite(cell):
        raise ValueError(f"is {cell!r}. Give a finite number of days.")
    return float(cell), False


def vector(cell: Any) -> Numbers | None:
    """Return a vector, float32 [d], or None where there is none."""
    if not isinstance(cell, np.ndarray | list | tuple) and is_missing(cell):
        return None
    try:
        numbers = np.asarray(cell, np.float32)
    except (TypeError, ValueError):
        numbers = np.empty(0, np.float32)
    if numbers.ndim != 1 or not 0 < len(numbers) <= LONGEST:
        raise ValueError(f"is no vector: give a row of 1 to {LONGEST} numbers.")
    if not np.isfinite(numbers).all():
        raise ValueError("has numbers that are not finite. Leave the vector out, and repair its encoder.")
    return numbers


def is_missing(cell: Any) -> bool:
    """Return whether a cell is empty: None, or what says that it is not even equal to itself (NaN, NaT, NA)."""
    if cell is None:
        return True
    if isinstance(cell, str | list | tuple | set | frozenset | np.ndarray):
        return False
    try:
        return bool(cell != cell)
    except TypeError:  # pandas.NA is neither equal nor not
        return True
