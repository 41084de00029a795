import re
from pathlib import Path

from ehrenamt_wagtail import signals
from ehrenamt_wagtail.conf import DEFAULTS

DOCS = Path(__file__).parent.parent / "docs"


def test_settings_table_lists_every_setting_and_no_other():
    table = re.findall(r"^\| (`.*?) \|", (DOCS / "settings.md").read_text(), re.MULTILINE)
    named = {name for row in table for name in re.findall(r"`([A-Z_]+)`", row)}
    assert named == set(DEFAULTS)


def test_extending_page_lists_every_signal():
    text = (DOCS / "extending.md").read_text()
    ours = {name for name in vars(signals) if name.startswith(("offering_", "day_"))}
    assert {name for name in re.findall(r"`(\w+)`", text) if name.startswith(("offering_", "day_"))} == ours
