"""Parts of public pages that show nothing but values: equal ones are written once in a process.

To write a template takes longer than to find it again. The day, the time zone and the language belong to the values.
"""

from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from django.template import Engine
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import get_language

ROW = "ehrenamt_wagtail/includes/offering_row.html"
# Rows are small and there are many of them.
MOST_ROWS, MOST_PARTS = 4096, 512


def written(template: str, **values: Any) -> SafeString:
    """``template`` with ``values``, which are all that it knows and can be hashed; anew each time while its engine has ``debug``."""
    engine, *present = _present()
    return (_write if engine.debug else _part)(template, tuple(values.items()), engine, *present)


def written_rows(rows: Iterable[Any], level: int) -> list[SafeString]:
    """Rows of offerings as ``includes/offering_row.html`` writes them, their headings on this level."""
    engine, *present = _present()
    write = _write if engine.debug else _row
    return [write(ROW, (("row", row), ("level", level)), engine, *present) for row in rows]


def _present() -> tuple:
    """What all templates know; the engine stands for the templates themselves."""
    return Engine.get_default(), timezone.localdate(), timezone.get_current_timezone(), get_language()


def _write(template: str, values: tuple[tuple[str, Any], ...], *_present: Any) -> SafeString:
    return SafeString(render_to_string(template, dict(values)).rstrip("\n"))


_row = lru_cache(MOST_ROWS)(_write)
_part = lru_cache(MOST_PARTS)(_write)
