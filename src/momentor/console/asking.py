"""Questions that a command asks the person at the keyboard."""

from __future__ import annotations

import getpass
import sys

from momentor.console.trouble import Trouble


def answer(option: str, given: str | None, question: str, default: str = "") -> str:
    """Return what was given as an option, else what the person types. Raises Trouble where nobody can be asked."""
    if given:
        return given
    if not sys.stdin.isatty():
        if default:
            return default
        raise Trouble(f"{option} is needed where nobody can be asked.")
    while True:
        # Not input(question): where standard output goes into a file, the question would go with it.
        print(f"{question}{f' [{default}]' if default else ''}: ", end="", file=sys.stderr, flush=True)
        if typed := input().strip() or default:
            return typed


def new_password(question: str) -> str:
    """Return a password typed twice, or nothing where nobody can be asked."""
    if not sys.stdin.isatty():
        return ""
    while True:
        typed = getpass.getpass(f"{question}: ")
        if typed == getpass.getpass("The same once more: "):
            return typed
        print("They differ. Try again.", file=sys.stderr)
