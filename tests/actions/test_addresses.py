"""Addresses that are remembered are the ones that Django finds."""

from uuid import UUID

import pytest
from django.template import Context, Engine, engines
from django.urls import NoReverseMatch, get_script_prefix, reverse, set_script_prefix

from momentor.foundation.addresses import path_in, path_outside, path_to
from momentor.foundation.ids import new_id
from momentor.people.models import Organisation

WITHOUT = ("web:home", "asking:new", "account_login", "notices:notices", "trust:report")
WITH_AN_ID = ("asking:question", "sessions:session", "sessions:file", "people:person", "scheduling:booking")


@pytest.mark.parametrize("prefix", ["/", "/at/workshop/", "/at/harbour-2/"])
@pytest.mark.parametrize("name", [*WITHOUT, *WITH_AN_ID])
def test_an_address_is_the_one_that_django_finds_wherever_we_stand(name: str, prefix: str) -> None:
    before = get_script_prefix()
    set_script_prefix(prefix)
    try:
        for _time in range(2):
            ids = [new_id()] if name in WITH_AN_ID else []
            assert path_to(name, *ids) == reverse(name, args=ids)
            assert path_to(name, *map(str, ids)) == reverse(name, args=ids)
    finally:
        set_script_prefix(before)


def test_an_address_leads_into_the_organisation_or_out_of_it() -> None:
    harbour = Organisation(slug="harbour")

    assert path_in(harbour, "web:home") == "/at/harbour/"
    assert path_outside("account_login").startswith("/accounts/")
    assert get_script_prefix() == "/"


@pytest.mark.parametrize(("name", "ids"), [("asking:nothing", []), ("asking:new", [new_id()]), ("asking:question", [])])
def test_what_django_does_not_find_is_not_there(name: str, ids: list[UUID]) -> None:
    for _time in range(2):
        with pytest.raises(NoReverseMatch):
            path_to(name, *ids)


def test_templates_link_as_with_the_tag_of_django() -> None:
    ours = engines["django"].from_string(LINKS)
    theirs = Engine(builtins=[]).from_string(LINKS)
    values = {"pk": new_id(), "name": "asking:question"}

    assert ours.render(dict(values)) == theirs.render(Context(values))


def test_a_template_may_ask_whether_a_page_is_there() -> None:
    assert engines["django"].from_string("{% url 'no:page' as at %}[{{ at }}]").render({}) == "[]"
    with pytest.raises(NoReverseMatch):
        engines["django"].from_string("{% url 'no:page' %}").render({})


LINKS = """
{% url 'web:home' %} {% url 'asking:question' pk %} {% url name pk %} {% url 'asking:question' pk=pk %}
{% url 'asking:question' '00000000-0000-0000-0000-000000000000' %} {% url name pk as at %}{{ at }}
"""
