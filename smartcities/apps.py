from django.apps import AppConfig


class SmartcitiesConfig(AppConfig):
    name = "smartcities"
    verbose_name = "Portal"
