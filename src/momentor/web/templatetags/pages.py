"""Small things that templates say."""

from django import template

register = template.Library()
