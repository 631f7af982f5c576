"""What Prometheus may fetch, and who else."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from momentor.foundation.tenancy import acting_in


@pytest.fixture(autouse=True)
def outside(db: None) -> Iterator[None]:
    with acting_in(None):
        yield


def test_this_machine_sees_pages_and_jobs_counted() -> None:
    Client().get("/about/")

    said = Client().get("/metrics").content.decode()

    assert 'momentor_page_seconds_count{method="GET",page="web:about"' in said
    assert "momentor_jobs_late_seconds 0.0" in said


@pytest.mark.parametrize(
    "headers",
    [{"REMOTE_ADDR": "203.0.113.5"}, {"REMOTE_ADDR": "127.0.0.1", "HTTP_X_FORWARDED_FOR": "203.0.113.5"}],
)
def test_nobody_else_does(headers: dict[str, Any]) -> None:
    assert Client().get("/metrics", **headers).status_code == 404


def test_with_a_token_the_token_decides(settings: Settings) -> None:
    settings.METRICS_TOKEN = "a long token"

    assert Client().get("/metrics").status_code == 404
    assert Client().get("/metrics", headers={"Authorization": "Bearer another"}).status_code == 404
    far = Client(REMOTE_ADDR="203.0.113.5")
    assert far.get("/metrics", headers={"Authorization": "Bearer a long token"}).status_code == 200


def test_words_that_are_no_methods_are_counted_together() -> None:
    for word in ("BREW", "WHEN"):
        Client().generic(word, "/about/")

    said = Client().get("/metrics").content.decode()

    assert 'method="other"' in said
    assert "BREW" not in said
