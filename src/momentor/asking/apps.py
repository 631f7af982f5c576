from django.apps import AppConfig


class AskingConfig(AppConfig):
    name = "momentor.asking"
    label = "asking"
