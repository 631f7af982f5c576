"""What counts how much. The defaults were chosen on development windows of three communities (see `evaluate`)."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class Weights:
    """How much each signal counts, and how fast evidence ages.

    A signal is `weight * log(1 + evidence)`: the tenth similar answer says less than the first. The evidence of
    one fresh answer to the same question is `one_answer`. Half-lives are in days.
    """

    answered: float = 1.0
    recent: float = 0.1
    tags: float = 0.5
    profile: float = 1.0
    sample: float = 1.0
    one_answer: float = 10.0
    half_life: float = 180.0
    least_vote: float = 0.05
    """What an answer's vote keeps of itself, however old it is."""
    recent_half_life: float = 60.0
    nearest: int = 100
    """Past questions that may vote; 50 and 200 do as well."""
    enough_answers: int = 3
    """With fewer a person is a newcomer, for whom profile and samples count."""
    enough_judged: int = 10
    """With fewer people who have answered before, a ranker is not asked: among a handful its habits say nothing."""
    newcomer_places: tuple[int, ...] = (10,)
    """Places, from 1, kept for newcomers whose own words fit the ask, when too few of them stand before."""
    newcomer_fit: float = 0.0
    """How near what newcomers say of themselves must be for a place to be kept, from 0 (at all) to 1 (the same)."""
    neighbours_within: int = 5
    """Among so many first places stands somebody from a neighbouring field, if the question allows. 0 or 1: nowhere."""
    neighbour_strength: float = 0.5
    """How strong somebody from a neighbouring field must be: the part of the best score, above 0 and up to 1."""
    load: float = 0.1
    """How much recent invitations hold back: the score is divided by (1 + invitations) ** load."""

    def __post_init__(self) -> None:
        positive = (self.one_answer, self.half_life, self.recent_half_life, self.nearest)
        counted = (self.least_vote, self.answered, self.recent, self.tags, self.profile, self.sample, self.load)
        places = (*self.newcomer_places, self.enough_judged)
        if min(positive) <= 0 or min(*counted, self.neighbours_within) < 0 or min(places) < 1:
            raise ValueError("Weights cannot be negative, and half-lives, places and counts start above zero.")
        if not 0 <= self.newcomer_fit <= 1:
            raise ValueError("How near the words of newcomers must be is a number from 0 to 1.")
        if not 0 < self.neighbour_strength <= 1:
            raise ValueError("A neighbouring field is asked for a part of the best strength: above 0, at most 1.")
