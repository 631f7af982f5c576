"""A list of people to invite, read from a CSV file: name, email, roles, programme. Pure."""

import csv
import io
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from momentor.foundation.text import one_line

LARGEST_FILE = 500_000
MOST_ROWS = 2000
COLUMNS = ("name", "email", "roles", "programme")
NEEDED = ("email",)


@dataclass(frozen=True, kw_only=True)
class Guest:
    """One good row."""

    number: int
    name: str
    email: str
    roles: tuple[str, ...]
    programme: str


@dataclass(frozen=True, kw_only=True)
class Problem:
    """What is wrong with one row; number 0 is the file as a whole. Rows are counted as a spreadsheet counts them."""

    number: int
    what: str


@dataclass(frozen=True, kw_only=True)
class Roster:
    """What a file says."""

    guests: tuple[Guest, ...] = ()
    problems: tuple[Problem, ...] = ()


def read_roster(content: bytes, *, roles: Collection[str], programmes: Collection[str]) -> Roster:
    """Return the rows of a file and what is wrong with it, given the roles and programmes that exist."""
    try:
        text = _decoded(content)
        rows = _rows(text)
    except _Unreadable as trouble:
        return Roster(problems=(Problem(number=0, what=str(trouble)),))
    guests: list[Guest] = []
    problems: list[Problem] = []
    seen: dict[str, int] = {}
    known = {name.casefold(): name for name in programmes}
    for number, row in rows:
        wrong = list(_wrong(row, roles, known, seen))
        problems += [Problem(number=number, what=what) for what in wrong]
        email = row["email"].lower()
        seen.setdefault(email, number)
        if not wrong:
            guests.append(
                Guest(
                    number=number,
                    name=row["name"],
                    email=email,
                    roles=tuple(sorted(_roles(row["roles"]))),
                    programme=known.get(row["programme"].casefold(), ""),
                )
            )
    return Roster(guests=tuple(guests), problems=tuple(problems))


class _Unreadable(Exception):
    """The file as a whole cannot be read; the text says why."""


def _decoded(content: bytes) -> str:
    if len(content) > LARGEST_FILE:
        raise _Unreadable(_("The file is larger than 500 kB. Split it."))
    if content[:2] in {b"\xff\xfe", b"\xfe\xff"}:  # a spreadsheet's "Unicode text"
        encoding = "utf-16"
    elif content[:4] == b"PK\x03\x04":
        raise _Unreadable(_("This is a spreadsheet or zip file. Save it as CSV (UTF-8) and choose that file."))
    else:
        encoding = "utf-8-sig"
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as error:
        raise _Unreadable(_("The letters in this file are not in UTF-8. Save it as “CSV UTF-8”.")) from error
    if "\0" in text:
        raise _Unreadable(_("This is not a text file. Save your list as CSV (UTF-8) and choose that file."))
    return text


def _rows(text: str) -> list[tuple[int, dict[str, str]]]:
    first = text.lstrip().split("\n", 1)[0]
    delimiter = max(",;\t", key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        lines = [[one_line(cell) for cell in line] for line in reader]
    except csv.Error as error:
        raise _Unreadable(_("Row %(number)s cannot be read as CSV.") % {"number": reader.line_num}) from error
    heads = [head.casefold() for head in lines[0]] if lines else []
    if missing := [name for name in NEEDED if name not in heads]:
        raise _Unreadable(
            _("The first row must name the columns: name, email, roles, programme. Missing: %(missing)s.")
            % {"missing": ", ".join(missing)}
        )
    rows = [(number, _cells(heads, line)) for number, line in enumerate(lines[1:], start=2) if any(line)]
    if not rows:
        raise _Unreadable(_("There is nobody in this file below its first row."))
    if len(rows) > MOST_ROWS:
        raise _Unreadable(_("The file has more than 2000 rows. Split it."))
    return rows


def _cells(heads: list[str], line: list[str]) -> dict[str, str]:
    given = dict(zip(heads, line, strict=False))
    return {name: given.get(name, "") for name in COLUMNS}


def _roles(text: str) -> set[str]:
    """Return the roles in a cell such as "coordinator, moderator" or "coordinator|moderator"."""
    return {word for word in text.lower().replace("|", " ").replace(",", " ").replace(";", " ").split() if word}


def _wrong(
    row: dict[str, str], roles: Collection[str], programmes: dict[str, str], seen: dict[str, int]
) -> Iterator[str]:
    try:
        validate_email(row["email"])
    except ValidationError:
        yield _("“%(email)s” is not an email address.") % {"email": row["email"][:80]}
    if earlier := seen.get(row["email"].lower()):
        yield _("The same address stands in row %(number)s.") % {"number": earlier}
    if len(row["name"]) > 80:
        yield _("The name is longer than 80 characters.")
    for role in sorted(_roles(row["roles"]) - set(roles)):
        yield _("“%(role)s” is not a role. Roles are: %(roles)s.") % {
            "role": role[:40],
            "roles": ", ".join(sorted(roles)),
        }
    if row["programme"] and row["programme"].casefold() not in programmes:
        yield _("There is no programme “%(name)s” here.") % {"name": row["programme"][:80]}
