"""What Prometheus may fetch, and who else."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from momentor.console.serving import forget_counts, share_counts
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


def test_any_of_several_web_processes_answers_for_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PROMETHEUS_MULTIPROC_DIR", "")
    folder = share_counts(tmp_path)
    count = (
        "import os; from momentor.web import metrics; metrics.live_connections.set(3);"
        "metrics.pages.labels('asking:new', 'GET', 200).observe(0.01); print(os.getpid())"
    )
    processes = [
        int(subprocess.run([sys.executable, "-c", count], capture_output=True, text=True, check=True).stdout)
        for _ in range(2)
    ]

    both = Client().get("/metrics").content.decode()
    forget_counts(folder, processes[0])
    one_died = Client().get("/metrics").content.decode()

    assert 'momentor_page_seconds_count{method="GET",page="asking:new",status="200"} 2.0' in both
    assert "momentor_live_connections 6.0" in both
    assert "momentor_jobs_late_seconds 0.0" in both
    assert 'momentor_page_seconds_count{method="GET",page="asking:new",status="200"} 2.0' in one_died
    assert "momentor_live_connections 3.0" in one_died
    share_counts(tmp_path)
    assert not list(folder.iterdir())
