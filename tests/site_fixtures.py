"""A demo site in real processes, which tests stop and kill: `pytest_plugins = ["tests.site_fixtures"]`."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.site_process import MANY, SiteProcess


@pytest.fixture(scope="session")
def demo_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A demo that was set up once; each test starts it again."""
    data = tmp_path_factory.mktemp("site") / "var"
    with SiteProcess(data) as site:
        site.start()
        assert site.stop() == 0
    return data


@pytest.fixture
def demo_site(demo_folder: Path) -> Iterator[SiteProcess]:
    with SiteProcess(demo_folder) as site:
        yield site.start(more=MANY)
