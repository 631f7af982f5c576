"""Measure this machine: messages of live rooms, pages, or matching. Each brings what it needs and removes it again.

docs/reference/performance.md says what the figures mean and how they were taken.
"""

from __future__ import annotations

import argparse
from importlib import import_module
from importlib.util import find_spec

EXAMPLE = "momentor bench pages --json"
KINDS = {
    "chat": "delivery of messages in live rooms",
    "match": "matching at size",
    "pages": "home, ask and session page",
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    kinds = parser.add_subparsers(dest="kind", required=True, metavar="|".join(KINDS))
    for kind, summary in KINDS.items():
        if find_spec(f"{__name__}.{kind}"):
            module = import_module(f"{__name__}.{kind}")
            module.add_arguments(kinds.add_parser(kind, help=summary, description=module.__doc__))


def main(arguments: argparse.Namespace) -> int:
    return int(import_module(f"{__name__}.{arguments.kind}").main(arguments) or 0)
