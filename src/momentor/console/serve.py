"""Serve a real site: web processes, a worker, and the database where it is the site's own.

Everything that runs belongs to this one command: Ctrl-C or SIGTERM lets open requests and running jobs end, then stops
web, worker and database in that order. A second Ctrl-C does not wait.
"""

from __future__ import annotations

import argparse
import os

from momentor.console import prepare
from momentor.console.serving import add_where, supervise
from momentor.console.site import Site
from momentor.console.supervisor import only_one, open_sockets, sign_in_book
from momentor.console.trouble import Trouble

EXAMPLE = "momentor serve --data /srv/momentor --processes 2"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add_where(parser)
    parser.add_argument("--no-worker", action="store_true", help="run no jobs here: a momentor worker does, elsewhere")


def main(arguments: argparse.Namespace) -> int:
    site = Site(arguments.data)
    if site.is_demo:
        raise Trouble(f"{site.data} holds the demo. Serve it with momentor demo, or make a real site: momentor init")
    if not site.exists:
        raise Trouble(f"There is no site in {site.data}. Make one: momentor init --data {site.data}")
    site.make_folder()
    with only_one(site.data):
        sockets = open_sockets(arguments.host, arguments.port)
        with site.at_hand() as postgres:
            address = os.environ.get("MOMENTOR_URL", f"http://localhost:{arguments.port}")
            sign_in_book(site.data, f"port {arguments.port}")
            prepare.everything(site)
            return supervise(
                site,
                sockets,
                postgres,
                processes=arguments.processes,
                with_worker=not arguments.no_worker,
                ready=lambda: print(f"Momentor is ready: {address}, at port {arguments.port} here.", flush=True),
            )
