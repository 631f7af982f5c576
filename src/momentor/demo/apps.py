from django.apps import AppConfig


class DemoConfig(AppConfig):
    name = "momentor.demo"
    label = "demo"
