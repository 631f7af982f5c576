"""The number of the request at hand, so that all its log lines can be found together."""

from contextvars import ContextVar

request_id: ContextVar[str] = ContextVar("request_id", default="")
