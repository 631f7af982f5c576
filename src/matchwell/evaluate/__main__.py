"""`python -m matchwell.evaluate FOLDER [--json] [--from 2025-01-01] [--until …] [--history FOLDER]`."""

import argparse
import json
import sys
from pathlib import Path

from matchwell.evaluate import UnreadableFolder, UnreadableTime, as_json, as_text, evaluate


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take the folder, the window and what may be learned from."""
    parser.add_argument("folder", type=Path, metavar="DIR", help="questions.parquet, answers.parquet, maybe profiles")
    parser.add_argument("--from", dest="begin", metavar="TIME", help="first day of the window, or number as in ts")
    parser.add_argument("--until", dest="end", metavar="TIME", help="day after the window (default: all that follows)")
    parser.add_argument("--history", type=Path, metavar="DIR", help="an earlier part; then all of DIR is the window")
    parser.add_argument(
        "--local-training",
        action=argparse.BooleanOptionalAction,
        default=True,
        help="may the community's own earlier outcomes train the ranker",
    )
    parser.add_argument("--json", action="store_true", help="print JSON for another program")


def run(arguments: argparse.Namespace) -> int:
    """Print the verdicts; return 1 when the folder cannot be judged."""
    try:
        judged = evaluate(
            arguments.folder,
            history=arguments.history,
            begin=arguments.begin,
            end=arguments.end,
            local_training=arguments.local_training,
            progress=Bar() if sys.stderr.isatty() else _silent,
        )
    except (UnreadableFolder, UnreadableTime) as fault:
        if arguments.json:
            sys.stdout.write(json.dumps({"error": str(fault)}) + "\n")
        sys.stderr.write(f"{fault}\n")
        return 1
    sys.stdout.write((json.dumps(as_json(judged), indent=2) if arguments.json else as_text(judged)) + "\n")
    return 0


class Bar:
    """A line that says how far the work is."""

    def __call__(self, what: str, done: int, of: int) -> None:
        sys.stderr.write(f"\r{what:10} {100 * done // max(of, 1):3} %\033[K")
        sys.stderr.flush()


def _silent(what: str, done: int, of: int) -> None:
    pass


def main() -> int:
    """Judge the folder named on the command line."""
    parser = argparse.ArgumentParser("matchwell.evaluate", description=__doc__)
    add_arguments(parser)
    return run(parser.parse_args())


if __name__ == "__main__":
    sys.exit(main())
