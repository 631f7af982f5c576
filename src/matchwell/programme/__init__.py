"""A whole programme at once: who mentors whom, within limits, capacities and wishes. Start with `Programme`."""

from matchwell.programme.assigning import assign
from matchwell.programme.groups import Estimate, Group, by_group
from matchwell.programme.previewing import Effect, Load, Preview, Unmatched, preview
from matchwell.programme.programmes import Programme
from matchwell.programme.sinkhorn import SoftPlan, soften, spread
from matchwell.programme.stability import blocking_pairs, stable
from matchwell.programme.values import Fits, Match, Mentee, Mentor, Plan

__all__ = [
    "Effect",
    "Estimate",
    "Fits",
    "Group",
    "Load",
    "Match",
    "Mentee",
    "Mentor",
    "Plan",
    "Preview",
    "Programme",
    "SoftPlan",
    "Unmatched",
    "assign",
    "blocking_pairs",
    "by_group",
    "preview",
    "soften",
    "spread",
    "stable",
]
