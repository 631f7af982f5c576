"""Web push against a push service that is not ours: npm's web-push-testing decrypts and checks as browsers do."""

import json
import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from django.utils import timezone

from momentor.console import keys
from momentor.foundation.tenancy import acting_in
from momentor.integrations.webpush.actions import subscribe
from momentor.integrations.webpush.keys import public_key
from momentor.integrations.webpush.models import PushSubscription
from momentor.notices.actions import tell
from momentor.notices.delivering import deliver_one
from momentor.notices.models import Delivery
from momentor.people.models import Organisation, Person
from tests.live_server import a_free_port

HERE = Path(__file__).resolve().parent / "outside"
ROOT = HERE.parents[2]
# The program would listen on all addresses: here it listens to this machine alone.
SERVE = """
const net = require("net"), listen = net.Server.prototype.listen;
net.Server.prototype.listen = function (port, done) { return listen.call(this, { port, host: "127.0.0.1" }, done); };
const Model = require("web-push-testing/src/PushApiModel.js"), Server = require("web-push-testing/src/server.js");
new Server(new (Model.PushApiModel ?? Model)(), Number(process.argv[1])).startServer();
"""


class Service:
    """The push service, and what a browser would ask of it."""

    def __init__(self, url: str) -> None:
        self.url = url

    def ask(self, what: str, **given: str) -> Any:
        answer = httpx.post(f"{self.url}/{what}", data=given)
        assert answer.status_code == 200, answer.text
        return answer.json()["data"] if answer.headers["content-type"].startswith("application/json") else None

    def browser(self) -> dict[str, Any]:
        """Return the subscription of a new browser, made for the key of our site."""
        made: dict[str, Any] = self.ask("subscribe", userVisibleOnly="true", applicationServerKey=public_key())
        return made

    def got(self, browser: dict[str, Any]) -> list[dict[str, Any]]:
        told = httpx.post(f"{self.url}/get-notifications", json={"clientHash": browser["clientHash"]}).json()
        return [json.loads(message) for message in told["data"]["messages"]]


@pytest.fixture(scope="module")
def service() -> Iterator[Service]:
    node = shutil.which("node") or str(ROOT / ".venv-node/bin/node")
    if not (HERE / "node_modules").exists():
        npm = shutil.which("npm") or str(ROOT / ".venv-node/bin/npm")
        subprocess.run([npm, "ci"], cwd=HERE, check=True, capture_output=True)
    port = a_free_port()
    with subprocess.Popen(
        [node, "-e", SERVE, str(port)], cwd=HERE, env={**os.environ}, stdout=subprocess.DEVNULL
    ) as process:
        url = f"http://localhost:{port}"
        for _ in range(100):
            try:
                httpx.post(f"{url}/status")
                break
            except httpx.HTTPError:
                time.sleep(0.1)
        yield Service(url)
        process.terminate()


@pytest.fixture
def site_key(settings: Any, tmp_path: Path) -> None:
    settings.DATA = tmp_path
    settings.OUTGOING_ALSO_TO = ("localhost",)
    keys.make_keys(tmp_path / "keys")


@pytest.fixture
def browser(organisation: Organisation, ben: Person, service: Service, site_key: None) -> dict[str, Any]:
    made = service.browser()
    with acting_in(organisation.pk):
        subscribe(by=ben, endpoint=made["endpoint"], label="", now=timezone.now(), **made["keys"])
    return made


def tell_ben(organisation: Organisation, ben: Person) -> Delivery:
    with acting_in(organisation.pk):
        tell(person_id=ben.pk, kind="thanks", once="1", now=timezone.now(), who=ben.pk)
        delivery = Delivery.objects.get(channel="push")
        deliver_one(delivery_id=delivery.pk, now=timezone.now())
        delivery.refresh_from_db()
        return delivery


def test_what_we_send_is_what_the_service_reads(
    organisation: Organisation, ben: Person, service: Service, browser: dict[str, Any]
) -> None:
    delivery = tell_ben(organisation, ben)

    [told] = service.got(browser)
    assert told["title"] == "Ben Okafor thanks you."
    assert told["url"].startswith("/at/workshop/notices/")
    assert delivery.state == Delivery.State.SENT


def test_the_service_refuses_another_key_than_the_browser_agreed_to(
    organisation: Organisation, ben: Person, service: Service, browser: dict[str, Any], tmp_path: Path, settings: Any
) -> None:
    (tmp_path / "other").mkdir()
    keys.make_keys(tmp_path / "other/keys")
    settings.DATA = tmp_path / "other"

    delivery = tell_ben(organisation, ben)

    assert service.got(browser) == []
    assert delivery.state == Delivery.State.DROPPED


def test_a_browser_that_signed_off_at_the_service_is_forgotten(
    organisation: Organisation, ben: Person, service: Service, browser: dict[str, Any]
) -> None:
    httpx.post(f"{service.url}/expire-subscription/{browser['clientHash']}")

    tell_ben(organisation, ben)

    with acting_in(organisation.pk):
        assert not PushSubscription.objects.exists()
