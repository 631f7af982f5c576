from django.apps import AppConfig


class TrustConfig(AppConfig):
    name = "momentor.trust"
    label = "trust"
