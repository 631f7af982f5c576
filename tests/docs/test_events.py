"""The page of events lists every fact that may be announced, and what follows it."""

from pathlib import Path

from momentor.project.events_page import events_page

PAGE = Path(__file__).resolve().parents[2] / "docs" / "reference" / "events.md"


def test_the_page_of_events_is_up_to_date() -> None:
    assert PAGE.read_text(encoding="utf-8") == events_page()
