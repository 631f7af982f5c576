"""Plans in a process of its own: `python -m momentor.matches.planner`, with a task on standard input.

The solver keeps Python's lock for seconds, and takes hundreds of megabytes for ten thousand people. Here it does so
beside the worker, which goes on with live searches, and memory goes back when it ends. Nothing of Django is needed.
"""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from typing import Any

from momentor.matches.planning import Task, packed, solve, unpacked

# Pairs: a plan for so few takes a moment, less than to start a process.
FEW = 20_000
NICE = 10


class PlanningStopped(RuntimeError):
    """The process that planned ended without a plan: mostly the machine had too little memory for it."""


def plan(task: Task, *, on_plan: Callable[[int], None]) -> dict[str, Any]:
    """Return what `solve` does, worked out beside this process where it would be in the way of others.

    Raises PlanningStopped.
    """
    if len(task.programme.fits.mentee) <= FEW:
        return solve(task, on_plan)
    with subprocess.Popen(
        [sys.executable, "-m", "momentor.matches.planner"], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        try:
            return _talk(process, packed(task), on_plan)
        finally:
            process.kill()  # ended already, unless whoever waits gave up


def _talk(process: "subprocess.Popen[bytes]", content: bytes, on_plan: Callable[[int], None]) -> dict[str, Any]:
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        process.stdin.write(content)
        process.stdin.close()
    except BrokenPipeError as error:
        raise PlanningStopped("it did not begin") from error
    for line in process.stdout:
        told = json.loads(line)
        if "made" not in told:
            found: dict[str, Any] = told
            return found
        on_plan(told["made"])
    raise PlanningStopped(f"it ended with {process.wait()}")


def main() -> None:
    """Read a task, and write a line for each plan that is made and one with the result."""
    os.nice(NICE)
    _say(solve(unpacked(sys.stdin.buffer.read()), lambda made: _say({"made": made})))


def _say(told: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(told) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
