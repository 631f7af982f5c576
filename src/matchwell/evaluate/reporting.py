"""A folder judged whole: vectors made, ways of ranking compared, the result as plain values."""

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from matchwell.encoders import QUESTION_TOKENS, Encoder, LatentSemantic, best_installed
from matchwell.evaluate.cases import window
from matchwell.evaluate.judging import Judged, Verdict, judge_log
from matchwell.evaluate.logs import SECONDS, Log, UnreadableFolder, read
from matchwell.evaluate.profiles import judge_profiles
from matchwell.language import common
from matchwell.ranker.prior import prior as shipped_prior
from matchwell.values import PastQuestion

THREADS = 2
BATCH = 64
ISO_DATE = "%Y-%m-%d"
HEADING = f"{'':16} {'MRR':>6} {'nDCG@10':>8} {'interval':>14} {'R@10':>6} {'R@50':>6} {'S@10':>6} {'CPU ms':>7}"

Progress = Callable[[str, int, int], None]


class UnreadableTime(ValueError):
    """A window's edge is neither a date nor a number."""


def evaluate(
    folder: Path,
    *,
    history: Path | None = None,
    begin: str | None = None,
    end: str | None = None,
    local_training: bool = True,
    progress: Progress,
) -> list[Judged]:
    """Judge a community: by histories, and where people have profiles by these alone.

    The window is that of `begin` and `end` (dates, or numbers as in `ts`); else all of the folder where `history` holds
    what came before; else the last three tenths. Raises UnreadableFolder, UnreadableTime.
    """
    log = read(folder, history=history)
    first = None
    if history is not None:
        own = read(folder)
        first = min(question.at * own.day for question in own.questions) / log.day
    edges = [None if text is None else _time(text, log) for text in (begin, end)]
    asked = window(log, edges[0] if edges[0] is not None else first, edges[1])
    if not asked:
        raise UnreadableFolder(f"No question of {folder} was asked in this window. Choose another.")
    encoder = encoder_for(log, asked)
    if encoder is not None:
        log = with_vectors(log, encoder, progress)
        asked = _same(log, asked)
    judged = [
        judge_log(
            log,
            asked,
            encoder=encoder,
            prior=shipped_prior(),
            local_training=local_training,
            progress=progress,
        )
    ]
    if log.people:
        everything = window(log, float("-inf"), None) if begin is None and end is None else asked
        judged.append(judge_profiles(log, everything, progress=progress))
    return judged


def as_json(judged: Sequence[Judged]) -> dict[str, Any]:
    """Return the verdicts as plain values, nDCG@10 with its interval. A method that there is not is None."""
    return {
        "sets": [
            {
                "name": one.name,
                "queries": one.queries,
                "left_out": one.left_out,
                "product_is": one.chosen,
                "reason": one.reason,
                "methods": {method: _method(verdict) for method, verdict in one.methods.items()},
            }
            for one in judged
        ]
    }


def as_text(judged: Sequence[Judged]) -> str:
    """Return a table a set for people to read."""
    lines = []
    for one in judged:
        lines += [f"{one.name}: {one.queries} questions; {one.left_out} left out, as nobody could have been right."]
        lines += [f"Product: {one.chosen}. {one.reason}"]
        lines += [HEADING]
        for method, verdict in one.methods.items():
            if verdict is not None:
                lines += [_line(method, verdict)]
        lines += [""]
    return "\n".join(lines)


def _line(method: str, verdict: Verdict) -> str:
    means = verdict.means
    interval = f"{verdict.low:.3f}..{verdict.high:.3f}"
    recalls = f"{means.r10:6.3f} {means.r50:6.3f} {means.s10:6.3f}"
    return f"{method:16} {means.mrr:6.3f} {means.ndcg:8.4f} {interval:>14} {recalls} {verdict.cpu_ms:7.1f}"


def _method(verdict: Verdict | None) -> Mapping[str, Any] | None:
    if verdict is None:
        return None
    means = verdict.means
    return {
        "mrr": round(means.mrr, 4),
        "ndcg@10": round(means.ndcg, 4),
        "ndcg@10_low": round(verdict.low, 4),
        "ndcg@10_high": round(verdict.high, 4),
        "r@10": round(means.r10, 4),
        "r@50": round(means.r50, 4),
        "s@10": round(means.s10, 4),
        "cpu_ms": round(verdict.cpu_ms, 2),
        "better_than": {other: round(share, 3) for other, share in verdict.beats.items()},
        "difference": {other: [round(edge, 4) for edge in edges] for other, edges in verdict.differences.items()},
    }


def _time(text: str, log: Log) -> float:
    """Return a window's edge in days."""
    try:
        return float(text) / log.day
    except ValueError:
        pass
    try:
        moment = datetime.strptime(text, ISO_DATE).replace(tzinfo=UTC)
    except ValueError:
        raise UnreadableTime(f"{text} is no time. Write a date such as 2025-01-31, or a number as in ts.") from None
    if not log.has_clock:
        raise UnreadableTime(f"The times of {log.name} are ids, not dates. Write a number as in ts.")
    return moment.timestamp() / SECONDS


def encoder_for(log: Log, asked: Sequence[PastQuestion]) -> Encoder | None:
    """Return the best encoder for the languages of a community; one learned from its own words where none is."""
    loaded = best_installed(common([question.text for question in log.questions]) or {"en"}, tokens=QUESTION_TOKENS)
    if loaded.encoder is not None and not loaded.encoder.name.startswith("wordtable"):
        return loaded.encoder
    before = min(question.at for question in asked)
    try:
        return LatentSemantic.fit(question.text for question in log.questions if question.at < before)
    except ValueError:  # nothing to learn from
        return loaded.encoder


def with_vectors(log: Log, encoder: Encoder, progress: Progress | None = None) -> Log:
    """Return the same log with a vector for each question."""
    texts = [question.text for question in log.questions]
    batches = [texts[begin : begin + BATCH] for begin in range(0, len(texts), BATCH)]
    vectors: list[Any] = []
    with ThreadPoolExecutor(THREADS) as threads:
        for done, encoded in enumerate(threads.map(encoder.encode, batches)):
            if progress is not None:
                progress("reading", done, len(batches))
            vectors += list(encoded)
    return log.with_vectors({one.id: vector for one, vector in zip(log.questions, vectors, strict=True)})


def _same(log: Log, asked: Sequence[PastQuestion]) -> list[PastQuestion]:
    by_id = {question.id: question for question in log.questions}
    return [by_id[question.id] for question in asked]
