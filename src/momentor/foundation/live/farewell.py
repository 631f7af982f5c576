"""Being asked to stop, heard before the server closes its connections."""

import asyncio
import signal
import threading
from collections.abc import Callable
from typing import Any


def when_asked_to_stop(tell: Callable[[], None]) -> None:
    """Call `tell` on the event loop at SIGTERM and SIGINT, then go on to whoever listened to the signal before.

    uvicorn closes WebSockets before it tells the application anything, and waits for event streams that do not
    know that they should end.
    """
    if threading.current_thread() is not threading.main_thread():
        return
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        before = signal.getsignal(number)
        if callable(before):
            signal.signal(number, _chain(before, lambda: loop.call_soon_threadsafe(tell)))


def _chain(before: Any, tell: Callable[[], Any]) -> Callable[[int, Any], None]:
    def hear(number: int, frame: Any) -> None:
        tell()
        before(number, frame)

    return hear
