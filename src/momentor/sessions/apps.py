from django.apps import AppConfig


class SessionsConfig(AppConfig):
    name = "momentor.sessions"
    label = "rooms"  # django.contrib.sessions has the other name
