from django.apps import AppConfig


class SchedulingConfig(AppConfig):
    name = "momentor.scheduling"
    label = "scheduling"
