from django.apps import AppConfig


class FoundationConfig(AppConfig):
    name = "momentor.foundation"
    label = "foundation"
