"""Real communities, brought in whole: a real question, typed in a browser, finds people with histories."""

import re
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from momentor.importing.actions import claim_busiest, import_folder, join_as_member, organisation_for
from momentor.importing.rows import Folder
from momentor.people.models import Person
from tests.cast import page
from tests.journeys.browsing import Browsers, snap

REAL = Path(__file__).resolve().parents[3] / "shared" / "data" / "matching"
REAL_QUESTIONS = {
    "ai": "When should I prefer a genetic algorithm over backpropagation?",
    "android": "My battery drains overnight since the last update. How do I find the app that does it?",
    "chat": "How do I rewrite under a binder when simp makes no progress on a sum over a finset?",
    "dba": "Why does my query on a partitioned table not use the index when I filter by date?",
    "mathoverflow": "What is known about the cohomology of the moduli space of curves with marked points?",
    "quantumcomputing": "How do I decompose a three qubit gate into CNOTs and single qubit rotations?",
}


@pytest.mark.parametrize("name", sorted(REAL_QUESTIONS))
def test_a_real_question_gets_a_shortlist_with_reasons_from_real_histories(
    browsers: Browsers, amina: Person, name: str
) -> None:
    if not (REAL / name).exists():
        pytest.skip(f"THE REAL COMMUNITY {name!r} IS NOT ON THIS MACHINE: its import was not tried")
    now = timezone.now()
    organisation = organisation_for(name=name.capitalize(), slug=f"real-{name}", now=now)
    report = import_folder(
        Folder(REAL / name), organisation=organisation, language="en", now=now, progress=lambda rows: None
    )
    join_as_member(organisation=organisation, email=amina.email, now=now)
    claim_busiest(organisation=organisation, count=3, password="a password for the demo", now=now)
    aminas = browsers.of(amina)

    aminas.goto(page("asking:new", organisation=organisation))
    aminas.get_by_label("What is on your mind?").fill(REAL_QUESTIONS[name])
    aminas.get_by_role("button", name="Find someone").click()

    # The first question after a start reads the whole community.
    expect(aminas.get_by_role("heading", name=re.compile("could answer"))).to_be_visible(timeout=60_000)
    expect(aminas.locator(".candidate")).to_have_count(3)
    assert all(
        "like yours" in one or "Answers questions on" in one for one in aminas.locator(".candidate").all_inner_texts()
    )
    snap(aminas, f"real-{name}")
    assert report.bad == []
