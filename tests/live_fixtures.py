"""Fixtures of the live tests, which load this as a plug-in: `pytest_plugins = ["tests.live_fixtures"]`."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.live_server import Meeting, WebProcess, a_meeting


@pytest.fixture(scope="session")
def open_database(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """Write rows that are committed, for other processes to see; who writes them removes them."""
    with django_db_blocker.unblock():
        yield


@pytest.fixture(scope="module")
def site(open_database: None) -> Iterator[WebProcess]:
    with WebProcess() as site:
        yield site


@pytest.fixture
def meeting(open_database: None) -> Iterator[Meeting]:
    with a_meeting() as meeting:
        yield meeting
