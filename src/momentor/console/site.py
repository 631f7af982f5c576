"""One site: its data folder, its settings, its keys and its database.

A site is known by its data folder. `momentor.env` in it holds what `momentor init` or `momentor demo` wrote down;
what the environment says itself comes first. Without DATABASE_URL the site's database is in the folder as well.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path

from momentor.console import keys
from momentor.console.trouble import Trouble
from momentor.foundation.postgres import OWNER, WEB, LocalPostgres

DATABASE = "momentor"
ENVIRONMENT = "momentor.env"


class Site:
    """A data folder, and what belongs to it."""

    def __init__(self, data: Path | str | None = None) -> None:
        self.data = Path(data or os.environ.get("MOMENTOR_DATA") or "var").absolute()
        self.keys = self.data / "keys"
        self.written = self.data / ENVIRONMENT

    @property
    def exists(self) -> bool:
        return self.written.exists() or "MOMENTOR_SECRET_KEY" in os.environ

    @property
    def is_demo(self) -> bool:
        return _is_yes(read_settings(self.written).get("MOMENTOR_DEMO", ""))

    @cached_property
    def brings_database(self) -> bool:
        """Whether the database is our own, in the data folder. Settled before the site is entered."""
        return not (os.environ.get("DATABASE_URL") or read_settings(self.written).get("DATABASE_URL"))

    def make_folder(self) -> None:
        """Make the data folder, closed to others. Raises Trouble."""
        try:
            self.data.mkdir(mode=0o700, parents=True, exist_ok=True)
            (self.data / "uploads").mkdir(mode=0o700, exist_ok=True)
        except OSError as error:
            raise Trouble(f"The data folder {self.data} cannot be made: {error.strerror}.") from error

    def write_down(self, settings: dict[str, str]) -> None:
        """Keep these settings in the folder, unless it has some already."""
        if not self.written.exists():
            keys.write_private(self.written, "".join(f"{name}={value}\n" for name, value in settings.items()))

    def enter(self) -> None:
        """Put the site's settings into the environment of this process, where Django reads them. Raises Trouble."""
        if not self.exists:
            raise Trouble(
                f"There is no site in {self.data}. Make one with momentor init, try the demo with momentor demo, "
                "or say where it is with --data."
            )
        brings_database = self.brings_database
        for name, value in read_settings(self.written).items():
            os.environ.setdefault(name, value)
        os.environ["MOMENTOR_DATA"] = str(self.data)
        for name, key in (("MOMENTOR_SECRET_KEY", keys.SECRET), ("MOMENTOR_VAPID_PRIVATE_KEY", keys.VAPID)):
            if not os.environ.get(name):
                os.environ[name] = keys.read_key(self.keys, key)
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "momentor.project.settings")
        if brings_database:
            postgres = LocalPostgres(self.data / "postgres")
            os.environ["DATABASE_URL"] = postgres.url(WEB, DATABASE)
            os.environ["DATABASE_OWNER_URL"] = postgres.url(OWNER, DATABASE)

    @contextmanager
    def at_hand(self) -> Iterator[LocalPostgres | None]:
        """Enter the site, and start its own database for as long as the block runs, unless it runs already."""
        self.enter()
        if not self.brings_database:
            yield None
            return
        with LocalPostgres(self.data / "postgres") as postgres:
            postgres.prepare(DATABASE)
            yield postgres


def read_settings(path: Path) -> dict[str, str]:
    """Return the settings of a file with NAME=value lines, as systemd and containers read it."""
    try:
        lines = path.read_text().splitlines()
    except FileNotFoundError:
        return {}
    pairs = (line.split("=", 1) for line in lines if "=" in line and not line.lstrip().startswith("#"))
    return {name.strip(): _unquoted(value.strip()) for name, value in pairs}


def use_owner() -> None:
    """Let this process connect as the role that owns the tables. Raises Trouble."""
    owner = os.environ.get("DATABASE_OWNER_URL")
    if not owner:
        raise Trouble("DATABASE_OWNER_URL is not set: the address of the database for the role that owns the tables.")
    os.environ["DATABASE_URL"] = owner


def _unquoted(value: str) -> str:
    return value[1:-1] if len(value) > 1 and value[0] == value[-1] and value[0] in "\"'" else value


def _is_yes(text: str) -> bool:
    return text.lower() in {"1", "yes", "true", "on"}
