from django.apps import AppConfig


class WebpushConfig(AppConfig):
    name = "momentor.integrations.webpush"
    label = "webpush"
