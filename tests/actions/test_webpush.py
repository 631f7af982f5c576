"""Notifications on devices: encrypted for the browser, signed by the site, and answered without opening a page.

The push service here is a small server of our own that decrypts as a browser would; tests/heavy has an outside one.
"""

import base64
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import http_ece
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from django.core import signing
from django.utils import timezone
from py_vapid import Vapid02

from momentor.asking.actions import draft_question
from momentor.console import keys
from momentor.dispatch.actions import start_search
from momentor.dispatch.models import Offer
from momentor.foundation.outgoing import TryAgainLater
from momentor.foundation.tenancy import acting_in
from momentor.integrations.webpush.actions import WrongSubscription, subscribe, unsubscribe
from momentor.integrations.webpush.answering import SALT, token_for
from momentor.integrations.webpush.keys import public_key
from momentor.integrations.webpush.models import PushSubscription
from momentor.notices.actions import tell
from momentor.notices.delivering import deliver_one
from momentor.notices.models import Delivery
from momentor.people.models import Organisation, Person
from momentor.sessions.models import Session
from tests.cast import client_of, make_mentor, page
from tests.talks import ASKED, let_jobs_run


def encoded(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


@dataclass
class Device:
    """A browser with its keys, and the push service that holds messages for it."""

    endpoint: str
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    auth: bytes = b"sixteen bytes ok"
    status: int = 201
    got: list[tuple[dict[str, str], bytes]] = field(default_factory=list)

    @property
    def keys(self) -> dict[str, str]:
        point = self.key.public_key().public_bytes(
            serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint
        )
        return {"p256dh": encoded(point), "auth": encoded(self.auth)}

    def read(self, number: int = -1) -> dict[str, Any]:
        """Return what a push says, decrypted as a browser does."""
        _headers, body = self.got[number]
        told: dict[str, Any] = json.loads(http_ece.decrypt(body, private_key=self.key, auth_secret=self.auth))
        return told


@pytest.fixture
def device(settings: Any, tmp_path: Path) -> Iterator[Device]:
    """Give a browser whose push service listens on this machine."""

    class Service(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            his.got.append(({name.lower(): value for name, value in self.headers.items()}, body))
            self.send_response(his.status)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = HTTPServer(("127.0.0.1", 0), Service)
    Thread(target=server.serve_forever, daemon=True).start()
    settings.OUTGOING_ALSO_TO = ("127.0.0.1",)
    settings.DATA = tmp_path
    keys.make_keys(tmp_path / "keys")
    his = Device(endpoint=f"http://127.0.0.1:{server.server_port}/push/ben")
    yield his
    server.shutdown()
    server.server_close()


@pytest.fixture
def on_device(organisation: Organisation, ben: Person, device: Device) -> Device:
    """Ben is told on this device."""
    with acting_in(organisation.pk):
        subscribe(by=ben, endpoint=device.endpoint, label="Ben's phone", now=timezone.now(), **device.keys)
    return device


@pytest.fixture
def offer(organisation: Organisation, amina: Person, ben: Person) -> Offer:
    with acting_in(organisation.pk):
        question = draft_question(by=amina, text=ASKED, language="en", now=timezone.now())
        search = start_search(question=question, by=amina, chosen=[ben.pk], now=timezone.now())
        return Offer.objects.select_related("question").get(search=search, mentor=ben)


# Telling


def test_an_offer_arrives_encrypted_for_the_device_and_signed_by_the_site(on_device: Device, offer: Offer) -> None:
    let_jobs_run()

    headers, body = on_device.got[0]
    told = on_device.read()
    assert told["title"] == "A question for you: 10 minutes, now."
    assert told["body"].startswith("I weld pipes")
    assert [one["action"] for one in told["actions"]] == ["acceptance", "passing"]
    assert b"weld" not in body
    assert headers["urgency"] == "high"
    assert 0 < int(headers["ttl"]) <= 300
    assert len(headers["topic"]) <= 32
    scheme, _, rest = headers["authorization"].partition(" ")
    token, _, key = rest.partition(",")
    assert scheme == "vapid"
    assert key.removeprefix("k=") == public_key()
    claims = json.loads(base64.urlsafe_b64decode(token.removeprefix("t=").split(".")[1] + "=="))
    assert claims["aud"] == on_device.endpoint.removesuffix("/push/ben")
    assert claims["sub"].startswith("mailto:")
    assert Vapid02.verify(headers["authorization"])


def test_who_asks_anonymously_is_not_known_by_the_words(
    organisation: Organisation, on_device: Device, amina: Person, ben: Person
) -> None:
    with acting_in(organisation.pk):
        question = draft_question(
            by=amina, text=ASKED, language="en", is_anonymous=True, topics=["leading"], now=timezone.now()
        )
        start_search(question=question, by=amina, chosen=[ben.pk], now=timezone.now())
    let_jobs_run()

    assert on_device.read()["body"] == "leading"


@pytest.mark.parametrize("status", [404, 410])
def test_a_browser_that_is_gone_is_forgotten(
    organisation: Organisation, on_device: Device, offer: Offer, status: int
) -> None:
    on_device.status = status

    let_jobs_run()

    with acting_in(organisation.pk):
        assert not PushSubscription.objects.exists()
        assert Delivery.objects.get(channel="push").why == "no device to reach"


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_service_that_is_busy_is_asked_again(
    organisation: Organisation, on_device: Device, ben: Person, status: int
) -> None:
    on_device.status = status
    with acting_in(organisation.pk):
        tell(person_id=ben.pk, kind="thanks", once="1", now=timezone.now())
        delivery = Delivery.objects.get(channel="push")

        with pytest.raises(TryAgainLater):
            deliver_one(delivery_id=delivery.pk, now=timezone.now())

        on_device.status = 201
        deliver_one(delivery_id=delivery.pk, now=timezone.now())
        delivery.refresh_from_db()
        assert delivery.state == Delivery.State.SENT


def test_a_service_that_refuses_is_not_asked_again_and_keeps_nobody_waiting(
    organisation: Organisation, on_device: Device, offer: Offer
) -> None:
    on_device.status = 403

    let_jobs_run()

    with acting_in(organisation.pk):
        assert Delivery.objects.get(channel="push").state == Delivery.State.DROPPED
        assert PushSubscription.objects.exists()


def test_no_more_offers_than_a_day_allows(
    organisation: Organisation, on_device: Device, amina: Person, ben: Person, settings: Any
) -> None:
    settings.OFFERS_A_DAY, settings.OPEN_QUESTIONS = 2, 9
    with acting_in(organisation.pk):
        for number in range(3):
            question = draft_question(by=amina, text=f"{ASKED} {number}", language="en", now=timezone.now())
            start_search(question=question, by=amina, chosen=[ben.pk], now=timezone.now())
    let_jobs_run()

    assert len(on_device.got) == 2
    with acting_in(organisation.pk):
        assert Delivery.objects.filter(channel="push", why="daily maximum").count() == 1
        assert Offer.objects.waiting().count() == 3


def test_what_a_day_allows_is_one_number_for_all_organisations_of_a_person(
    organisation: Organisation,
    other_organisation: Organisation,
    on_device: Device,
    offer: Offer,
    chloe: Person,
    ben: Person,
    emil: Person,
    settings: Any,
) -> None:
    settings.OFFERS_A_DAY = 1
    make_mentor(other_organisation, ben)
    make_mentor(other_organisation, emil)
    let_jobs_run()
    assert len(on_device.got) == 1

    with acting_in(other_organisation.pk):
        for mentor in (ben, emil):
            subscribe(by=mentor, endpoint=on_device.endpoint, label="", now=timezone.now(), **on_device.keys)
            question = draft_question(by=chloe, text=f"{ASKED} {mentor}", language="en", now=timezone.now())
            start_search(question=question, by=chloe, chosen=[mentor.pk], now=timezone.now())
    let_jobs_run()

    with acting_in(other_organisation.pk):
        outcomes = {
            one.notice.person_id: one for one in Delivery.objects.filter(channel="push").select_related("notice")
        }
        assert (outcomes[ben.pk].state, outcomes[ben.pk].why) == (Delivery.State.DROPPED, "daily maximum")
        assert outcomes[emil.pk].state == Delivery.State.SENT
    with acting_in(organisation.pk):
        assert Delivery.objects.get(channel="push").state == Delivery.State.SENT


def test_a_site_without_a_key_sends_nothing_and_breaks_nothing(
    organisation: Organisation, on_device: Device, offer: Offer, ben: Person, settings: Any, tmp_path: Path
) -> None:
    settings.DATA = tmp_path / "nothing here"

    let_jobs_run()
    shown = client_of(ben).get(page("notices:preferences", organisation=organisation)).content.decode()

    assert on_device.got == []
    assert "This site has no key for notifications yet" in shown


def test_the_key_can_come_from_the_settings(settings: Any, tmp_path: Path) -> None:
    keys.make_keys(tmp_path / "keys")
    private = (tmp_path / "keys/vapid-private-key").read_text().strip()
    settings.ENVIRONMENT = {**settings.ENVIRONMENT, "MOMENTOR_VAPID_PRIVATE_KEY": private}
    settings.DATA = tmp_path / "elsewhere"
    from_settings = public_key()
    settings.ENVIRONMENT = {**settings.ENVIRONMENT, "MOMENTOR_VAPID_PRIVATE_KEY": ""}
    settings.DATA = tmp_path

    assert from_settings == public_key()
    assert len(base64.urlsafe_b64decode(from_settings + "=")) == 65


# Switching it on and off


def test_a_browser_signs_on_and_off_from_its_page(organisation: Organisation, ben: Person, device: Device) -> None:
    browser = client_of(ben)
    where = page("webpush:subscription", organisation=organisation)
    given = json.dumps({"endpoint": device.endpoint, "expirationTime": None, "keys": device.keys})

    answers = [browser.post(where, given, content_type="application/json").status_code for _ in range(2)]

    assert answers == [201, 201]
    with acting_in(organisation.pk):
        assert PushSubscription.objects.get().person == ben
    browser.post(
        page("webpush:removal", organisation=organisation),
        json.dumps({"endpoint": device.endpoint}),
        content_type="application/json",
    )
    with acting_in(organisation.pk):
        assert not PushSubscription.objects.exists()


def test_a_device_that_changes_hands_tells_its_new_person_only(
    organisation: Organisation, on_device: Device, emil: Person
) -> None:
    with acting_in(organisation.pk):
        subscribe(by=emil, endpoint=on_device.endpoint, label="", now=timezone.now(), **on_device.keys)

        assert PushSubscription.objects.get().person == emil


def test_nobody_signs_off_the_device_of_another(organisation: Organisation, on_device: Device, emil: Person) -> None:
    with acting_in(organisation.pk):
        device = PushSubscription.objects.get()
        assert not unsubscribe(by=emil, endpoint=on_device.endpoint)
    client_of(emil).post(page("webpush:removal", organisation=organisation), {"id": str(device.pk)})

    with acting_in(organisation.pk):
        assert PushSubscription.objects.exists()


def test_the_oldest_of_more_than_ten_devices_goes(organisation: Organisation, ben: Person, device: Device) -> None:
    with acting_in(organisation.pk):
        for number in range(12):
            at = timezone.now() + timedelta(seconds=number)
            subscribe(by=ben, endpoint=f"https://push.example.org/{number}", label="", now=at, **device.keys)

        kept = set(PushSubscription.objects.values_list("endpoint", flat=True))
    assert len(kept) == 10
    assert "https://push.example.org/0" not in kept


WRONG = {
    "no address": {"endpoint": "nonsense"},
    "not encrypted": {"endpoint": "http://push.example.org/"},
    "with a password": {"endpoint": "https://me:secret@push.example.org/"},
    "endless": {"endpoint": "https://push.example.org/" + "x" * 600},
    "no key": {"p256dh": ""},
    "a key that is no point": {"p256dh": encoded(b"\x04" + b"x" * 64)},
    "a key with odd letters": {"p256dh": "!!!"},
    "a short secret": {"auth": encoded(b"short")},
}


@pytest.mark.parametrize("what", WRONG)
def test_a_subscription_that_is_none_is_refused(
    organisation: Organisation, ben: Person, device: Device, what: str
) -> None:
    given = {"endpoint": "https://push.example.org/1", **device.keys} | WRONG[what]

    with acting_in(organisation.pk), pytest.raises(WrongSubscription):
        subscribe(by=ben, label="", now=timezone.now(), **given)


@pytest.mark.parametrize("body", ["", "[]", "{", '{"keys": 7}', '{"keys": {"auth": {}}}', "[" * 4000])
def test_a_request_that_says_nothing_gets_a_problem(organisation: Organisation, ben: Person, body: str) -> None:
    answer = client_of(ben).post(
        page("webpush:subscription", organisation=organisation), body, content_type="application/json"
    )

    assert answer.status_code == 422
    assert answer.json()["code"] == "WrongSubscription"


def test_an_address_inside_is_never_called(
    organisation: Organisation, device: Device, ben: Person, settings: Any
) -> None:
    with acting_in(organisation.pk):
        subscribe(by=ben, endpoint=device.endpoint, label="", now=timezone.now(), **device.keys)
        settings.OUTGOING_ALSO_TO = ()
        tell(person_id=ben.pk, kind="thanks", once="1", now=timezone.now())
        deliver_one(delivery_id=Delivery.objects.get(channel="push").pk, now=timezone.now())

        assert device.got == []
        assert not PushSubscription.objects.exists()


# Answering on the notification


def answer_address(on_device: Device, decision: str) -> str:
    let_jobs_run()
    [found] = [one["url"] for one in on_device.read()["actions"] if one["action"] == decision]
    address: str = found
    return address


def test_accepting_on_the_notification_opens_the_room(
    organisation: Organisation, on_device: Device, offer: Offer, ben: Person
) -> None:
    worker = client_of(ben)
    worker.handler.enforce_csrf_checks = True

    answer = worker.post(answer_address(on_device, "acceptance"))

    with acting_in(organisation.pk):
        session = Session.objects.get()
        assert session.mentor == ben
    assert answer.json()["url"] == page("sessions:session", session.pk, organisation=organisation)


def test_passing_on_the_notification_leaves_it_to_others(
    organisation: Organisation, on_device: Device, offer: Offer, ben: Person
) -> None:
    where, worker = answer_address(on_device, "passing"), client_of(ben)

    answers = [worker.post(where).status_code for _ in range(2)]

    assert answers == [200, 200]
    with acting_in(organisation.pk):
        assert Offer.objects.get(pk=offer.pk).state == Offer.State.PASSED


def test_the_address_alone_or_the_cookie_alone_does_nothing(
    organisation: Organisation, on_device: Device, offer: Offer, ben: Person, emil: Person, chloe: Person
) -> None:
    where = answer_address(on_device, "acceptance")
    tampered = where.replace("/push/", "/push/W")
    other = where.replace("acceptance", "passing")

    answers = [
        client_of(None).post(where),
        client_of(emil).post(where),
        client_of(chloe).post(where),
        client_of(ben).post(tampered),
        client_of(ben).post(other),
        client_of(ben).get(where),
    ]

    assert [answer.status_code for answer in answers] == [403, 404, 403, 404, 404, 405]
    with acting_in(organisation.pk):
        assert Offer.objects.get(pk=offer.pk).state == Offer.State.WAITING


def test_an_answer_that_comes_too_late_hears_why(
    organisation: Organisation, on_device: Device, offer: Offer, ben: Person
) -> None:
    where = answer_address(on_device, "acceptance")
    with acting_in(organisation.pk):
        Offer.objects.update(lapses_at=timezone.now() - timedelta(seconds=1))

    answer = client_of(ben).post(where)

    assert answer.status_code == 409
    assert answer["Content-Type"] == "application/problem+json"
    assert "Somebody else has taken this question" in answer.json()["title"]


def test_an_old_notification_answers_nothing(
    organisation: Organisation, offer: Offer, ben: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    long_ago = timezone.now().timestamp() - 8 * 86_400
    monkeypatch.setattr("django.core.signing.time.time", lambda: long_ago)
    with acting_in(organisation.pk):
        old = page("webpush:acceptance", token_for(offer, "acceptance"), organisation=organisation)
    monkeypatch.undo()

    assert client_of(ben).post(old).status_code == 404


def test_a_text_signed_for_something_else_answers_nothing(
    organisation: Organisation, offer: Offer, ben: Person
) -> None:
    named = [str(organisation.pk), str(offer.pk), str(ben.pk), "acceptance"]
    for forged in (
        signing.dumps(named, salt="another purpose"),
        signing.dumps("nonsense", salt=SALT),
        signing.dumps([str(organisation.pk), "no id", str(ben.pk), "acceptance"], salt=SALT),
    ):
        assert client_of(ben).post(page("webpush:acceptance", forged, organisation=organisation)).status_code == 404


def test_the_service_worker_and_the_manifest_are_where_browsers_look(organisation: Organisation, ben: Person) -> None:
    manifest = client_of(None).get("/manifest.webmanifest")
    home = client_of(ben).get(page("web:home", organisation=organisation)).content.decode()

    assert manifest["Content-Type"] == "application/manifest+json"
    assert manifest.json()["scope"] == "/"
    assert 'rel="manifest" href="/manifest.webmanifest"' in home
