"""The ways in: an account with a code by mail, an invitation, a forgotten password, a passkey, a second factor."""

import base64
import hmac
import re
import struct
import time

import pytest
from playwright.sync_api import Page, expect

from momentor.people.models import Organisation, Person
from tests.cast import make_member, make_person, page
from tests.journeys.browsing import PASSWORD, Browsers, fine, sign_in
from tests.journeys.conftest import give_password
from tests.journeys.served import Served, words_of

NEW_PASSWORD = "nine geese over the harbour"


@pytest.fixture
def noor(organisation: Organisation) -> Person:
    """A member who has her own ways to sign in."""
    person = make_person("Noor Haddad", f"noor.{organisation.slug}@example.org")
    give_password(person)
    make_member(organisation, person)
    return person


def test_somebody_joins_by_an_invitation_and_sets_up_to_answer(
    browsers: Browsers, site: Served, organisation: Organisation, dana: Person
) -> None:
    danas = browsers.of(dana)
    danas.goto(page("people:invitations", organisation=organisation))
    danas.get_by_role("button", name="Make the invitation").click()
    link = danas.locator("code").filter(has_text="/join/").inner_text()

    theirs = browsers.of(None)
    theirs.goto(link)
    expect(theirs.get_by_role("heading", level=1)).to_have_text("You are invited to Open Workshop")
    fine(theirs)
    theirs.get_by_role("link", name="Make an account").click()
    address = f"ivo.{organisation.slug}@example.org"
    theirs.get_by_label("Your name").fill("Ivo Kranz")
    theirs.get_by_label("Email").fill(address)
    theirs.get_by_label("Password", exact=True).fill(PASSWORD)
    _press(theirs, "Sign up|Join|Make")
    _enter_code(theirs, site, address)

    expect(theirs.get_by_role("heading", level=1)).to_have_text("Join Open Workshop")
    fine(theirs)
    theirs.get_by_label("I have read the code of conduct").check()
    theirs.get_by_label("I am at least").check()
    theirs.get_by_role("button", name="Join").click()
    expect(theirs.get_by_role("heading", level=1)).to_have_text("Welcome, Ivo Kranz")
    fine(theirs)

    theirs.get_by_role("link", name="Set up to answer").click()
    theirs.get_by_label("Language 1").select_option("en")
    theirs.get_by_role("button", name="Save and go on").click()
    theirs.get_by_label("Headline").fill("Baker for ten years, now runs the night shift")
    theirs.get_by_label("Your story").fill(
        "I learned in a village bakery and took over the night shift of a large one."
    )
    theirs.get_by_role("button", name="Save and go on").click()
    theirs.get_by_label("Add a skill").fill("sourdough, night shifts")
    theirs.get_by_role("button", name="Add", exact=True).click()
    expect(theirs.get_by_role("list", name="Your skills").get_by_role("listitem")).to_have_count(2)
    theirs.get_by_role("link", name="Go on").click()
    theirs.get_by_label("Chat").check()
    theirs.get_by_role("button", name="Save and go on").click()
    theirs.get_by_label("Your answer").first.fill(
        "Sleep first. I moved my whole day by four hours, one week at a time."
    )
    theirs.get_by_role("button", name="Keep this answer").first.click()
    theirs.get_by_role("button", name="Done: start answering").click()

    expect(theirs.get_by_text("You are a mentor here now.")).to_be_visible()
    fine(theirs)
    danas.goto(page("people:people", organisation=organisation))
    expect(danas.get_by_text("Ivo Kranz").first).to_be_visible()


def test_an_invitation_with_one_letter_changed_lets_nobody_in(
    browsers: Browsers, organisation: Organisation, dana: Person
) -> None:
    danas = browsers.of(dana)
    danas.goto(page("people:invitations", organisation=organisation))
    danas.get_by_role("button", name="Make the invitation").click()
    link = danas.locator("code").filter(has_text="/join/").inner_text()
    tampered = re.sub(r"/join/(.)", lambda found: f"/join/{'b' if found[1] != 'b' else 'c'}", link)

    theirs = browsers.of(None)
    browsers.forgive("40[34]|410|409")
    answer = theirs.goto(tampered)

    assert answer is not None
    assert 400 <= answer.status < 500
    expect(theirs.get_by_role("link", name="Make an account")).to_have_count(0)
    fine(theirs)


def test_a_forgotten_password_is_replaced_with_a_code_by_mail(
    browsers: Browsers, site: Served, organisation: Organisation, noor: Person
) -> None:
    hers = browsers.of(None)
    hers.goto("/accounts/login/")
    hers.get_by_role("link", name=re.compile("forg", re.IGNORECASE)).click()
    hers.get_by_label("Email").fill(noor.email)
    _press(hers, "reset|send")
    _enter_code(hers, site, noor.email)
    new_password = hers.get_by_label(re.compile("^new password$", re.IGNORECASE))
    expect(new_password).to_be_visible()
    fine(hers)
    new_password.fill(NEW_PASSWORD)
    hers.get_by_label(re.compile("again", re.IGNORECASE)).fill(NEW_PASSWORD)
    _press(hers, "change password|save")
    site.mail_to(noor.email, says="password")

    later = browsers.of(None)
    sign_in(later, noor, NEW_PASSWORD)

    expect(later.get_by_role("heading", level=1)).to_contain_text("Noor")


def test_a_passkey_signs_in_without_a_password(browsers: Browsers, organisation: Organisation, noor: Person) -> None:
    hers = browsers.of(noor)
    authenticator = hers.context.new_cdp_session(hers)
    authenticator.send("WebAuthn.enable")
    authenticator.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )
    hers.goto("/accounts/2fa/webauthn/add/")
    _confirm(hers)
    expect(hers.get_by_label("Passwordless")).to_be_visible()
    fine(hers)
    hers.get_by_label("Name").fill("The key in my laptop")
    hers.get_by_label("Passwordless").check()
    _press(hers, "^add|^save")
    hers.wait_for_url(lambda address: "/webauthn/add/" not in address)
    fine(hers)

    hers.context.clear_cookies()
    hers.goto("/accounts/login/")
    hers.get_by_role("button", name=re.compile("passkey", re.IGNORECASE)).click()

    expect(hers.get_by_role("heading", level=1)).to_contain_text("Noor")


def test_a_second_factor_is_asked_for_and_a_wrong_code_lets_nobody_in(
    browsers: Browsers, organisation: Organisation, noor: Person
) -> None:
    hers = browsers.of(noor)
    hers.goto("/accounts/2fa/totp/activate/")
    _confirm(hers)
    secret = hers.get_by_label("Authenticator secret").input_value()
    fine(hers)
    hers.get_by_label("Authenticator code").fill(_totp(secret))
    _press(hers, "activate")
    hers.wait_for_url(lambda address: "/totp/activate/" not in address)
    fine(hers)

    later = browsers.of(None)
    later.goto("/accounts/login/")
    later.get_by_label("Email").fill(noor.email)
    later.get_by_label("Password", exact=True).fill(PASSWORD)
    _press(later, "^sign in$")
    expect(later.get_by_label("Code")).to_be_visible()
    fine(later)
    later.get_by_label("Code").fill(f"{(int(_totp(secret)) + 7) % 1_000_000:06d}")
    _press(later, "^sign in$")
    expect(later.get_by_text(re.compile("incorrect|wrong|invalid", re.IGNORECASE)).first).to_be_visible()
    fine(later)
    later.get_by_label("Code").fill(_totp(secret))
    _press(later, "^sign in$")

    expect(later.get_by_role("heading", level=1)).to_contain_text("Noor")


def _enter_code(browser: Page, site: Served, address: str) -> None:
    """Type the newest code that was mailed to this address."""
    expect(browser.get_by_label("Code")).to_be_visible()
    fine(browser)
    mail = site.mail_to(address, says="code")
    [code] = re.findall(r"^\s*([0-9A-Z]{3,4}-?[0-9A-Z]{3,4})\s*$", words_of(mail), re.MULTILINE)
    browser.get_by_label("Code").fill(code)
    _press(browser, "confirm|go on|continue|verify")


def _confirm(browser: Page) -> None:
    """Give the password again, as what guards an account asks for."""
    expect(browser.get_by_label("Password", exact=True)).to_be_visible()
    fine(browser)
    browser.get_by_label("Password", exact=True).fill(PASSWORD)
    _press(browser, "confirm")


def _press(browser: Page, name: str) -> None:
    browser.locator("main").get_by_role("button", name=re.compile(name, re.IGNORECASE)).first.click()


def _totp(secret: str) -> str:
    """Return what an authenticator app shows for this secret now (RFC 6238)."""
    key = base64.b32decode(secret + "=" * (-len(secret) % 8))
    digest = hmac.digest(key, struct.pack(">Q", int(time.time()) // 30), "sha1")
    at = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[at : at + 4])[0] & 0x7FFFFFFF) % 1_000_000:06d}"
