"""Many small writes, put together."""

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable, Hashable
from typing import Generic, TypeVar

logger = logging.getLogger("momentor.live")
Key = TypeVar("Key", bound=Hashable)
Item = TypeVar("Item")


class Batches(Generic[Key, Item]):
    """Collects items by key and hands them over in order, one batch a key at a time.

    What comes while a batch is being written goes into the next: the busier it gets, the larger the batches.
    There is a task only for keys that have something to write.
    """

    def __init__(
        self, write: Callable[[Key, list[Item]], Awaitable[None]], *, most: int = 100, pause: float = 0
    ) -> None:
        self._write = write
        self._most = most
        self._pause = pause
        self._waiting: dict[Key, deque[Item]] = {}
        self._tasks: dict[Key, asyncio.Task[None]] = {}

    def add(self, key: Key, item: Item) -> None:
        self._waiting.setdefault(key, deque()).append(item)
        if key not in self._tasks:
            self._tasks[key] = asyncio.get_running_loop().create_task(self._run(key))

    def is_busy(self, key: Key) -> bool:
        return key in self._tasks

    def waiting(self, key: Key) -> int:
        """Return how many items wait for their batch."""
        return len(self._waiting.get(key, ()))

    async def close(self, patience: float) -> None:
        """Give what is under way some seconds to be written."""
        if tasks := set(self._tasks.values()):
            _, late = await asyncio.wait(tasks, timeout=patience)
            for task in late:
                task.cancel()

    async def _run(self, key: Key) -> None:
        queue = self._waiting[key]
        try:
            while queue:
                if self._pause:
                    await asyncio.sleep(self._pause)
                batch = [queue.popleft() for _ in range(min(self._most, len(queue)))]
                try:
                    await self._write(key, batch)
                except Exception:
                    logger.exception("a batch was lost")
        finally:
            del self._tasks[key]
            if not queue:
                del self._waiting[key]
