from django.apps import AppConfig


class ApiConfig(AppConfig):
    name = "momentor.api"
    label = "api"
