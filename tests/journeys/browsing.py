"""People's browsers: each signed in as one person, each watched for what must not happen on any page."""

import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Request,
    Response,
    StorageState,
    WebError,
)
from playwright.sync_api import Error as PlaywrightError

from momentor.people.models import Person
from tests.journeys.served import Served

ROOT = Path(__file__).resolve().parents[2]
AXE = ROOT / "node_modules/axe-core/axe.min.js"
SCREENSHOTS = ROOT / "var/screenshots"
PASSWORD = "a ladder, two lamps and a kettle"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]

# As facts about Chromium in containers teach: no sandbox, nothing in the background, no slower hidden tabs.
FLAGS = [
    "--no-sandbox",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--disable-background-timer-throttling",
    "--disable-backgrounding-occluded-windows",
    "--disable-renderer-backgrounding",
]

SIDEWAYS = """() => {
  const wide = document.documentElement.clientWidth, all = document.documentElement.scrollWidth;
  if (all <= wide) return [];
  const stickOut = [...document.querySelectorAll("body *")].filter(e => {
    const box = e.getBoundingClientRect();
    return box.width && (box.right > wide + 1 || box.left < -1);
  });
  const told = stickOut.slice(0, 8).map(e => `<${e.localName} class="${e.getAttribute("class")}">`);
  return [...told, `page ${all} in ${wide}`];
}"""


class Browsers:
    """Opens browsers for people, and remembers everything that went wrong in them."""

    def __init__(self, chromium: Browser, site: Served, keys: dict[str, StorageState]) -> None:
        self._chromium = chromium
        self._site = site
        self._keys = keys
        self._contexts: list[BrowserContext] = []
        self._forgiven: list[re.Pattern[str]] = []
        self.troubles: list[str] = []

    def of(
        self,
        person: Person | None,
        *,
        phone: bool = False,
        dark: bool = False,
        script: bool = True,
        language: str = "en-GB",
        anew: bool = False,
    ) -> Page:
        """Open a browser in which this person is signed in; None is a visitor. `anew` signs in once more."""
        if person is not None and (anew or person.email not in self._keys):
            self._keys[person.email] = self._sign_in(person)
        context = self._context(
            storage_state=self._keys[person.email] if person is not None else None,
            viewport={"width": 360, "height": 740} if phone else {"width": 1200, "height": 800},
            has_touch=phone,
            color_scheme="dark" if dark else "light",
            java_script_enabled=script,
            locale=language,
        )
        return context.new_page()

    def forgive(self, *patterns: str) -> None:
        """Expect trouble that looks like this: the story is about it."""
        self._forgiven += [re.compile(pattern) for pattern in patterns]

    def tell(self, name: str) -> list[str]:
        """Keep a picture of every open page, and return what each shows: for a story that went wrong."""
        told = []
        pages = [page for context in self._contexts for page in context.pages if not page.is_closed()]
        SCREENSHOTS.mkdir(parents=True, exist_ok=True)
        for number, page in enumerate(pages, 1):
            path = SCREENSHOTS / f"failed-{name}-{number}.png"
            try:
                page.screenshot(path=path, full_page=True, timeout=5_000)
                told.append(f"{page.url} ({path.relative_to(ROOT)})\n{page.inner_text('body', timeout=2_000)[:1500]}")
            except PlaywrightError as error:
                told.append(f"{page.url}: {error}")
        return [*told, *self.troubles]

    def close(self) -> list[str]:
        """Close all of them, and return what went wrong and was not expected."""
        for context in self._contexts:
            context.close()
        return [line for line in self.troubles if not any(each.search(line) for each in self._forgiven)]

    def _context(self, **options: Any) -> BrowserContext:
        context = self._chromium.new_context(
            base_url=self._site.url, timezone_id="Europe/Berlin", reduced_motion="reduce", **options
        )
        context.set_default_timeout(20_000)
        context.on("console", self._hear)
        context.on("weberror", self._note_error)
        context.on("request", self._note_request)
        context.on("response", self._note_response)
        self._contexts.append(context)
        return context

    def _sign_in(self, person: Person) -> StorageState:
        context = self._context(locale="en-GB")
        page = context.new_page()
        sign_in(page, person)
        state = context.storage_state()
        context.close()
        self._contexts.remove(context)
        return state

    def _hear(self, message: ConsoleMessage) -> None:
        # Chromium says on the console what a page's policy refused, and what did not load.
        if message.type == "error":
            where = message.location.get("url", "")
            self.troubles.append(f"console: {message.text} ({where})")

    def _note_error(self, error: WebError) -> None:
        self.troubles.append(f"script: {error.error}")

    def _note_request(self, request: Request) -> None:
        address = urlsplit(request.url)
        if address.scheme in {"http", "https", "ws", "wss"} and address.netloc != urlsplit(self._site.url).netloc:
            self.troubles.append(f"third party: {request.url}")

    def _note_response(self, response: Response) -> None:
        if response.status >= 500:
            self.troubles.append(f"{response.status}: {response.request.method} {response.url}")


def sign_in(page: Page, person: Person, password: str = PASSWORD) -> None:
    """Go through the sign-in page, as anybody does."""
    page.goto("/accounts/login/")
    page.get_by_label("Email").fill(person.email)
    page.get_by_label("Password", exact=True).fill(password)
    page.get_by_role("button", name=re.compile("^Sign in$", re.IGNORECASE)).click()
    page.wait_for_url(lambda address: "/accounts/login/" not in address)


def what_axe_finds(page: Page, *, only: str = "") -> list[str]:
    """Return what axe-core finds wrong on the page, a line each; by one of its rules alone where that is named."""
    if page.evaluate("typeof window.axe") != "object":
        page.evaluate(AXE.read_text())
    found = page.evaluate(
        "runOnly => axe.run(document, {runOnly, resultTypes: ['violations']})",
        {"type": "rule", "values": [only]} if only else {"type": "tag", "values": TAGS},
    )
    return [
        f"{violation['id']} ({violation['impact']}): {violation['help']}: {_told(node)}"
        for violation in found["violations"]
        for node in violation["nodes"]
    ]


def _told(node: dict[str, Any]) -> str:
    why = " ".join(check["message"] for kind in ("any", "all", "none") for check in node[kind])
    return f"{json.dumps(node['target'])} {node['html'][:160]} {why[:200]}"


def sideways(page: Page) -> list[str]:
    """Return the elements that make a page wider than its window."""
    found: Sequence[str] = page.evaluate(SIDEWAYS)
    return list(found)


def fine(page: Page) -> None:
    """See that axe finds nothing on a page as it is now, and that nothing sticks out of it sideways."""
    found = what_axe_finds(page)
    assert not found, "\n".join([f"axe finds on {page.url}:", *found])
    wide = sideways(page)
    assert not wide, f"{page.url} scrolls sideways: {wide}"


def snap(page: Page, name: str) -> Path:
    """See that a page is fine, and keep a picture of it."""
    fine(page)
    return picture(page, name)


def picture(page: Page, name: str) -> Path:
    """Keep a picture of the page in var/screenshots, named for its width and its colours."""
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    width = (page.viewport_size or {"width": 0})["width"]
    is_dark = page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches")
    path = SCREENSHOTS / f"{name}-{width}{'-dark' if is_dark else ''}.png"
    page.screenshot(path=path, full_page=True, animations="disabled")
    return path
