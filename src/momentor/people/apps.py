from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "momentor.people"
    label = "people"
