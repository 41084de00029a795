"""A host with image and document models of its own."""

from tests.settings import *  # noqa: F403

INSTALLED_APPS = [*INSTALLED_APPS, "tests.imageapp"]  # noqa: F405
WAGTAILIMAGES_IMAGE_MODEL = "imageapp.HostImage"
WAGTAILDOCS_DOCUMENT_MODEL = "imageapp.HostDocument"
