"""What works while the page is closed or the network gone: notifications, and a page that says so.

A browser's own join to a push service cannot be tried here: Chromium's is reached over the internet alone. What is
tried is everything behind it: the push service by tests of its own, the worker by the browser's debugging protocol.
"""

import json
from typing import Any

from playwright.sync_api import CDPSession, Page, expect

from momentor.people.models import Organisation, Person
from tests.cast import page
from tests.journeys.browsing import Browsers
from tests.journeys.served import Served, until


def test_a_push_shows_a_notification_with_its_choices(
    browsers: Browsers, site: Served, organisation: Organisation, ben: Person
) -> None:
    bens = browsers.of(ben)
    bens.goto(page("dispatch:desk", organisation=organisation))
    bens.context.grant_permissions(["notifications"], origin=site.url)
    worker, registration = _registration(bens)

    told = {
        "title": "A question for you: 10 minutes, now.",
        "body": "Open Workshop",
        "url": page("dispatch:desk", organisation=organisation),
        "tag": "offer:1",
        "actions": [
            {"action": "accept", "title": "Accept", "url": "/nowhere/"},
            {"action": "pass", "title": "Pass", "url": "/nowhere/"},
        ],
    }
    worker.send(
        "ServiceWorker.deliverPushMessage",
        {"origin": site.url, "registrationId": registration, "data": json.dumps(told)},
    )

    shown = until(lambda: _notifications(bens), "the notification")
    assert shown == [{"title": told["title"], "body": "Open Workshop", "actions": ["Accept", "Pass"]}]


def test_a_late_push_offers_nothing_that_is_gone(
    browsers: Browsers, site: Served, organisation: Organisation, ben: Person
) -> None:
    bens = browsers.of(ben)
    bens.goto(page("dispatch:desk", organisation=organisation))
    bens.context.grant_permissions(["notifications"], origin=site.url)
    worker, registration = _registration(bens)

    told = {
        "title": "A question for you",
        "body": "Open Workshop",
        "url": "/",
        "tag": "offer:2",
        "until": 1000,
        "actions": [{"action": "accept", "title": "Accept", "url": "/nowhere/"}],
    }
    worker.send(
        "ServiceWorker.deliverPushMessage",
        {"origin": site.url, "registrationId": registration, "data": json.dumps(told)},
    )

    shown = until(lambda: _notifications(bens), "the notification")
    assert shown[0]["actions"] == []


def test_without_a_network_a_page_says_so(browsers: Browsers, organisation: Organisation, amina: Person) -> None:
    browsers.forgive("ERR_INTERNET_DISCONNECTED", "WebSocket", "ERR_FAILED")
    hers = browsers.of(amina)
    hers.goto(page("web:home", organisation=organisation))
    hers.evaluate("navigator.serviceWorker.ready.then(() => 1)")
    hers.wait_for_function("!!navigator.serviceWorker.controller")

    hers.context.set_offline(True)
    hers.goto(page("asking:questions", organisation=organisation))
    expect(hers.get_by_role("heading", level=1)).to_be_visible()
    assert "onnection" in hers.inner_text("main")
    assert hers.evaluate("getComputedStyle(document.body).fontFamily") != ""

    hers.context.set_offline(False)
    hers.goto(page("asking:questions", organisation=organisation))
    expect(hers.get_by_role("heading", name="My questions")).to_be_visible()


def _registration(browser: Page) -> tuple[CDPSession, str]:
    """Return the debugging session of a page, and the number of its service worker."""
    browser.evaluate("navigator.serviceWorker.ready.then(() => 1)")
    found: list[dict[str, Any]] = []
    session = browser.context.new_cdp_session(browser)
    session.on("ServiceWorker.workerRegistrationUpdated", lambda event: found.extend(event["registrations"]))
    session.send("ServiceWorker.enable")

    def ours() -> list[str]:
        browser.evaluate("1")  # lets what the browser said arrive
        return [one["registrationId"] for one in found if not one["isDeleted"]]

    return session, until(ours, "the service worker")[0]


def _notifications(browser: Page) -> list[dict[str, Any]]:
    return list(
        browser.evaluate(
            """async () => {
              const ready = await navigator.serviceWorker.ready;
              const all = await ready.getNotifications();
              return all.map(({ title, body, actions }) => ({ title, body, actions: actions.map(one => one.title) }));
            }"""
        )
    )
