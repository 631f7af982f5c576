from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "momentor.web"
    label = "web"
