"""Ids that sort by the time they were made."""

import os
import time
from uuid import UUID


def new_id() -> UUID:
    """Return a new UUID version 7 (RFC 9562 section 5.7): 48 bits of milliseconds, then 74 bits of chance."""
    milliseconds = time.time_ns() // 1_000_000
    chance = int.from_bytes(os.urandom(10), "big")
    value = (milliseconds << 80) | chance
    value = (value & ~(0xF << 76)) | (0x7 << 76)
    value = (value & ~(0x3 << 62)) | (0x2 << 62)
    return UUID(int=value)
