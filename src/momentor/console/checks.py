"""What `momentor doctor` looks at: one function a check."""

from __future__ import annotations

import base64
import binascii
import json
import os
import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

from momentor.console import prepare
from momentor.console.outside import OLDEST
from momentor.console.site import Site
from momentor.foundation.postgres import EXTENSIONS

State = Literal["ok", "warn", "fail"]
LITTLE_SPACE = 2_000_000_000
NO_SPACE = 200_000_000
CLOCK_OFF = 2.0
SILENT_WORKER = 60.0
LONG_WAIT = 120.0


@dataclass(frozen=True, kw_only=True)
class Finding:
    """What one check found, and what to do about it."""

    name: str
    state: State
    said: str
    do: str = ""


def settings_check(site: Site) -> Finding:
    from momentor.project.environment import WrongSetting, read_environment

    try:
        values = read_environment()
    except WrongSetting as wrong:
        return Finding(name="settings", state="fail", said=str(wrong), do=f"Correct it in {site.written}.")
    secret: str = values["MOMENTOR_SECRET_KEY"]
    if len(secret) < 32:
        do = "Give 32 characters or more, made by chance; keep the old one in MOMENTOR_OLD_SECRET_KEYS for a while."
        return Finding(name="settings", state="fail", said="MOMENTOR_SECRET_KEY is too short.", do=do)
    if values["MOMENTOR_DEBUG"] and not values["MOMENTOR_DEMO"]:
        do = "Take MOMENTOR_DEBUG out: it shows visitors the inside of the site."
        return Finding(name="settings", state="fail", said="MOMENTOR_DEBUG is on.", do=do)
    address: str = values["MOMENTOR_URL"]
    if address.startswith("http://") and not _is_here(address):
        do = "Put a proxy with a certificate in front (docs/how-to/reverse-proxy.md): passkeys and push need https."
        return Finding(name="settings", state="warn", said=f"{address} is not encrypted.", do=do)
    return Finding(name="settings", state="ok", said=f"the site is {address}")


def database(site: Site, mail_to: str | None) -> Finding:
    from django.db import NotSupportedError, OperationalError, connection

    move = f"Move to PostgreSQL {OLDEST} or newer: momentor backup, then restore there."
    began = time.perf_counter()
    try:
        with connection.cursor() as cursor:
            cursor.execute(
                "select current_setting('server_version'), current_setting('server_version_num')::int / 10000"
            )
            version, major = cursor.fetchone()
    except NotSupportedError as error:  # so old that Django does not talk to it
        return Finding(name="database", state="fail", said=_one_line(error), do=move)
    except OperationalError as error:
        do = "Start it, or correct DATABASE_URL: its host, database, role and password."
        return Finding(name="database", state="fail", said=f"does not answer: {_one_line(error)}", do=do)
    said = f"PostgreSQL {version}, answers in {(time.perf_counter() - began) * 1000:.0f} ms"
    if major < OLDEST:
        return Finding(name="database", state="fail", said=said, do=move)
    return Finding(name="database", state="ok", said=said)


def rights(site: Site, mail_to: str | None) -> Finding:
    """See that the wall between organisations stands: the site's role owns nothing and passes no policy by."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("select rolname, rolsuper or rolbypassrls from pg_roles where rolname = current_user")
        role, passes = cursor.fetchone()
        cursor.execute(
            "select count(*) filter (where pg_has_role(c.relowner, 'USAGE')),"
            " coalesce(array_agg(c.relname) filter (where a.attname is not null"
            "   and not (c.relrowsecurity and c.relforcerowsecurity)), '{}')"
            " from pg_class c left join pg_attribute a on a.attrelid = c.oid and a.attname = 'organisation_id'"
            " where c.relkind = 'r' and c.relnamespace = 'public'::regnamespace"
        )
        owned, open_tables = cursor.fetchone()
    if passes or owned:
        said = f"the role {role} could see past the walls between organisations"
        do = "Let DATABASE_URL name a role that owns nothing: NOSUPERUSER NOBYPASSRLS (docs/how-to/run-a-site.md)."
        return Finding(name="rights", state="fail", said=said, do=do)
    if open_tables:
        said = f"row-level security is off for {', '.join(sorted(open_tables))}"
        return Finding(name="rights", state="fail", said=said, do="Run momentor migrate; if it stays so, report it.")
    return Finding(name="rights", state="ok", said=f"{role} owns nothing, and row-level security holds for it")


def extensions(site: Site, mail_to: str | None) -> Finding:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("select extname from pg_extension")
        there = {name for (name,) in cursor.fetchall()}
    lacking = [name for name in EXTENSIONS if name not in there]
    if lacking == ["vector"]:
        do = "Install pgvector on the server and run, as its administrator: CREATE EXTENSION vector;"
        return Finding(name="extensions", state="warn", said="pgvector is missing: matching uses words only", do=do)
    if lacking:
        do = "As the server's administrator: " + " ".join(f"CREATE EXTENSION {name};" for name in lacking)
        return Finding(name="extensions", state="fail", said=f"missing: {', '.join(lacking)}", do=do)
    return Finding(name="extensions", state="ok", said=", ".join(EXTENSIONS))


def migrations(site: Site, mail_to: str | None) -> Finding:
    lacking = sorted(f"{app}.{name}" for app, name in prepare.missing_migrations(site))
    if lacking:
        more = " and more" if len(lacking) > 3 else ""
        said = f"{len(lacking)} to apply: {', '.join(lacking[:3])}{more}"
        return Finding(name="migrations", state="fail", said=said, do="Run: momentor migrate")
    return Finding(name="migrations", state="ok", said="the tables are in step with the code")


def worker(site: Site, mail_to: str | None) -> Finding:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "select extract(epoch from now() - max(last_heartbeat))::float, count(*) from procrastinate_workers"
        )
        silence, workers = cursor.fetchone()
        cursor.execute(
            "select count(*) filter (where status = 'failed'),"
            " coalesce(extract(epoch from now() - min(coalesce(scheduled_at, now())) filter"
            "   (where status = 'todo' and coalesce(scheduled_at, now()) <= now())), 0)::float"
            " from procrastinate_jobs"
        )
        failed, waiting = cursor.fetchone()
    if not workers or silence > SILENT_WORKER:
        said = "no worker runs" if not workers else f"the worker has been silent for {silence:.0f} s"
        do = "Serve the site (momentor serve), or run momentor worker: searches, mails and nudges wait for it."
        return Finding(name="worker", state="warn" if site.brings_database else "fail", said=said, do=do)
    if waiting > LONG_WAIT:
        said = f"a job has waited for {waiting:.0f} s"
        return Finding(name="worker", state="warn", said=said, do="Run one more: momentor worker --at-once 8")
    if failed:
        said = f"alive; {failed} jobs failed for good in the last 30 days"
        return Finding(name="worker", state="warn", said=said, do="The log names them: look for “job failed”.")
    return Finding(name="worker", state="ok", said=f"alive, heard {silence:.0f} s ago")


def mail(site: Site, mail_to: str | None) -> Finding:
    from django.conf import settings
    from django.core.mail import EmailMessage, get_connection

    kind = settings.EMAIL_BACKEND.rsplit(".", 2)[-2]
    where = {"smtp": f"{getattr(settings, 'EMAIL_HOST', '')}:{getattr(settings, 'EMAIL_PORT', '')}"}.get(kind, kind)
    try:
        connection = get_connection(timeout=15)
        connection.open()
        if mail_to:
            body = "Momentor can send mail. `momentor doctor --mail-to` asked for this one."
            EmailMessage("Mail from Momentor works", body, to=[mail_to], connection=connection).send()
        connection.close()
    except OSError as error:
        said = f"{where} does not take mail: {type(error).__name__}: {_one_line(error)}"
        return Finding(name="mail", state="fail", said=said, do="Correct MOMENTOR_MAIL_URL, or the server's account.")
    if kind != "smtp":
        said = {"filebased": "mails are only written into files", "console": "mails are only printed"}.get(kind, kind)
        do = "Give MOMENTOR_MAIL_URL: smtp://user:password@host:587?tls=start"
        return Finding(name="mail", state="ok" if settings.IS_DEMO else "warn", said=said, do=do)
    sent = f", and took one for {mail_to}" if mail_to else ""
    return Finding(name="mail", state="ok", said=f"{where} lets us in{sent}")


def clock(site: Site, mail_to: str | None) -> Finding:
    from django.db import connection

    before = datetime.now(UTC)
    with connection.cursor() as cursor:
        cursor.execute("select clock_timestamp()")
        (theirs,) = cursor.fetchone()
    after = datetime.now(UTC)
    off = max((before - theirs).total_seconds(), (theirs - after).total_seconds(), 0.0)
    if off > CLOCK_OFF:
        do = "Switch time synchronisation on, here and on the database's machine: timedatectl set-ntp true"
        return Finding(name="clock", state="fail", said=f"{off:.1f} s away from the database's clock", do=do)
    return Finding(
        name="clock", state="ok", said=f"within {max(off, (after - before).total_seconds()):.3f} s of the database"
    )


def disk(site: Site, mail_to: str | None) -> Finding:
    free = shutil.disk_usage(site.data).free
    state: State = "fail" if free < NO_SPACE else "warn" if free < LITTLE_SPACE else "ok"
    do = "Make room, or move the data folder to a larger disk: the database stops when none is left."
    return Finding(name="disk", state=state, said=f"{free / 1e9:.1f} GB free for {site.data}", do=do)


def folder(site: Site, mail_to: str | None) -> Finding:
    open_to_others = [path for path in (site.data, site.keys, *site.keys.glob("*"), site.written) if _is_open(path)]
    if open_to_others:
        paths = " ".join(map(str, open_to_others))
        return Finding(
            name="folder", state="fail", said=f"others on this machine may look into {paths}", do=f"chmod go= {paths}"
        )
    if not os.access(site.data / "uploads", os.W_OK):
        do = f"chown -R the folder to the account that serves: {site.data}"
        return Finding(name="folder", state="fail", said=f"{site.data / 'uploads'} cannot be written", do=do)
    return Finding(name="folder", state="ok", said=f"{site.data} is closed to others")


def push(site: Site, mail_to: str | None) -> Finding:
    key = os.environ.get("MOMENTOR_VAPID_PRIVATE_KEY", "")
    if not key:
        do = "Run momentor init again: it makes the keys that lack and changes nothing else."
        return Finding(name="push", state="warn", said="no key for web push: offers go by mail and in the app", do=do)
    try:
        length = len(base64.urlsafe_b64decode(key + "=" * (-len(key) % 4)))
    except binascii.Error:
        length = 0
    if length != 32:
        do = "Give the 32 bytes of a P-256 key in base64url, or leave it out and run momentor init again."
        return Finding(name="push", state="fail", said="MOMENTOR_VAPID_PRIVATE_KEY is not such a key", do=do)
    return Finding(name="push", state="ok", said="the key for web push is there")


def static(site: Site, mail_to: str | None) -> Finding:
    from django.conf import settings

    try:
        paths: dict[str, Any] = json.loads((Path(settings.STATIC_ROOT) / "staticfiles.json").read_text())["paths"]
    except FileNotFoundError:
        do = "Serving collects them; or run momentor collectstatic"
        return Finding(name="static", state="warn", said="static files were not collected yet", do=do)
    if lacking := [name for name in ("built/app.css", "built/app.js") if name not in paths]:
        do = "Build the front end: python3 run.py setup, and serve again."
        return Finding(name="static", state="fail", said=f"not built: {', '.join(lacking)}", do=do)
    return Finding(name="static", state="ok", said=f"{len(paths)} files, compressed and named by content")


CHECKS: dict[str, Callable[[Site, str | None], Finding]] = {
    "database": database,
    "rights": rights,
    "extensions": extensions,
    "migrations": migrations,
    "worker": worker,
    "mail": mail,
    "clock": clock,
    "disk": disk,
    "folder": folder,
    "push": push,
    "static": static,
}


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split())[:160]


def _is_here(address: str) -> bool:
    host = urlsplit(address).hostname or ""
    return host in {"localhost", "127.0.0.1"} or host.endswith(".localhost")


def _is_open(path: Path) -> bool:
    return path.exists() and bool(path.stat().st_mode & 0o077)
