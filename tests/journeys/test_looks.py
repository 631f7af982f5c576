"""Every page that people meet: on a phone and on a desk, light and dark, for axe, in German, from right to left."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, Response

from momentor.people.models import Organisation, Person
from tests.cast import page
from tests.journeys.browsing import Browsers, picture, sideways, what_axe_finds
from tests.journeys.lives import Life, a_full_life
from tests.journeys.pages import pages_of

FIRST_PAGE = 60_000  # bytes of script and style, compressed

VISITORS = {
    "landing": "/",
    "about": "/about/",
    "conduct": "/conduct/",
    "privacy": "/privacy/",
    "offline": "/offline/",
    "sign-in": "/accounts/login/",
    "sign-up": "/accounts/signup/",
    "password-reset": "/accounts/password/reset/",
    "refusals": "/about/refusals",
    "404": "/not/there/",
}


@pytest.fixture
def life(organisation: Organisation, amina: Person, ben: Person, emil: Person, dana: Person) -> Life:
    return a_full_life(organisation, amina, ben, emil, dana)


class Walk:
    """Looks at one page after the other, and tells at the end all that it found."""

    def __init__(self) -> None:
        self.found: list[str] = []

    def go(self, at: Page, address: str, name: str) -> bool:
        """Open a page, and say whether it is there to be looked at."""
        answer = at.goto(address)
        if answer is None or (answer.status >= 400 and str(answer.status) not in name):
            self.found.append(f"{name}: {address} answers {answer and answer.status}")
            return False
        self.found += [f"{name}: sideways: {line}" for line in sideways(at)]
        return True

    def let_axe_look(self, at: Page, name: str, *, only: str = "") -> None:
        self.found += [f"{name}: axe: {line}" for line in what_axe_finds(at, only=only)]

    def turn_round(self, at: Page, name: str) -> None:
        """See the page as those who read from right to left would."""
        at.evaluate("document.documentElement.dir = 'rtl'")
        self.found += [f"{name}: right to left: {line}" for line in sideways(at)]

    def is_fine(self) -> None:
        assert not self.found, "\n".join(self.found)


def test_pages_are_readable_on_a_phone_and_from_right_to_left(
    browsers: Browsers, organisation: Organisation, life: Life, everybody: dict[str, Person]
) -> None:
    walk = Walk()

    for browser, pages in _everybodys(browsers, organisation, life, everybody, phone=True):
        for name, address in pages:
            if walk.go(browser, address, name):
                picture(browser, name)
                walk.let_axe_look(browser, name)
                walk.turn_round(browser, name)

    walk.is_fine()


def test_pages_are_readable_in_the_dark(
    browsers: Browsers, organisation: Organisation, life: Life, everybody: dict[str, Person]
) -> None:
    walk = Walk()

    for browser, pages in _everybodys(browsers, organisation, life, everybody, phone=True, dark=True):
        for name, address in pages:
            if walk.go(browser, address, name):
                picture(browser, name)
                walk.let_axe_look(browser, name, only="color-contrast")

    walk.is_fine()


def test_pages_are_readable_on_a_desk(
    browsers: Browsers, organisation: Organisation, life: Life, everybody: dict[str, Person]
) -> None:
    walk = Walk()

    for browser, pages in _everybodys(browsers, organisation, life, everybody):
        for name, address in pages:
            if walk.go(browser, address, name):
                walk.let_axe_look(browser, name)

    walk.is_fine()


def test_german_words_fit_on_a_phone(
    browsers: Browsers, organisation: Organisation, life: Life, everybody: dict[str, Person]
) -> None:
    walk = Walk()

    for browser, pages in _everybodys(browsers, organisation, life, everybody, phone=True, language="de-DE"):
        for name, address in pages:
            if walk.go(browser, address, f"de-{name}"):
                assert browser.locator("html").get_attribute("lang") == "de"
                if name in {"home", "ask", "shortlist", "desk", "room-over"}:
                    picture(browser, f"de-{name}")

    walk.is_fine()


def _everybodys(
    browsers: Browsers, organisation: Organisation, life: Life, everybody: dict[str, Person], **how: Any
) -> Iterator[tuple[Page, list[tuple[str, str]]]]:
    """Give everybody's browser in turn, with the pages that they meet."""
    browsers.forgive(r"status of 404 .*/not/there/")
    yield browsers.of(None, **how), list(VISITORS.items())
    for who, pages in pages_of(organisation, life, everybody).items():
        yield browsers.of(everybody[who], **how), pages


def test_the_first_page_is_light_and_all_ours(browsers: Browsers, organisation: Organisation, amina: Person) -> None:
    for browser, address in (
        (browsers.of(None), "/"),
        (browsers.of(amina), page("web:home", organisation=organisation)),
    ):
        loaded = _loaded_by(browser)
        browser.goto(address, wait_until="networkidle")

        parts = [one for one in loaded if one.request.resource_type in {"script", "stylesheet"}]
        sizes = {one.url: one.request.sizes()["responseBodySize"] for one in parts}

        assert sizes
        assert all(one.headers.get("content-encoding") in {"br", "gzip"} for one in parts), sizes
        assert sum(sizes.values()) < FIRST_PAGE, sizes


def test_static_files_are_kept_for_a_year(browsers: Browsers) -> None:
    visitor = browsers.of(None)
    loaded = _loaded_by(visitor)
    visitor.goto("/")

    kept = {one.url: one.headers.get("cache-control", "") for one in loaded if "/static/built/" in one.url}

    assert kept
    assert all("max-age=31536000" in each or "immutable" in each for each in kept.values()), kept
    assert all(re.search(r"\.[0-9a-f]{12}\.", url) for url in kept), kept


def _loaded_by(browser: Page) -> list[Response]:
    """Return a list to which everything is added that the page loads from now on."""
    loaded: list[Response] = []

    def note(response: Response) -> None:
        loaded.append(response)

    browser.on("response", note)
    return loaded
