"""Make a real site: its folder, keys, database, first organisation and administrator, and files to run it with.

Asks for what the options do not say. What is there already is kept: a second init changes nothing. Without
--database-url the site brings its own PostgreSQL in the data folder; with it, --database-owner-url names the same
database for the role that makes the tables, and the needed SQL is shown where something lacks.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from pathlib import Path
from typing import Any

from momentor.console import keys, prepare
from momentor.console.asking import answer, new_password
from momentor.console.deploying import SOURCE, closed_to_others, write_deploy_files
from momentor.console.outside import check_outside
from momentor.console.site import Site, read_settings
from momentor.console.trouble import Trouble

EXAMPLE = (
    "momentor init --data /srv/momentor --url https://mentors.example.org \\\n"
    '    --organisation "Example Mentors" --admin-email dana@example.org --admin-name "Dana Weber"'
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--url", help="the address people will type, such as https://mentors.example.org")
    parser.add_argument("--organisation", metavar="NAME", help="the first organisation")
    parser.add_argument("--slug", help="its address: /at/SLUG/; made from the name unless said")
    parser.add_argument("--admin-email", metavar="EMAIL", help="the first administrator, who coordinates it as well")
    parser.add_argument("--admin-name", metavar="NAME", help="what people call them")
    parser.add_argument("--admin-password-file", type=Path, metavar="FILE", help="their password, on its first line")
    parser.add_argument("--database-url", metavar="URL", help="a PostgreSQL of your own, for the role of the site")
    parser.add_argument("--database-owner-url", metavar="URL", help="the same, for the role that owns the tables")
    parser.add_argument("--mail-url", metavar="URL", help="smtp://user:password@host:587?tls=start")
    parser.add_argument("--mail-from", metavar="SENDER", help='such as "Mentors <mentors@example.org>"')
    parser.add_argument("--user", default="momentor", help="the account that the systemd unit runs as")
    parser.add_argument("--json", action="store_true", help="report what was made as JSON")


def main(arguments: argparse.Namespace) -> int:
    site = Site(arguments.data)
    if site.is_demo:
        raise Trouble(f"{site.data} holds the demo. Choose another folder for a real site: --data DIR")
    asked = None if site.written.exists() else _ask(arguments)
    site.make_folder()
    keys.make_keys(site.keys)
    if asked is not None:
        if asked.get("DATABASE_URL"):
            check_outside(asked["DATABASE_URL"], asked["DATABASE_OWNER_URL"])
        site.write_down(asked)
    with site.at_hand():
        prepare.everything(site)
        first = _make_first(arguments)
    written = write_deploy_files(site, user=arguments.user)
    _report(site, first, written, as_json=arguments.json)
    return 0


def _ask(arguments: argparse.Namespace) -> dict[str, str]:
    """Return the settings of a new site. Raises Trouble."""
    settings = {"MOMENTOR_URL": answer("--url", arguments.url, "The address people will type", "http://localhost:8000")}
    if not settings["MOMENTOR_URL"].startswith(("http://", "https://")):
        raise Trouble("--url: give the address with http:// or https://, as people type it.")
    if arguments.database_url:
        if not arguments.database_owner_url:
            raise Trouble("--database-owner-url is needed beside --database-url: the role that makes the tables.")
        settings["DATABASE_URL"] = arguments.database_url
        settings["DATABASE_OWNER_URL"] = arguments.database_owner_url
    if settings["MOMENTOR_URL"].startswith("https://"):
        settings["MOMENTOR_BEHIND_PROXY"] = "yes"
    mail = {"MOMENTOR_MAIL_URL": arguments.mail_url, "MOMENTOR_MAIL_FROM": arguments.mail_from}
    settings |= {name: given for name, given in mail.items() if given}
    if any("\n" in value for value in settings.values()):
        raise Trouble("A setting may not hold a line break.")
    return settings


def _make_first(arguments: argparse.Namespace) -> dict[str, Any]:
    """Make the first organisation and its administrator, where there is no organisation yet. Raises Trouble."""
    made: dict[str, Any] = json.loads(prepare.python(["-m", "momentor.console.first"]))
    if made["is_there"]:
        return made
    wanted = {
        "organisation": answer("--organisation", arguments.organisation, "The name of the first organisation"),
        "slug": arguments.slug or "",
        "email": answer("--admin-email", arguments.admin_email, "The administrator's mail address"),
        "name": arguments.admin_name or "",
        "password": _password(arguments),
    }
    made = json.loads(prepare.python(["-m", "momentor.console.first"], told=json.dumps(wanted)))
    if "error" in made:
        raise Trouble(made["error"])
    return made


def _password(arguments: argparse.Namespace) -> str:
    if arguments.admin_password_file is None:
        return new_password("A password for the administrator")
    try:
        lines: list[str] = arguments.admin_password_file.read_text().splitlines()
    except OSError as error:
        raise Trouble(f"{arguments.admin_password_file} cannot be read: {error.strerror}.") from error
    return lines[0] if lines else ""


def _report(site: Site, first: dict[str, Any], written: list[Path], *, as_json: bool) -> None:
    settings = read_settings(site.written)
    address = os.environ.get("MOMENTOR_URL") or settings.get("MOMENTOR_URL", "")
    if as_json:
        files = [str(path) for path in written]
        print(json.dumps({"data": str(site.data), "url": address, "deploy": files, **first}))
        return
    print(f"The site is in {site.data}; its settings are in {site.written}.")
    if first["is_there"]:
        print("Its first organisation was there already, and nothing about it was changed.")
    else:
        print(f"{first['organisation']} is at {address}/at/{first['slug']}/, with {first['email']} as administrator.")
        if first.get("password"):
            print(f"First password, shown only now: {first['password']}  (change it after signing in)")
    for path in written:
        print(f"Written: {path}")
    for folder in closed_to_others(Path(sys.executable), SOURCE / "run.py"):
        print(
            f"Mind: only its owner may enter {folder}, so a service account cannot start what lies there. Keep the "
            "source elsewhere, and set it up with the system's Python: rm -r .venv; /usr/bin/python3 run.py setup"
        )
    print(f"Serve it:  momentor serve --data {site.data}")
    print(f"Look at it: momentor doctor --data {site.data}")
