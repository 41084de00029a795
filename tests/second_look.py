"""The settings of the tests with the second look: one template in front of all others. ``make screenshots`` shows it."""

from tests.settings import *  # noqa: F403
from tests.settings import BASE_DIR, TEMPLATES

TEMPLATES = [{**TEMPLATES[0], "DIRS": [BASE_DIR / "tests" / "testapp" / "second_look"]}]
