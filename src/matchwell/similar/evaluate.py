"""Judge clusters on logged questions: `python -m matchwell.similar.evaluate FOLDER... [--encoder minilm]`.

Held against the tags that people gave (of each question the one most used in the community), against k-means from a
drawn start in latent semantic directions, and against taking the tags themselves for clusters. Tags are a grid of their
own, so compare ways, and do not read the numbers as quality.
"""

import argparse
import json
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from matchwell.encoders import Encoder, LatentSemantic, load_installed
from matchwell.similar.agreement import adjusted_mutual_information, purity
from matchwell.similar.clusters import Clusters, clusters
from matchwell.similar.logged import Logged, logged
from matchwell.similar.middles import moved, nearest
from matchwell.similar.reading import Read, read
from matchwell.similar.space import Points
from matchwell.similar.texts import Texts

SEED = 2022
DRAWS = 20_000
NEWER = 0.02  # of the questions: are the clusters of the others still there when these have come?


def measure(folder: Path, encoder: Encoder | None) -> dict[str, Any]:
    """Return how each way of clustering the questions of a folder agrees with what is known of them, ready for JSON.

    `{"name": …, "questions": …, "ways": {way: {"clusters": …, "covered": …, "ami": …, "purity": …, "tag_lift": …,
    "answerer_lift": …}}, "when_new_ones_come": {"ami": …, "names_kept": …, "ami_going_on": …, "names_kept_going_on":
    …}}`. The lifts say how many times as often as any two questions do two of one cluster share a tag, or somebody who
    answered both.
    """
    questions = logged(folder)
    texts = [one.text for one in questions]
    vectors = None if encoder is None else encoder.encode(texts)
    by_words = _read(questions, None, None)
    of_words = clusters(by_words)
    count = max(len(of_words.clusters), 1)
    ways = {"words": of_words.label_of(), "k_means_on_latent": _k_means(questions, count), "tags": _by_tag(questions)}
    there, found = by_words, of_words
    if encoder is not None and vectors is not None:
        there = _read(questions, vectors, encoder)
        found = clusters(there)
        ways |= {"words_and_vectors": found.label_of()}
    older = _without_newest(questions, there, encoder)
    return {
        "name": folder.name,
        "questions": len(questions),
        "ways": {way: _judged(questions, label_of) for way, label_of in ways.items()},
        "when_new_ones_come": _stability(older, there, found),
    }


def _read(questions: Sequence[Logged], vectors: Any, encoder: Encoder | None) -> Read:
    return read(
        Texts(
            ids=[one.id for one in questions],
            texts=[one.text for one in questions],
            vectors=vectors,
            encoder=encoder.name if encoder else "",
        )
    )


def _judged(questions: Sequence[Logged], label_of: Mapping[str, str]) -> dict[str, float]:
    inside = [one for one in questions if one.id in label_of]
    usual = Counter(tag for one in questions for tag in one.tags)
    main_tag = [max(one.tags, key=lambda tag: (usual[tag], tag), default="") for one in inside]
    members: dict[str, list[Logged]] = {}
    for one in inside:
        members.setdefault(label_of[one.id], []).append(one)
    of_one, of_any = _pairs(list(members.values())), _pairs([questions])
    return {
        "clusters": len(members),
        "covered": len(inside) / max(len(questions), 1),
        "ami": adjusted_mutual_information(main_tag, [label_of[one.id] for one in inside]),
        "purity": purity([[one.tags for one in group] for group in members.values()]),
        "tag_lift": _share(of_one, "tags") / max(_share(of_any, "tags"), 1e-9),
        "answerer_lift": _share(of_one, "answered_by") / max(_share(of_any, "answered_by"), 1e-9),
    }


def _pairs(groups: Sequence[Sequence[Logged]]) -> list[tuple[Logged, Logged]]:
    """Return pairs of questions of the same group, drawn by a seed, each pair as likely as any other."""
    chance = np.random.default_rng(SEED)
    able = [group for group in groups if len(group) > 1]
    if not able:
        return []
    weights = np.array([len(group) * (len(group) - 1) for group in able], np.float64)
    drawn = []
    for which in chance.choice(len(able), DRAWS, p=weights / weights.sum()).tolist():
        one, other = chance.choice(len(able[which]), 2, replace=False).tolist()
        drawn.append((able[which][one], able[which][other]))
    return drawn


def _share(pairs: Sequence[tuple[Logged, Logged]], what: str) -> float:
    common = sum(not getattr(one, what).isdisjoint(getattr(other, what)) for one, other in pairs)
    return common / len(pairs) if pairs else 0.0


def _k_means(questions: Sequence[Logged], count: int) -> dict[str, str]:
    """Return clusters as they are usually made: k-means++ (Arthur and Vassilvitskii, 2007) on latent semantics."""
    texts = [one.text for one in questions]
    points = LatentSemantic.fit(texts, dim=64).encode(texts)
    cluster_of, _near = nearest(points, moved(points, _drawn(points, count)))
    return {one.id: str(cluster) for one, cluster in zip(questions, cluster_of.tolist(), strict=True)}


def _drawn(points: Points, count: int) -> Points:
    chance = np.random.default_rng(SEED)
    chosen = [int(chance.integers(len(points)))]
    far = 1 - points @ points[chosen[0]]
    while len(chosen) < min(count, len(points)) and far.max() > 0:
        chosen.append(int(chance.choice(len(points), p=far.clip(0) / far.clip(0).sum())))
        far = np.minimum(far, 1 - points @ points[chosen[-1]])
    return points[chosen]


def _by_tag(questions: Sequence[Logged]) -> dict[str, str]:
    usual = Counter(tag for one in questions for tag in one.tags)
    return {one.id: max(one.tags, key=lambda tag: (usual[tag], tag)) for one in questions if one.tags}


def _without_newest(questions: Sequence[Logged], there: Read, encoder: Encoder | None) -> Clusters:
    """Return the clusters of all but some of the questions."""
    newer = set(there.texts.sample(max(1, int(NEWER * len(questions)))).tolist())
    kept = [place for place in range(len(questions)) if place not in newer]
    meanings = there.texts.meanings
    return clusters(_read([questions[place] for place in kept], None if meanings is None else meanings[kept], encoder))


def _stability(older: Clusters, there: Read, found: Clusters) -> dict[str, float]:
    going_on = clusters(there, earlier=older)
    names = {cluster.label for cluster in older.clusters}
    told: dict[str, float] = {}
    for way, now in (("", found), ("_going_on", going_on)):
        before, after = older.label_of(), now.label_of()
        both = sorted(before.keys() & after.keys())
        told |= {
            f"ami{way}": adjusted_mutual_information([before[one] for one in both], [after[one] for one in both]),
            f"names_kept{way}": len(names & {cluster.label for cluster in now.clusters}) / max(len(names), 1),
        }
    return told


def main(arguments: Sequence[str]) -> int:
    """Print the figures as JSON, or say why there are none."""
    parser = argparse.ArgumentParser("python -m matchwell.similar.evaluate", description=__doc__)
    parser.add_argument("folders", nargs="+", type=Path)
    parser.add_argument("--encoder", choices=["minilm", "universal", "wordtable"])
    given = parser.parse_args(arguments)
    loaded = load_installed(given.encoder) if given.encoder else None
    if loaded is not None and loaded.encoder is None:
        sys.stderr.write(" ".join(refused.reason for refused in loaded.refused) + "\n")
        return 1
    encoder = loaded.encoder if loaded else None
    try:
        found = {"encoder": given.encoder, "sets": [measure(folder, encoder) for folder in given.folders]}
    except OSError as trouble:
        sys.stderr.write(f"{trouble}\n")
        return 1
    sys.stdout.write(json.dumps(found, indent=1) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
