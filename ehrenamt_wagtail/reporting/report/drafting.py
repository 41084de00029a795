"""Drafts a report: chapters with fitting figures and charts, and short sentences made of the numbers, to be edited."""

import datetime as dt
from html import escape
from math import sqrt

from django.utils import timezone
from django.utils.translation import gettext as _

from ..models import StatusReport
from ..models.report import MOST_DEVELOPMENTS
from . import sentences
from .actions import Progress, keep_draft, no_progress
from .chapters import BY_KEY, HEADLINES, MOST_HEADLINES, WATCHED, Chapter
from .sources import Source

AHEAD = dt.timedelta(days=365)
GAPS = ("towns_without", "topics_without")


def draft(report: StatusReport, *, progress: Progress = no_progress) -> bool:
    """Write the draft of the report at once; false if there is one already. Run again after a break it begins anew."""
    if report.drafted_at is not None:
        return False
    source = Source(report)
    chapters = [BY_KEY[key] for key in report.sections if key in BY_KEY]
    body = []
    for number, chapter in enumerate(chapters):
        progress(number, len(chapters))
        body.append(chapter_of(chapter, report, source))
    values = {
        "body": stream("body", body),
        "headlines": stream("headlines", [block("figure", key) for key in headlines(source)]),
        "developments": "\n\n".join(developments(source)),
        "need_for_action": "\n\n".join(need_for_action(report, source)),
    }
    return keep_draft(report, values)


def headlines(source: Source) -> list[str]:
    return [key for key in HEADLINES if is_told(source, key)][:MOST_HEADLINES]


def block(kind: str, value) -> dict:
    """As Wagtail keeps blocks."""
    return {"type": kind, "value": value}


def stream(field: str, blocks: list[dict]):
    return StatusReport._meta.get_field(field).stream_block.to_python(blocks)


def chapter_of(chapter: Chapter, report: StatusReport, source: Source) -> dict:
    content = [block("note", str(chapter.note))]
    if paragraph := text_of(chapter, report, source):
        content.append(block("text", "".join(f"<p>{escape(one, quote=False)}</p>" for one in paragraph)))
    if chapter.shown and is_told(source, chapter.shown):
        content.append(block("figure", {"figure": chapter.shown}))
    if listed := [key for key in (*chapter.listed, *source.entered(chapter.entered)) if is_told(source, key)]:
        content.append(block("table", {"title": _("The figures side by side"), "figures": listed}))
    content += [block("chart", {"chart": key, "remark": ""}) for key in chapter.charts if source.chart(key)]
    return block("chapter", {"heading": str(chapter.heading), "content": content})


def is_told(source: Source, key: str) -> bool:
    """Whether there is anything to say of it, now or in the span of comparison."""
    if not source.knows(key):
        return False
    figure = source.figure(key)
    return any(figure[f"{when}is_known"] and figure[f"{when}number"] != 0 for when in ("", "compared_"))


def text_of(chapter: Chapter, report: StatusReport, source: Source) -> list[str]:
    """The paragraphs that are drafted: one of all sentences."""
    told = sentences.posts(min(report.last_day, timezone.localdate())) if chapter.key == "posts" else []
    silent = set(GAPS) - set(gaps(source))
    told += [sentence_of(key, source) for key in chapter.told if source.knows(key) and key not in silent]
    told = [sentence for sentence in told if sentence]
    return [" ".join(told)] if told else []


def sentence_of(key: str, source: Source) -> str:
    return sentences.told(key, source.figure(key), within=sentences.within(source.span), compared_title=source.compared_title)


def developments(source: Source) -> list[str]:
    """What changed most."""
    changed = []
    for place, key in enumerate(WATCHED):
        figure = source.figure(key) if source.knows(key) else None
        if figure and (weight := weight_of(figure["number"], figure["compared_number"])):
            changed.append((-weight, place, figure))
    found = sorted(changed, key=lambda one: one[:2])[:MOST_DEVELOPMENTS]
    return [sentences.development(figure, compared_title=source.compared_title) for _weight, _place, figure in found]


def weight_of(number: float | None, compared: float | None) -> float:
    """How much a change tells: the difference beside the root of both together.

    Counts vary by about the root of their size without any cause. So 1,017 instead of 1,135 (2.5) weighs more than 8 instead of 9
    (0.2), 40 instead of 20 (2.6) as much as that, and of two changes of 10 % the one of the larger number counts. What is not told,
    not known, or was 0, which mostly means that nobody kept it yet, weighs nothing.
    """
    if number is None or not compared or number == compared:
        return 0
    return abs(number - compared) / sqrt(number + compared)


def gaps(source: Source) -> list[str]:
    """Where nothing took place; where nothing at all is known of, that tells nothing."""
    if not is_told(source, "offerings"):
        return []
    return [key for key in GAPS if source.knows(key) and source.figure(key)["number"]]


def need_for_action(report: StatusReport, source: Source) -> list[str]:
    told = sentences.posts_that_end(report.last_day, report.last_day + AHEAD)
    return told + [sentence_of(key, source) for key in gaps(source)]
