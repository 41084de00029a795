import os
import re
from pathlib import Path

from django.test import override_settings
from django.utils import translation
from django.utils.text import capfirst

from ehrenamt_wagtail import signals
from ehrenamt_wagtail.conf import DEFAULTS
from ehrenamt_wagtail.reporting.figures.catalogue import FIXED, GROUPINGS

DOCS = Path(__file__).parent.parent / "docs"


def test_settings_table_lists_every_setting_and_no_other():
    table = re.findall(r"^\| (`.*?) \|", (DOCS / "settings.md").read_text(), re.MULTILINE)
    named = {name for row in table for name in re.findall(r"`([A-Z_]+)`", row)}
    assert named == set(DEFAULTS)


def test_extending_page_lists_every_signal():
    text = (DOCS / "extending.md").read_text()
    ours = {name for name in vars(signals) if name.startswith(("offering_", "day_"))}
    assert {name for name in re.findall(r"`(\w+)`", text) if name.startswith(("offering_", "day_"))} == ours


def definitions_table() -> str:
    """The table of ``docs/figures.md`` as the catalogue has it."""
    rows = ["| figure | what is counted | by |", "|---|---|---|"]
    words = {"CIRCLE_NAME": "circle", "CIRCLE_NAME_PLURAL": "circles"}
    with translation.override("en"), override_settings(EHRENAMT=words):
        for figure in FIXED:
            by = ", ".join(str(GROUPINGS[name]).removeprefix("by ") for name in figure.groupings)
            rows.append(f"| {capfirst(str(figure.label))} | {figure.definition} | {by} |")
    return "\n".join(rows)


def test_figures_page_repeats_the_definitions_of_the_catalogue():
    """``PRINT_FIGURES=1 pytest tests/test_docs.py -s`` prints the table as it should be."""
    if os.environ.get("PRINT_FIGURES"):
        print(f"\n{definitions_table()}")
    assert definitions_table() in (DOCS / "figures.md").read_text()
