"""Rows shared out between threads, where there are enough of them to be worth it."""

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise

MANY = 65_536  # rows that are worth a thread
_THREADS = min(os.cpu_count() or 1, 4)


def in_parts(rows: int, work: Callable[[int, int], None]) -> None:
    """Call `work` with the first row of each part, and the one behind its last; numpy's loops run beside each other."""
    threads = min(rows // MANY, _THREADS)
    if threads < 2:
        work(0, rows)
        return
    edges = [rows * part // threads for part in range(threads + 1)]
    # A pool of its own each time: one that was made before a fork would wait for threads that are not there.
    with ThreadPoolExecutor(threads) as pool:
        for done in [pool.submit(work, first, last) for first, last in pairwise(edges)]:
            done.result()
