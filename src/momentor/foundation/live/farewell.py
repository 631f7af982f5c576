"""Being asked to stop, heard before the server closes its connections."""

import asyncio
import signal
import threading
from collections.abc import Callable
from typing import Any

# How long the server is kept from closing what has just been told goodbye.
LAST_WORDS_SECONDS = 0.2


def when_asked_to_stop(tell: Callable[[], None]) -> None:
    """Call `tell` on the event loop at SIGTERM and SIGINT, and a moment later whoever listened to the signal before.

    uvicorn closes WebSockets before it tells the application anything, and waits for event streams that do not
    know that they should end. A second signal goes to it at once.
    """
    if threading.current_thread() is not threading.main_thread():
        return
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        before = signal.getsignal(number)
        if callable(before):
            signal.signal(number, _chain(before, tell, loop))


def _chain(before: Any, tell: Callable[[], Any], loop: asyncio.AbstractEventLoop) -> Callable[[int, Any], None]:
    heard: list[int] = []

    def say_and_go_on(number: int) -> None:
        loop.call_later(LAST_WORDS_SECONDS, before, number, None)
        tell()

    def hear(number: int, frame: Any) -> None:
        if heard:
            before(number, frame)
        else:
            heard.append(number)
            loop.call_soon_threadsafe(say_and_go_on, number)

    return hear
