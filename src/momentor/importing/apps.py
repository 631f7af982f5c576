from django.apps import AppConfig


class ImportingConfig(AppConfig):
    name = "momentor.importing"
    label = "importing"
