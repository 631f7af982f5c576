from django.apps import AppConfig


class DispatchConfig(AppConfig):
    name = "momentor.dispatch"
    label = "dispatch"
