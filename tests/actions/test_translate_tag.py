"""The quicker word of translation says what Django's says, to each reader in their language."""

from typing import Any

import pytest
from django.template import engines
from django.utils import translation

from momentor.web.templatetags.i18n import SameWords

TEMPLATES = [
    "{% load i18n %}{% translate 'Home' %}",
    "{% translate 'Sign in' as words %}[{{ words }}]",
    "{% trans 'Home' noop %}",
    "{% translate words %}",
    "{% translate 'Home'|upper %}",
    "{% translate 'May' context 'month name' %}",
    "{% translate '<b>100%</b> & more' %}",
    "{% autoescape off %}{% translate '<b>' %}{% endautoescape %}",
]


@pytest.mark.parametrize("text", TEMPLATES)
def test_it_says_what_django_says_in_every_language(text: str) -> None:
    ours: Any = engines["django"].from_string(text)
    theirs: Any = engines["django"].from_string(text)
    for node in theirs.template.nodelist.get_nodes_by_type(SameWords):
        node.__class__ = SameWords.__base__

    for language in ("en", "de", "en", "de"):
        with translation.override(language):
            assert ours.render({"words": "Home"}) == theirs.render({"words": "Home"})


def test_the_same_template_speaks_to_each_reader() -> None:
    template: Any = engines["django"].from_string("{% load i18n %}{% translate 'Conversations' %}")
    said = []
    for language in ("en", "de", "en"):
        with translation.override(language):
            said.append(template.render({}))

    assert said == ["Conversations", "Gespräche", "Conversations"]
    assert template.template.nodelist.get_nodes_by_type(SameWords)
