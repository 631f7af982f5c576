"""Write the whole site into one file: its database, its uploads, and with --with-keys its keys and settings.

The site may be in use meanwhile: the database is pictured at one instant, and every upload it knows is there. Without
the keys a restore signs everybody out once; with them, keep the file as safe as the site itself.
"""

from __future__ import annotations

import argparse
import json
import os
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from momentor import __version__
from momentor.console.archive import write_archive
from momentor.console.dumping import dump
from momentor.console.site import Site
from momentor.console.trouble import Trouble

EXAMPLE = "momentor backup /backups/momentor-$(date +%F).tar --with-keys"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, help="the file to write; one that is there already is kept")
    parser.add_argument("--with-keys", action="store_true", help="include keys and settings")
    parser.add_argument("--database-url", metavar="URL", help="an outside database, for a role that may read all rows")
    parser.add_argument("--json", action="store_true", help="report size and counts as JSON")


def main(arguments: argparse.Namespace) -> int:
    site = Site(arguments.data)
    target: Path = arguments.file.absolute()
    if target.exists():
        raise Trouble(f"{target} is there already. Choose another name, or remove it first.")
    if not target.parent.is_dir():
        raise Trouble(f"The folder {target.parent} is not there.")
    with site.at_hand() as postgres, TemporaryDirectory(dir=target.parent, prefix=".momentor-backup-") as folder:
        dumped = Path(folder) / "database.dump"
        # First the database: uploads are written before the rows that name them.
        dump(site, postgres, dumped, arguments.database_url)
        uploads = {f"uploads/{path.relative_to(site.data / 'uploads')}": path for path in _files(site.data / "uploads")}
        secrets = {f"keys/{path.name}": path for path in _files(site.keys)} if arguments.with_keys else {}
        if arguments.with_keys and site.written.exists():
            secrets["momentor.env"] = site.written
        made_at = datetime.now(UTC).isoformat(timespec="seconds")
        about = {"version": __version__, "made_at": made_at, "url": os.environ.get("MOMENTOR_URL", "")}
        size = write_archive(target, {"database.dump": dumped, **uploads, **secrets}, about)
    if arguments.json:
        print(json.dumps({"file": str(target), "bytes": size, "uploads": len(uploads), "keys": bool(secrets)}))
    else:
        kept = "with keys and settings" if secrets else "without keys (--with-keys includes them)"
        print(f"{target}: {size / 1e6:.1f} MB, the database and {len(uploads)} uploads, {kept}.")
    return 0


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file() and not path.is_symlink())
