"""The writing side of an index: takes values in, and hands out states. One thread at a time."""

from matchwell.growing.answers import GrowingAnswers
from matchwell.growing.numbers import Numbers
from matchwell.growing.people import GrowingPeople
from matchwell.growing.questions import GrowingQuestions

__all__ = ["GrowingAnswers", "GrowingPeople", "GrowingQuestions", "Numbers"]
