"""Bring a backup back: into a new or empty site, or with --replace instead of what is there.

Every file in the backup is compared with its checksum before anything is touched. The site must not be serving.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
from pathlib import Path
from tempfile import TemporaryDirectory

import psycopg
from psycopg import sql

from momentor.console import keys, prepare
from momentor.console.archive import read_archive, remove
from momentor.console.dumping import is_empty, load
from momentor.console.site import DATABASE, Site
from momentor.console.supervisor import only_one
from momentor.console.trouble import Trouble
from momentor.foundation.postgres import LocalPostgres

EXAMPLE = "momentor restore /backups/momentor-2026-11-23.tar --data /srv/momentor"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, help="what momentor backup wrote")
    parser.add_argument(
        "--replace", action="store_true", help="put it in the place of what is there, which is then gone"
    )
    parser.add_argument("--json", action="store_true", help="report what was restored as JSON")


def main(arguments: argparse.Namespace) -> int:
    site = Site(arguments.data)
    site.make_folder()
    with only_one(site.data), TemporaryDirectory(dir=site.data, prefix=".restoring-") as folder:
        unpacked = Path(folder)
        manifest = read_archive(arguments.file, unpacked)
        _refuse_full_folder(site, replace=arguments.replace)
        _settle(site, unpacked, manifest.get("url", ""))
        with site.at_hand() as postgres:
            if postgres is None:
                _fill_outside(unpacked / "database.dump", replace=arguments.replace)
            else:
                _fill_own(postgres, unpacked / "database.dump", replace=arguments.replace)
            _take_keys(site, unpacked, replace=arguments.replace)
            _swap_uploads(site, unpacked)
            prepare.everything(site)
    uploads = sum(name.startswith("uploads/") for name in manifest["files"])
    if arguments.json:
        print(json.dumps({"data": str(site.data), "made_at": manifest["made_at"], "uploads": uploads}))
    else:
        print(f"Restored into {site.data}: the site as it was at {manifest['made_at']}, with {uploads} uploads.")
        print(f"Look at it: momentor doctor --data {site.data}")
    return 0


def _refuse_full_folder(site: Site, *, replace: bool) -> None:
    if not replace and any((site.data / "uploads").rglob("*")):
        raise _full(site)


def _settle(site: Site, unpacked: Path, address: str) -> None:
    """Give a new site keys and settings, the backup's where it has them; leave a site that has its own alone."""
    saved = unpacked / "momentor.env"
    if saved.exists() and not site.written.exists():
        keys.write_private(site.written, saved.read_text())
    _take_keys(site, unpacked, replace=False)
    keys.make_keys(site.keys)
    site.write_down({"MOMENTOR_URL": address or "http://localhost:8000"})


def _take_keys(site: Site, unpacked: Path, *, replace: bool) -> None:
    for name in (keys.SECRET, keys.VAPID):
        saved, ours = unpacked / "keys" / name, site.keys / name
        if saved.exists() and (replace or not ours.exists()):
            site.keys.mkdir(mode=0o700, exist_ok=True)
            keys.write_private(ours, saved.read_text())


def _fill_own(postgres: LocalPostgres, dump: Path, *, replace: bool) -> None:
    """Restore into a new database, and let it take the old one's place only when it is whole."""
    if not replace and not is_empty(postgres.superuser_url(DATABASE)):
        raise Trouble("The site has organisations already. Restore into a new folder, or give --replace.")
    new, old = f"{DATABASE}_restoring", f"{DATABASE}_before"
    for leftover in (new, old):
        postgres.drop_database(leftover)
    postgres.prepare(new)
    load(dump, postgres.superuser_url(new), keep_owners=True)
    with psycopg.connect(postgres.superuser_url()) as db:  # one transaction: there is no instant without a database
        db.execute(sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(DATABASE), sql.Identifier(old)))
        db.execute(sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(new), sql.Identifier(DATABASE)))
    postgres.drop_database(old)


def _fill_outside(dump: Path, *, replace: bool) -> None:
    owner = os.environ.get("DATABASE_OWNER_URL")
    if not owner:
        raise Trouble("DATABASE_OWNER_URL is needed to restore: the database for the role that owns the tables.")
    if not is_empty(owner) or replace:
        raise Trouble(
            "A database on a server of yours is only restored into while it is empty: make a new one, point "
            "DATABASE_URL and DATABASE_OWNER_URL at it, and restore again."
        )
    load(dump, owner, keep_owners=False)


def _swap_uploads(site: Site, unpacked: Path) -> None:
    (unpacked / "uploads").mkdir(mode=0o700, exist_ok=True)
    (site.data / "uploads").rename(unpacked / "uploads.before")
    (unpacked / "uploads").rename(site.data / "uploads")
    remove(unpacked / "uploads.before")
    shutil.rmtree(site.data / "indexes", ignore_errors=True)  # of the rows that were there


def _full(site: Site) -> Trouble:
    return Trouble(f"{site.data} has uploads already. Restore into a new folder, or give --replace.")
