"""A list of people to invite says what is wrong with it, row by row."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from momentor.people.roster import LARGEST_FILE, Roster, read_roster

ROLES = ["member", "coordinator", "moderator"]


def read(text: str | bytes) -> Roster:
    content = text.encode() if isinstance(text, str) else text
    return read_roster(content, roles=ROLES, programmes=["First year"])


def test_good_rows_are_read() -> None:
    roster = read("name,email,roles,programme\nNoor,Noor@x.org,,first YEAR\n\nIvo,ivo@x.org,moderator|coordinator,\n")

    assert not roster.problems
    noor, ivo = roster.guests
    assert (noor.number, noor.email, noor.programme, noor.roles) == (2, "noor@x.org", "First year", ())
    assert (ivo.number, ivo.roles) == (4, ("coordinator", "moderator"))


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_what_spreadsheets_write_is_read(delimiter: str, encoding: str) -> None:
    text = f"Email{delimiter}Name\r\nsoren@x.org{delimiter}Søren\r\n"

    assert [guest.name for guest in read(text.encode(encoding)).guests] == ["Søren"]


def test_every_bad_row_is_named_with_its_number() -> None:
    roster = read("email,roles,programme\na@x.org,boss,\nnobody,,\nb@x.org,,Second year\nA@x.org,,\nok@x.org,,\n")

    said = {(problem.number, problem.what) for problem in roster.problems}
    assert said == {
        (2, "“boss” is not a role. Roles are: coordinator, member, moderator."),
        (3, "“nobody” is not an email address."),
        (4, "There is no programme “Second year” here."),
        (5, "The same address stands in row 2."),
    }
    assert [guest.email for guest in roster.guests] == ["ok@x.org"]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "Missing: email"),
        (b"who,where\nx,y\n", "Missing: email"),
        (b"email\n", "nobody in this file"),
        (b"email\nS\xf8ren@x.org\n", "UTF-8"),
        (b"PK\x03\x04rest of a spreadsheet", "Save it as CSV"),
        (b"email\n\x00\x01\n", "not a text file"),
        (b"email\n" + b"x" * LARGEST_FILE, "larger than 500 kB"),
        (b"email\n" + b"".join(b"a%d@x.org\n" % n for n in range(2001)), "more than 2000 rows"),
    ],
)
def test_a_file_that_is_no_list_says_what_to_do(content: bytes, said: str) -> None:
    [problem] = read(content).problems

    assert problem.number == 0
    assert said in problem.what


@given(st.binary(max_size=400))
def test_no_file_whatever_breaks_the_reading(content: bytes) -> None:
    for given_content in (content, b"email,name\n" + content):
        roster = read_roster(given_content, roles=ROLES, programmes=[])
        assert roster.guests or roster.problems
