"""Texts that are alike: the nearest ones, and how near they are. Start with `read(Texts(...))`."""

from matchwell.similar.alike import Near, alike
from matchwell.similar.likelihood import nearness
from matchwell.similar.reading import Read, read
from matchwell.similar.texts import Texts

__all__ = ["Near", "Read", "Texts", "alike", "nearness", "read"]
