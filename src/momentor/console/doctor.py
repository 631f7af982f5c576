"""Look at everything a site needs, and say what to do about what is not well.

Exit code 0: all is well or only worth a look. Exit code 1: something fails.
"""

from __future__ import annotations

import argparse
import json
import sys
from contextlib import ExitStack
from dataclasses import asdict

from momentor.console.checks import CHECKS, Finding, settings_check
from momentor.console.site import Site
from momentor.console.trouble import Trouble
from momentor.foundation.postgres import PostgresTrouble

EXAMPLE = "momentor doctor --json --mail-to host@example.org"
WORST_FIRST = ("fail", "warn", "ok")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="for programs: a list of checks with state and advice")
    parser.add_argument("--mail-to", metavar="EMAIL", help="send a mail to this address as well")


def main(arguments: argparse.Namespace) -> int:
    site = Site(arguments.data)
    with ExitStack() as stack:
        try:
            stack.enter_context(site.at_hand())
        except (Trouble, PostgresTrouble) as trouble:
            findings = [Finding(name="site", state="fail", said=str(trouble), do="Put that right, then look again.")]
        else:
            findings = look(site, mail_to=arguments.mail_to)
    worst = min((finding.state for finding in findings), key=WORST_FIRST.index)
    if arguments.json:
        print(json.dumps({"state": worst, "checks": [asdict(finding) for finding in findings]}, indent=2))
    else:
        _print(findings, worst)
    return 1 if worst == "fail" else 0


def look(site: Site, *, mail_to: str | None = None) -> list[Finding]:
    """Return what each check found, in the order of CHECKS."""
    findings = [settings_check(site)]
    if findings[0].state == "fail":
        return findings
    import django

    django.setup()
    for name, check in CHECKS.items():
        try:
            findings.append(check(site, mail_to))
        except Exception as error:  # noqa: BLE001 - a check that breaks is a finding, and the others go on
            said = f"could not be looked at: {type(error).__name__}: {' '.join(str(error).split())[:200]}"
            findings.append(Finding(name=name, state="fail", said=said, do="Put the checks above right first."))
    return findings


def _print(findings: list[Finding], worst: str) -> None:
    colour = {"ok": "32", "warn": "33", "fail": "31"}
    for finding in findings:
        state = f"{finding.state:<4}"
        if sys.stdout.isatty():
            state = f"\x1b[{colour[finding.state]}m{state}\x1b[0m"
        print(f"{state}  {finding.name:<10}  {finding.said}")
        if finding.do and finding.state != "ok":
            print(f"{'':18}{finding.do}")
    print({"ok": "\nAll is well.", "warn": "\nIt runs; some things are worth a look.", "fail": "\nNot well."}[worst])
