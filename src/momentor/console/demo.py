"""Serve the demo community: about sixty people of an open workshop, with their questions and answers.

The first start makes the data folder, its keys, a database of its own and the community in it; every other start
finds them and changes nothing. Accounts and their password stand on the sign-in page. Nothing leaves the machine:
mails are written into the folder.
"""

from __future__ import annotations

import argparse
import os

from momentor.console import keys, prepare
from momentor.console.serving import add_where, is_debugging, supervise
from momentor.console.site import Site
from momentor.console.supervisor import only_one, open_sockets, sign_in_book
from momentor.console.trouble import Trouble

EXAMPLE = "momentor demo --port 8000 --data ./var"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add_where(parser)


def main(arguments: argparse.Namespace) -> int:
    site = Site(arguments.data)
    address = f"http://localhost:{arguments.port}"
    if site.written.exists() and not site.is_demo:
        raise Trouble(f"{site.data} holds a real site. Serve it with momentor serve, or give the demo another folder.")
    site.make_folder()
    with only_one(site.data):
        sockets = open_sockets(arguments.host, arguments.port)
        sign_in_book(site.data, address)
        _settle(site, address, is_open=arguments.host != "localhost")
        with site.at_hand() as postgres:
            prepare.everything(site)
            prepare.load_demo_if_needed(site)
            return supervise(
                site,
                sockets,
                postgres,
                processes=arguments.processes,
                log=None if is_debugging() else site.data / "momentor.log",
                ready=lambda: _welcome(site, address),
            )


def _settle(site: Site, address: str, *, is_open: bool) -> None:
    keys.make_keys(site.keys)
    site.write_down({"MOMENTOR_DEMO": "yes", "MOMENTOR_LOG_FORMAT": "plain"})
    os.environ["MOMENTOR_URL"] = address
    if is_open:
        # Neighbours type whatever name this machine has in their network.
        os.environ["MOMENTOR_ALLOWED_HOSTS"] = "*"


def _welcome(site: Site, address: str) -> None:
    print(f"\nMomentor is ready: {address}\n", flush=True)
    print(f"Ctrl-C stops it. Its files, mails and log are in {site.data}.", flush=True)
