"""Real communities, brought in whole: a real question, typed in a browser, finds people with histories.

What people wrote there is read while the story runs and kept nowhere: no words, no pictures, not when it fails either.
"""

import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest
from django.utils import timezone
from playwright.sync_api import Locator, Page, expect

from momentor.importing.actions import claim_busiest, import_folder, join_as_member, organisation_for
from momentor.importing.rows import Folder
from momentor.people.models import Organisation, Person
from tests.cast import page
from tests.journeys.browsing import Browsers

pytestmark = pytest.mark.real_people

REAL = Path(__file__).resolve().parents[3] / "shared" / "data" / "matching"
COMMUNITIES = ("ai", "android", "chat", "dba", "mathoverflow", "quantumcomputing")
MONTH = r"\b(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*\.?"
A_DATE = re.compile(rf"{MONTH} (?:\d\d?, )?(?:19|20)\d\d\b|\b\d\d? {MONTH}|\b(?:19|20)\d\d-\d\d-\d\d\b")


@dataclass(frozen=True)
class Asked:
    """A question out of a community's own past."""

    title: str
    text: str


@pytest.mark.parametrize("name", COMMUNITIES)
def test_a_real_question_gets_a_shortlist_with_reasons_from_real_histories(
    browsers: Browsers, amina: Person, name: str
) -> None:
    if not (REAL / name).exists():
        pytest.skip(f"THE REAL COMMUNITY {name!r} IS NOT ON THIS MACHINE: its import was not tried")
    folder, question = Folder(REAL / name), the_newest_question(REAL / name)
    organisation = bring_in(folder, name, amina)
    aminas = browsers.of(amina)

    aminas.goto(page("asking:new", organisation=organisation))
    aminas.get_by_label("What is on your mind?").fill(question.text)
    aminas.get_by_role("button", name="Find someone").click()

    # The first question after a start reads the whole community.
    expect(aminas.get_by_role("heading", name=re.compile("could answer"))).to_be_visible(timeout=60_000)
    # Beside those who fit best may stand one who is new, and one from a neighbouring field.
    assert 3 <= aminas.locator(".candidate").count() <= 5
    for one in aminas.locator(".candidate").all():
        expect(one.locator(".reasons")).to_contain_text(re.compile("yours|Answers questions on|profile speaks of"))
    others = titles_of(REAL / name) - {question.title}
    quoted = {as_title(quote) for quote in aminas.locator(".reasons q").all_text_contents()}
    assert quoted & others, "no reason quotes another question of the past"
    _dates_are_shown_only_where_there_are_any(aminas, folder)


def the_newest_question(community: Path) -> Asked:
    """Return the newest question that somebody answered who also answered others."""
    answers = pq.read_table(community / "answers.parquet", columns=["qid", "person"]).to_pylist()
    times = Counter(row["person"] for row in answers)
    answered = {row["qid"] for row in answers if times[row["person"]] > 1}
    questions = pq.read_table(community / "questions.parquet", columns=["qid", "ts", "title", "body"])
    newest_first = questions.sort_by([("ts", "descending")]).to_pylist()
    found = next(row for row in newest_first if row["qid"] in answered)
    return Asked(title=as_title(found["title"]), text=f"{found['title']}\n\n{found['body'] or ''}"[:5000])


def titles_of(community: Path) -> set[str]:
    titles = pq.read_table(community / "questions.parquet", columns=["title"]).column("title")
    return {as_title(title) for title in pc.drop_null(titles).to_pylist()}


def as_title(words: str) -> str:
    """Return what is the same of a title wherever it stands, cut or whole."""
    return re.sub(r"\W", "", words)[:50]


def bring_in(folder: Folder, name: str, member: Person) -> Organisation:
    now = timezone.now()
    organisation = organisation_for(name=name.capitalize(), slug=f"real-{name}", now=now)
    report = import_folder(folder, organisation=organisation, language="en", now=now, progress=lambda rows: None)
    join_as_member(organisation=organisation, email=member.email, now=now)
    claim_busiest(organisation=organisation, count=2, password="a password for the demo", now=now)
    assert report.bad == []
    return organisation


def _dates_are_shown_only_where_there_are_any(browser: Page, folder: Folder) -> None:
    """See answers that may be read say when they were given, and nothing say so where times are only an order."""
    bylines = browser.locator(".readable details p", has_text="Answered by")
    assert [has_a_date(one) for one in bylines.all()] == [folder.times_are_real] * bylines.count()
    if folder.times_are_real:
        return
    assert not any(has_a_date(one) for one in browser.locator(".candidate .reasons").all())
    not_joined = browser.locator(".candidate", has_text="has not joined yet")
    not_joined.get_by_role("link", name=re.compile("^Member")).first.click()
    expect(browser.locator("#person-name")).to_be_visible()
    assert not has_a_date(browser.locator("main"))


def has_a_date(part: Locator) -> bool:
    return A_DATE.search(part.text_content() or "") is not None
