"""PostgreSQL's own programs for backup and restore, at the database of a site."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import psycopg

from momentor.console.site import DATABASE, Site
from momentor.console.trouble import Trouble
from momentor.foundation.postgres import LocalPostgres, program

# An administrator of an outside server makes this role for backups: it reads every organisation's rows.
BACKUP_ROLE_SQL = (
    "CREATE ROLE momentor_backup LOGIN BYPASSRLS PASSWORD '...'; GRANT pg_read_all_data TO momentor_backup;"
)


def dump(site: Site, postgres: LocalPostgres | None, target: Path, url: str | None) -> None:
    """Write one consistent picture of the database, while it is in use. Raises Trouble."""
    if postgres is None and not url:
        raise Trouble(
            "Give --database-url for a role that may read every organisation's rows: the site's own may not.\n"
            f"As the server's administrator: {BACKUP_ROLE_SQL}"
        )
    address = url or (postgres.superuser_url(DATABASE) if postgres else "")
    _run("pg_dump", address, ["--format=custom", "--compress=6", "--file", str(target)])


def load(source: Path, url: str, *, keep_owners: bool) -> None:
    """Fill an empty database from a dump, all of it or nothing. Raises Trouble."""
    # Extensions are there already, and their comments belong to the server's administrator.
    owners = [] if keep_owners else ["--no-owner"]
    _run("pg_restore", url, ["--exit-on-error", "--single-transaction", "--no-comments", *owners, str(source)])


def is_empty(url: str) -> bool:
    """Say whether no organisation was ever made in this database. Raises Trouble."""
    try:
        with psycopg.connect(url, connect_timeout=10) as db:
            if db.execute("SELECT to_regclass('people_organisation')").fetchone() == (None,):
                return True
            return db.execute("SELECT NOT EXISTS (SELECT FROM people_organisation)").fetchone() == (True,)
    except psycopg.OperationalError as error:
        raise Trouble(f"The database does not let us in: {str(error).strip()}") from error


def _run(name: str, url: str, arguments: Sequence[str]) -> None:
    done = subprocess.run(
        [_find(name, url), "--dbname", url, "--no-password", *arguments],
        env={**os.environ, "LC_ALL": "C"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
    )
    if done.returncode:
        raise Trouble(f"{name} failed:\n{done.stderr.strip()}")


def _find(name: str, url: str) -> Path | str:
    """Return the program: the one we bring, or the machine's where the connection must be encrypted."""
    needs_tls = parse_qs(urlsplit(url).query).get("sslmode", [""])[0] in {"require", "verify-ca", "verify-full"}
    if not needs_tls:
        return program(name)
    if found := shutil.which(name):
        return found
    raise Trouble(f"{name} is needed for an encrypted connection. Install the package postgresql-client.")
