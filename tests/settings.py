"""The demonstration site's settings with one more app: a host that brings types and templates of its own."""

from example_site.settings import *  # noqa: F403

INSTALLED_APPS = ["tests.testapp", *INSTALLED_APPS]  # noqa: F405
