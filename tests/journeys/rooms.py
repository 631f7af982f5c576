"""What one does in a room, and what one sees in it."""

import re
from uuid import UUID

from playwright.sync_api import Locator, Page, expect


def joined(browser: Page) -> None:
    """Wait until the page is in its room, live."""
    expect(browser.locator("html[data-live=on] chat-room[data-ready]")).to_be_attached()


def session_of(browser: Page) -> UUID:
    found = re.search(r"/sessions/([-0-9a-f]{36})/", browser.url)
    assert found, browser.url
    return UUID(found[1])


def say(browser: Page, words: str) -> None:
    """Write a message, and wait until it stands in the conversation."""
    browser.get_by_label("Message", exact=True).fill(words)
    browser.get_by_role("button", name=re.compile("^(Send|Save)$")).click()
    expect(browser.get_by_label("Message", exact=True)).to_have_value("")


def change(browser: Page, words: str, doing: str) -> None:
    """Choose what to do with the message that holds these words."""
    message = _message(browser, words)
    message.locator("summary").click()
    message.get_by_text(doing, exact=True).click()


def said(browser: Page) -> list[str]:
    """Return the messages of the conversation in their order, each as its author, its words and its file."""
    return list(
        browser.eval_on_selector_all(
            ".log .message",
            """all => all.map(one => [
              one.dataset.seq ?? "waiting",
              one.querySelector(".bubble .said")?.innerText ?? "",
              one.querySelector("img")?.alt ?? "",
            ].join(" | "))""",
        )
    )


def _message(browser: Page, words: str) -> Locator:
    return browser.locator(".message", has_text=words).last
