from django.apps import AppConfig


class NoticesConfig(AppConfig):
    name = "momentor.notices"
    label = "notices"
