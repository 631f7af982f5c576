"""From how alike the words and the meanings of two texts are to one number that says the same in every community.

The number is the chance that two texts ask about the same matter, where beforehand one pair in a hundred does. It is a
logistic curve in two quantities: the cosine of the words (or the share of an ask's score that an index found), and by
how many standard deviations the meanings are nearer than is usual. Its numbers were fitted on titles and bodies, first
and second halves of questions of four communities (`fitting`), where it is known which belong together, as in Rücklé,
Moosavi and Gurevych, "Neural Duplicate Question Detection without Labeled Training Data" (2019).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from math import log

import numpy as np
import numpy.typing as npt

from matchwell.columns import Floats

BEFOREHAND = 0.01  # of all pairs
_BEFOREHAND = log(BEFOREHAND / (1 - BEFOREHAND))
DIGITS = 6  # what is left of rounding errors is not shown


@dataclass(frozen=True, slots=True)
class Curve:
    """The logarithm of the odds, were they even beforehand: `base + words * ... + meaning * max(..., 0)`."""

    base: float
    words: float
    meaning: float = 0.0


# By the kind of the encoder; "" stands for words alone.
OF_COSINES: Mapping[str, Curve] = {
    "": Curve(-1.96, 26.8),
    "minilm": Curve(-2.90, 9.2, 1.60),
    "universal": Curve(-2.34, 18.3, 1.07),
}
OF_SHARES: Mapping[str, Curve] = {
    "": Curve(-1.99, 17.0),
    "minilm": Curve(-2.93, 3.97, 1.74),
    "universal": Curve(-2.40, 9.9, 1.27),
}
# Texts in two languages have no words in common, and that says nothing.
OF_MEANINGS: Mapping[str, Curve] = {
    "minilm": Curve(-2.91, 0.0, 2.02),
    "universal": Curve(-2.03, 0.0, 2.07),
}
_CAREFUL = "universal"  # stands in for encoders that nobody has measured: it trusts vectors least


def nearness(
    words: npt.ArrayLike,
    meanings: npt.ArrayLike | None = None,
    *,
    encoder: str = "",
    curves: Mapping[str, Curve] = OF_COSINES,
    in_two_languages: npt.ArrayLike = False,
) -> Floats:
    """Return the chance that texts belong together, float64 from 0 to 1, in the shape of the arguments.

    `words` run from 0 (none in common) to 1; `meanings` are in standard deviations, nan where one has no vector, and
    then the words say it alone. No word in common and no vector is 0. More of either never makes it less.
    """
    words = np.asarray(words, np.float64)
    chance = np.where(words > 0, _chance(_odds(curves[""], words, 0.0)), 0.0)
    if meanings is None:
        return _shown(chance)
    meanings = np.asarray(meanings, np.float64)
    above = np.maximum(np.nan_to_num(meanings), 0.0)
    kind = encoder.partition("-")[0]
    of_both = curves.get(kind, curves[_CAREFUL])
    alone = OF_MEANINGS.get(kind, OF_MEANINGS[_CAREFUL])
    with_meaning = np.where(in_two_languages, _odds(alone, words, above), _odds(of_both, words, above))
    return _shown(np.where(np.isnan(meanings), chance, _chance(with_meaning)))


def log_odds(chance: npt.ArrayLike) -> Floats:
    """Return the logarithm of the odds of chances, as far as their digits go."""
    least = 10.0**-DIGITS
    kept = np.clip(np.asarray(chance, np.float64), least, 1 - least)
    odds: Floats = np.log(kept / (1 - kept))
    return odds


def _shown(chance: Floats) -> Floats:
    shown: Floats = np.round(chance, DIGITS)
    return shown


def _odds(curve: Curve, words: Floats, above: Floats | float) -> Floats:
    odds: Floats = curve.base + curve.words * words + curve.meaning * above + _BEFOREHAND
    return odds


def _chance(odds: Floats) -> Floats:
    chance: Floats = 1 / (1 + np.exp(-odds))
    return chance
