"""Texts that are alike: the nearest ones, and groups with a name. Start with `read(Texts(...))`."""

from matchwell.similar.alike import Near, alike
from matchwell.similar.groups import Group, TooMany, groups
from matchwell.similar.labels import labels
from matchwell.similar.likelihood import nearness
from matchwell.similar.reading import Read, read
from matchwell.similar.texts import Texts

__all__ = ["Group", "Near", "Read", "Texts", "TooMany", "alike", "groups", "labels", "nearness", "read"]
