"""A coordinated volunteer programme for a Wagtail site."""

__version__ = "0.1.0"
