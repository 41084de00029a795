from django.apps import AppConfig


class ExampleSiteConfig(AppConfig):
    name = "example_site"
    default_auto_field = "django.db.models.BigAutoField"
