"""A ranker learned elsewhere, for communities that have nothing to learn from yet."""

from functools import cache
from importlib.resources import files

from matchwell.ranker.model import Ranker, UnreadableRanker

FILE = "prior.json"


@cache
def prior() -> Ranker | None:
    """Return the ranker that comes with the library, None if it was taken out."""
    try:
        return Ranker.from_json((files("matchwell.ranker") / FILE).read_text(encoding="utf-8"))
    except (FileNotFoundError, UnreadableRanker):
        return None
