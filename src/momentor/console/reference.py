"""Write the pages of docs/reference that list settings and commands: python -m momentor.console.reference"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path

from momentor.console.main import COMMANDS, parser_for
from momentor.console.trouble import Trouble
from momentor.project.environment import SETTINGS

DOCS = Path(__file__).resolve().parents[3] / "docs" / "reference"

SETTINGS_PAGE = """\
# Settings

Every setting is an environment variable. `momentor` also reads `momentor.env` in the data folder, one `NAME=value` a
line, written by `momentor init`; what the environment says itself comes first. A setting that cannot be used stops the
start with a sentence that names it.

| Setting | Meaning | Default |
|---|---|---|
{rows}

Without `DATABASE_URL`, `momentor` brings a PostgreSQL of its own in the data folder and fills in `DATABASE_URL` and
`DATABASE_OWNER_URL`; keys that are not set come from `keys/` in that folder.

This page is written by `python -m momentor.console.reference`.
"""

COMMANDS_PAGE = """\
# Commands

`momentor COMMAND --help` shows the same. Exit codes: 0 done, 1 failed with a sentence on standard error, 2 not
understood, 130 interrupted. With `--json` a command prints one JSON document on standard output, also when it fails:
`{{"error": "…"}}`. `--data DIR` names the site; without it `MOMENTOR_DATA`, else `./var`.

Any other word is one of Django's commands, run inside the site: `momentor migrate` as the role that owns the tables,
others as the site's own.

{commands}

This page is written by `python -m momentor.console.reference`.
"""


def settings_page() -> str:
    """Return docs/reference/settings.md as environment.py has it."""
    rows = (f"| `{each.name}` | {each.meaning} | {_default(each.default)} |" for each in SETTINGS)
    return SETTINGS_PAGE.format(rows="\n".join(rows))


def commands_page() -> str:
    """Return docs/reference/commands.md as the commands describe themselves."""
    return COMMANDS_PAGE.format(commands="\n\n".join(_commands()))


def _commands() -> Iterator[str]:
    for name in COMMANDS:
        try:
            parser = parser_for(name)
        except Trouble:  # not part of this version
            continue
        example = (parser.epilog or "").partition("\n")[2]
        options = "\n".join(_options(parser, f"momentor {name}"))
        yield f"## momentor {name}\n\n{(parser.description or '').strip()}\n\n```sh\n{example}\n```\n\n{options}"


def _options(parser: argparse.ArgumentParser, name: str) -> Iterator[str]:
    """List what may be given; argparse's own listing differs between versions of Python."""
    for action in parser._actions:
        if isinstance(action, argparse._HelpAction) or action.default is argparse.SUPPRESS:
            continue
        if isinstance(action, argparse._SubParsersAction):
            for kind, inner in action.choices.items():
                yield f"- `{name} {kind}`: {(inner.description or '').strip().partition(chr(10))[0]}"
                yield from (f"  {line}" for line in _options(inner, f"{name} {kind}"))
            continue
        takes_value = action.nargs != 0
        value = action.metavar or (action.dest.upper() if action.option_strings else action.dest)
        shown = (
            ", ".join(action.option_strings) + (f" {value}" if takes_value else "") if action.option_strings else value
        )
        yield f"- `{shown}`: {action.help}"


def _default(default: str | None) -> str:
    if default is None:
        return "must be given"
    return f"`{default}`" if default else "empty"


if __name__ == "__main__":
    (DOCS / "settings.md").write_text(settings_page(), encoding="utf-8")
    (DOCS / "commands.md").write_text(commands_page(), encoding="utf-8")
