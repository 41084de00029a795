"""The demonstration site's settings with a host's own types and templates, and with what translates pages."""

from example_site.settings import *  # noqa: F403

INSTALLED_APPS = ["tests.testapp", *INSTALLED_APPS, "wagtail.contrib.simple_translation"]  # noqa: F405
