"""Measure matching at size and print the figures as JSON."""

import argparse
import json
import sys
from pathlib import Path

from matchwell.bench.measuring import SIZES, measure


def main() -> int:
    parser = argparse.ArgumentParser("matchwell.bench", description=__doc__)
    parser.add_argument("sizes", type=int, nargs="*", default=SIZES, help="numbers of past questions")
    parser.add_argument("--data", type=Path, help="a folder of logged questions to make the communities from")
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    found = measure(options.sizes, data=options.data, seed=options.seed, tell=_tell)
    sys.stdout.write(json.dumps(found, indent=1) + "\n")
    return 0


def _tell(what: str) -> None:
    sys.stderr.write(f"{what} ...\n")


if __name__ == "__main__":
    sys.exit(main())
