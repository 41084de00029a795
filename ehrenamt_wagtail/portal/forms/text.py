"""What people type, without characters that nobody sees."""

from ehrenamt_wagtail.typed import tidy, tidy_data

__all__ = ["tidy", "tidy_data"]
