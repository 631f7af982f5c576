"""The journeys' own watchmen, seen to watch: a watchman who sleeps makes every story green."""

from playwright.sync_api import Page

from momentor.people.models import Person
from tests.journeys.browsing import Browsers, what_axe_finds


def test_watchmen_see_what_no_page_may_do(browsers: Browsers) -> None:
    page = browsers.of(None)
    page.goto("/accounts/login/")

    page.evaluate("fetch('http://elsewhere.invalid/').catch(() => 0)")
    page.evaluate("() => { const s = document.createElement('script'); s.text = '1'; document.head.append(s) }")
    with page.expect_event("pageerror"):
        page.evaluate("setTimeout(() => { throw new Error('a bug of ours') })")

    seen = "\n".join(browsers.troubles)
    browsers.forgive(".*")
    assert "elsewhere.invalid" in seen
    assert "Content Security Policy" in seen
    assert "a bug of ours" in seen


def test_axe_finds_a_picture_without_words(browsers: Browsers) -> None:
    page = browsers.of(None)
    page.goto("/accounts/login/")

    page.evaluate(
        "document.querySelector('main').insertAdjacentHTML('beforeend', '<img src=\"/static/img/logo.svg\">')"
    )

    assert any("image-alt" in line for line in what_axe_finds(page))


def test_people_sign_in_through_the_page_once(browsers: Browsers, amina: Person) -> None:
    first: Page = browsers.of(amina)
    second: Page = browsers.of(amina)

    first.goto("/accounts/email/")
    second.goto("/accounts/email/")

    assert amina.email in first.inner_text("main")
    assert amina.email in second.inner_text("main")
