"""What may be done before the code of conduct is agreed to."""

from collections.abc import Callable
from typing import Any, TypeVar

View = TypeVar("View", bound=Callable[..., Any])


def before_agreeing(view: View) -> View:
    """Let a member do this before agreeing to the code of conduct. Everything else that writes has to wait."""
    view.is_open_before_agreeing = True  # type: ignore[attr-defined]  # functions carry what is said about them
    return view


def is_open_before_agreeing(view: Callable[..., Any]) -> bool:
    """Return whether `before_agreeing` marks this view."""
    return bool(getattr(view, "is_open_before_agreeing", False))
