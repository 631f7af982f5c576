"""What must be true before a site is served: tables in step, messages compiled, static files collected.

Each step looks first whether there is anything to do, without loading Django, so that a second start takes seconds.
"""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

import psycopg

from momentor.console.site import Site
from momentor.console.trouble import Trouble

SOURCE = Path(__file__).resolve().parents[1]
# Packages that bring migrations or static files of their own.
BRINGERS = ("django", "django-allauth", "procrastinate", "django-ninja", "django-htmx")


def everything(site: Site) -> None:
    """Bring a site in step with the code. Raises Trouble."""
    migrate_if_needed(site)
    compile_messages_if_needed()
    collect_static_if_needed(site)


def migrate_if_needed(site: Site) -> None:
    """Bring the tables in step with the code. Raises Trouble where that fails or may not be done."""
    if not (lacking := missing_migrations(site)):
        return
    owner = os.environ.get("DATABASE_OWNER_URL")
    if not owner:
        raise Trouble(
            f"The database lacks {len(lacking)} migrations. Give DATABASE_OWNER_URL, the same database as the role "
            "that owns the tables, and run: momentor migrate"
        )
    _tell("Bringing the database up to date …")
    django(["migrate", "--verbosity", "0"], {"DATABASE_URL": owner})


def missing_migrations(site: Site) -> set[tuple[str, str]]:
    """Return the migrations, by app and name, that the code has and the database has not. Raises Trouble."""
    wanted = _migrations_of_code(site)
    try:
        with psycopg.connect(os.environ["DATABASE_URL"], connect_timeout=10) as db:
            if db.execute("SELECT to_regclass('django_migrations')").fetchone() == (None,):
                return wanted
            return wanted - set(db.execute("SELECT app, name FROM django_migrations"))
    except psycopg.OperationalError as error:
        raise Trouble(f"The database does not answer: {str(error).strip()}") from error


def _migrations_of_code(site: Site) -> set[tuple[str, str]]:
    """Return every migration of the code, from a note in the data folder while the code stays the same."""
    key = _key(SOURCE.glob("**/migrations/*.py"), by_content=False)
    note = site.data / "migrations.json"
    if (kept := _read_note(note)).get("key") != key:
        code = "import json, django; django.setup(); from django.db.migrations.loader import MigrationLoader as L"
        names = json.loads(python(["-c", f"{code}; print(json.dumps(sorted(L(None).disk_migrations)))"]))
        kept = {"key": key, "migrations": names}
        note.write_text(json.dumps(kept))
    return {(app, name) for app, name in kept["migrations"]}


def collect_static_if_needed(site: Site) -> None:
    """Put all static files, compressed and named by content, where the web processes find them."""
    files = (path for folder in SOURCE.glob("**/static") for path in folder.rglob("*"))
    key = _key(files, by_content=True)
    note = site.data / "static" / "collected.json"
    if _read_note(note).get("key") == key:
        return
    _tell("Collecting static files …")
    django(["collectstatic", "--noinput", "--verbosity", "0"])
    note.write_text(json.dumps({"key": key}))


def compile_messages_if_needed() -> None:
    """Compile the catalogues of translations that changed since they were compiled last."""
    stale = [path for path in SOURCE.glob("**/*.po") if not _is_fresh(path.with_suffix(".mo"), path)]
    if not stale:
        return
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    for source in stale:
        with source.open("rb") as po:
            catalogue = read_po(po, locale=source.parent.parent.name)
        unfinished = source.with_suffix(".mo.unfinished")
        with unfinished.open("wb") as mo:
            write_mo(mo, catalogue)
        unfinished.replace(source.with_suffix(".mo"))


def load_demo_if_needed(site: Site) -> None:
    """Put the demo community into the database, unless this version of it is there."""
    key = _key((SOURCE / "demo").rglob("*.*[ly]"), by_content=True)
    note = site.data / "demo.json"
    if _read_note(note).get("key") == key:
        return
    _tell("Inviting the demo community …")
    python(["-c", "import django; django.setup(); from momentor.demo.load import main; main()"])
    note.write_text(json.dumps({"key": key}))


def django(command: Sequence[str], environment: Mapping[str, str] | None = None) -> str:
    """Run one of Django's commands in a process of its own, and return what it printed. Raises Trouble."""
    return python(["-m", "django", *command], environment)


def python(arguments: Sequence[str], environment: Mapping[str, str] | None = None, told: str = "") -> str:
    """Run Python inside the site in a process of its own, and return what it printed.

    `told` is what it reads from its standard input: the place for secrets. Raises Trouble.
    """
    done = subprocess.run(
        [sys.executable, *arguments],
        env={**os.environ, **(environment or {})},
        input=told,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise Trouble(f"{done.stderr.strip()}\nThis failed: {' '.join(arguments)}")
    return done.stdout


def _key(files: Iterator[Path], *, by_content: bool) -> str:
    """Return a text that changes with these files, or with the packages that bring such files too."""
    hashed = hashlib.sha256(json.dumps([(name, version(name)) for name in BRINGERS]).encode())
    for path in sorted(files):
        if path.is_file():
            hashed.update(f"{path.relative_to(SOURCE)}\0".encode())
            if by_content:
                hashed.update(path.read_bytes())
    return hashed.hexdigest()


def _read_note(path: Path) -> dict[str, Any]:
    try:
        return dict(json.loads(path.read_text()))
    except (FileNotFoundError, ValueError):
        return {}


def _is_fresh(made: Path, source: Path) -> bool:
    return made.exists() and made.stat().st_mtime >= source.stat().st_mtime


def _tell(text: str) -> None:
    print(text, file=sys.stderr, flush=True)  # standard output is for what was asked for
