"""Judge rankings on logged questions and answers, by time: `python -m matchwell.evaluate FOLDER`."""

from matchwell.evaluate.judging import METHODS, Judged, Verdict
from matchwell.evaluate.logs import Log, UnreadableFolder, read
from matchwell.evaluate.reporting import UnreadableTime, as_json, as_text, evaluate

__all__ = [
    "METHODS",
    "Judged",
    "Log",
    "UnreadableFolder",
    "UnreadableTime",
    "Verdict",
    "as_json",
    "as_text",
    "evaluate",
    "read",
]
