from django.apps import AppConfig


class LearningConfig(AppConfig):
    name = "momentor.learning"
    label = "learning"
