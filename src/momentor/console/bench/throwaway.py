"""A site in a folder that is removed again, with a database of its own and the demo community in it."""

from __future__ import annotations

import os
import platform
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from momentor.console import keys, prepare
from momentor.console.site import Site

TICKS = os.sysconf("SC_CLK_TCK")


@contextmanager
def throwaway_site() -> Iterator[Site]:
    """Enter a new site with the demo community; Django is set up in it. Nothing of a real site is read or touched."""
    for name in [name for name in os.environ if name.startswith(("MOMENTOR_", "DATABASE_"))]:
        del os.environ[name]
    with tempfile.TemporaryDirectory(prefix="momentor-bench-") as folder:
        site = Site(folder)
        site.make_folder()
        keys.make_keys(site.keys)
        os.environ["MOMENTOR_LOG_LEVEL"] = "warning"
        site.write_down({"MOMENTOR_DEMO": "no"})
        with site.at_hand():
            prepare.everything(site)
            prepare.python(["-c", "import django; django.setup(); from momentor.demo.load import main; main()"])
            import django

            django.setup()
            yield site


def cpu_of(process: int) -> float:
    """Return the processor seconds that a process has used."""
    fields = Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def children_of(process: int) -> list[int]:
    """Return the processes that a process started and that still run."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rsplit(")", 1)[1].split()
        except OSError:  # it ended meanwhile
            continue
        if int(fields[1]) == process:
            found.append(int(stat.parent.name))
    return found


def postmaster_of(site: Site) -> int:
    """Return the first process of the site's own database."""
    return int((site.data / "postgres/cluster/postmaster.pid").read_text().split("\n", 1)[0])


def taken_by_others() -> tuple[float, float]:
    """Return the processor seconds that a virtual machine's neighbours took, and all there were, since it started."""
    first = next(iter(_lines("/proc/stat")), "")
    seconds = [int(ticks) / TICKS for ticks in first.split()[1:9]]  # user to steal, proc(5)
    return (seconds[7], sum(seconds)) if len(seconds) == 8 else (0.0, 0.0)


def this_machine() -> dict[str, Any]:
    """Return what figures depend on: the processor, its cores, the memory, the versions, the day."""
    processor = next(
        (line.split(":", 1)[1].strip() for line in _lines("/proc/cpuinfo") if line.startswith("model name")),
        platform.processor() or platform.machine(),
    )
    kilobytes = next((int(line.split()[1]) for line in _lines("/proc/meminfo") if line.startswith("MemTotal")), 0)
    return {
        "processor": processor,
        "cores": len(os.sched_getaffinity(0)),
        "memory_gb": round(kilobytes / 1e6, 1),
        "system": f"{platform.system()} {platform.release()}",
        "python": platform.python_version(),
        "load_before": round(os.getloadavg()[0], 1),
        "date": f"{datetime.now(UTC):%Y-%m-%d}",
    }


def _lines(path: str) -> list[str]:
    try:
        return Path(path).read_text().splitlines()
    except OSError:
        return []
