"""A report as plain values: what a preview shows now is what a release keeps. Texts follow the active language.

``content_of`` gives a JSON object; everything that can be read, printed or calculated with is made of it alone.
"""

import datetime as dt

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from wagtail.rich_text import expand_db_html

from ehrenamt_wagtail.conf import conf

from ..models import StatusReport
from .sources import Source


def content_of(report: StatusReport, *, number: int | None = None, released_at: dt.datetime | None = None) -> dict:
    """The report with all figures and charts as they are now; ``number`` is that of the version, if it is to be one."""
    source = Source(report)
    written = [(chapter.value["heading"], blocks_of(chapter.value["content"], source)) for chapter in report.body]
    # What nothing was written into yet is left out.
    present = [(heading, blocks) for heading, blocks in written if blocks]
    chapters = [{"number": place, "heading": heading, "blocks": blocks} for place, (heading, blocks) in enumerate(present, start=1)]
    return {
        "number": number,
        "district": conf.DISTRICT_NAME,
        "field_of_work": conf.FIELD_OF_WORK,
        "title": report.title,
        "span": source.span_in_full,
        "span_title": source.span_title,
        "compared_title": source.compared_title,
        "as_of": day(timezone.localdate(released_at) if released_at else timezone.localdate()),
        "cover": cover_of(report),
        "headlines": [source.figure(block.value) for block in report.headlines if source.knows(block.value)],
        "developments": report.development_list,
        "need_for_action": paragraphs(report.need_for_action),
        "chapters": without_repetitions(chapters),
        "annex": source.annex(),
        "common": source.common(),
        "charts": source.charts_shown(),
    }


def without_repetitions(chapters: list[dict]) -> list[dict]:
    """What is counted is said where it comes first; later that it is the same. The annex has all of it."""
    first: dict[str, str] = {}

    def told(shown: dict, name: str) -> dict:
        definition = shown["definition"]
        if not definition or definition not in first:
            first[definition] = name
            return shown
        return {**shown, "definition": _("Counted as “%(name)s” above.") % {"name": first[definition]}}

    def block_of(block: dict) -> dict:
        if block["type"] == "figure":
            return {**block, "figure": told(block["figure"], block["figure"]["label"])}
        if block["type"] == "chart":
            return {**block, "chart": told(block["chart"], block["chart"]["title"])}
        return block

    return [{**chapter, "blocks": [block_of(block) for block in chapter["blocks"]]} for chapter in chapters]


def cover_of(report: StatusReport) -> dict:
    return {
        "paper_number": report.paper_number,
        "department": report.department,
        "date": day(report.paper_date),
        "committee": report.committee,
        "meeting_on": day(report.meeting_on),
        "is_public": report.is_public,
        "is_for_decision": report.purpose == StatusReport.Purpose.DECISION,
        "proposed_decision": paragraphs(report.proposed_decision) if report.purpose == StatusReport.Purpose.DECISION else [],
        "annexes": report.annex_list,
    }


def day(value: dt.date | None) -> str:
    return date_format(value) if value else ""


def paragraphs(text: str) -> list[str]:
    """The paragraphs of a plain text; blank lines stand between them."""
    parts = text.replace("\r\n", "\n").split("\n\n")
    return [part.strip() for part in parts if part.strip()]


def blocks_of(stream, source: Source) -> list[dict]:
    """What the blocks of a chapter show; those whose figure or chart is gone are left out."""
    made = (MAKERS[block.block_type](block.value, source) for block in stream)
    return [block for block in made if block is not None]


def text(value, _source: Source) -> dict:
    return {"type": "text", "html": expand_db_html(value.source)}


def subheading(value: str, _source: Source) -> dict:
    return {"type": "subheading", "text": value}


def callout(value: str, _source: Source) -> dict:
    return {"type": "callout", "paragraphs": paragraphs(value)}


def figure(value, source: Source) -> dict | None:
    return {"type": "figure", "figure": source.figure(value["figure"])} if source.knows(value["figure"]) else None


def table(value, source: Source) -> dict | None:
    figures = [source.figure(key) for key in value["figures"] if source.knows(key)]
    return {"type": "table", "title": value["title"], "figures": figures} if figures else None


def note(_value: str, _source: Source) -> None:
    """For who edits alone."""


def chart(value, source: Source) -> dict | None:
    drawn = source.chart(value["chart"])
    return {"type": "chart", "chart": drawn, "remark": value["remark"]} if drawn else None


MAKERS = {
    "text": text,
    "subheading": subheading,
    "callout": callout,
    "figure": figure,
    "table": table,
    "chart": chart,
    "note": note,
}
