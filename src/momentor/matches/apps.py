from django.apps import AppConfig


class MatchesConfig(AppConfig):
    name = "momentor.matches"
    label = "matches"
