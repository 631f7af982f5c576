"""The console command `momentor`: finds the site, then hands over to one file a command, or to Django."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

from momentor import __version__
from momentor.console.site import Site, use_owner
from momentor.console.trouble import Trouble
from momentor.foundation.postgres import PostgresTrouble


@dataclass(frozen=True, kw_only=True)
class Command:
    """One word after `momentor`. Its module has `add_arguments(parser)` and `main(arguments)`, and an `EXAMPLE`."""

    module: str
    summary: str
    needs_site: bool = True  # else it finds or makes the site by itself


COMMANDS = {
    "demo": Command(module="momentor.console.demo", summary="serve the demo community", needs_site=False),
    "init": Command(module="momentor.console.init", summary="make a real site", needs_site=False),
    "serve": Command(module="momentor.console.serve", summary="serve a real site", needs_site=False),
    "worker": Command(module="momentor.console.worker", summary="run jobs and timers beside other web processes"),
    "doctor": Command(module="momentor.console.doctor", summary="look at everything a site needs", needs_site=False),
    "backup": Command(
        module="momentor.console.backup", summary="write database, uploads and keys into one file", needs_site=False
    ),
    "restore": Command(module="momentor.console.restore", summary="bring a backup back", needs_site=False),
    "organisation": Command(module="momentor.console.organisation", summary="add organisations, name coordinators"),
    "import": Command(module="momentor.importing.command", summary="bring in questions and answers from elsewhere"),
    "ask": Command(module="momentor.dispatch.command.ask", summary="show who could answer a question, or ask it"),
    "match": Command(module="momentor.console.match", summary="explain, judge, or match a programme"),
    "shell": Command(module="momentor.console.shell", summary="a Python prompt inside the site"),
    "bench": Command(module="momentor.console.bench", summary="measure this machine", needs_site=False),
}
# What changes tables does it as their owner.
OWNERS_WORK = {"migrate", "sqlmigrate", "sqlflush", "flush", "dbshell"}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code: 0 done, 1 failed with a sentence, 2 not understood, 130 interrupted."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    try:
        if not given or given[0] in {"-h", "--help", "help"}:
            print(_overview())
            return 0 if given else 2
        if given[0] == "--version":
            print(f"momentor {__version__}")
            return 0
        if given[0] in COMMANDS:
            return _run(given[0], given[1:])
        return _ask_django(given)
    except (Trouble, PostgresTrouble) as trouble:
        if "--json" in given:
            print(json.dumps({"error": str(trouble)}))
        print(f"momentor: {trouble}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:  # `| head` has seen enough
        sys.stderr.close()
        return 1


def parser_for(name: str) -> argparse.ArgumentParser:
    """Return the parser of one command, as its module describes it."""
    try:
        module = import_module(COMMANDS[name].module)
    except ModuleNotFoundError as error:
        if error.name and COMMANDS[name].module.startswith(error.name):
            raise Trouble(f"momentor {name} is not part of this version.") from error
        raise
    parser = argparse.ArgumentParser(
        f"momentor {name}",
        description=module.__doc__,
        epilog=f"Example:\n  {module.EXAMPLE}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    module.add_arguments(parser)
    if not any("--data" in action.option_strings for action in parser._actions):
        add_data(parser)
    return parser


def add_data(parser: argparse.ArgumentParser, default: str | None = None) -> None:
    """Let a command be told its site; the words below it as well, where one that is not said changes nothing."""
    told = "the site's folder; else MOMENTOR_DATA, else ./var"
    parser.add_argument("--data", type=Path, metavar="DIR", default=default, help=told)
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for inner in action.choices.values():
                if not any("--data" in own.option_strings for own in inner._actions):
                    add_data(inner, argparse.SUPPRESS)


def _run(name: str, given: Sequence[str]) -> int:
    arguments = parser_for(name).parse_args(given)
    module = import_module(COMMANDS[name].module)
    run = module.main
    if not COMMANDS[name].needs_site or getattr(module, "works_anywhere", _never)(arguments):
        return int(run(arguments) or 0)
    with Site(arguments.data).at_hand():
        import django

        django.setup()
        return int(run(arguments) or 0)


def _never(arguments: argparse.Namespace) -> bool:
    """Say that a command works only inside a site; one that has parts which do not has a `works_anywhere` instead."""
    return False


def _ask_django(given: Sequence[str]) -> int:
    """Run one of Django's own commands inside the site."""
    from django.core.management import execute_from_command_line

    data, rest = _take_data(given)
    with Site(data).at_hand():
        if rest[0] in OWNERS_WORK:
            use_owner()
        execute_from_command_line(["momentor", *rest])
    return 0


def _take_data(given: Sequence[str]) -> tuple[Path | None, list[str]]:
    only_data = argparse.ArgumentParser(add_help=False, allow_abbrev=False)
    add_data(only_data)
    found, rest = only_data.parse_known_args(given)
    return found.data, rest


def _overview() -> str:
    width = max(map(len, COMMANDS))
    lines = [f"  {name:<{width}}  {command.summary}" for name, command in COMMANDS.items()]
    return "\n".join(
        [
            "usage: momentor COMMAND [--data DIR] [arguments]",
            "",
            *lines,
            "",
            "Each has --help with an example. Any other word is one of Django's commands, run inside the site:",
            "migrate, createsuperuser, changepassword, check and more (momentor check --help).",
            "",
            "Example:",
            "  momentor demo --port 8000",
        ]
    )


if __name__ == "__main__":
    sys.exit(main())
