"""What a status report is written of: chapters of texts between figures and charts, which stay live until it is released.

Nothing here is kept in migrations; see ``ReportField``.
"""

from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.fields import StreamField


def figure_choices() -> list:
    from . import choices  # our own models, which these blocks are part of

    return choices.figure_choices()


def chart_choices() -> list:
    from . import choices

    return choices.chart_choices()


# What committee papers need; addresses are written out in them.
TEXT_FEATURES = ["bold", "italic", "ul", "ol"]


class ReportField(StreamField):
    """A ``StreamField`` whose blocks stand in no migration: they are no part of the table, and change without one."""

    def deconstruct(self):
        name, _path, _args, kwargs = super().deconstruct()
        return name, "wagtail.fields.StreamField", [[]], {**kwargs, "block_lookup": {}}


class FigureBlock(blocks.StructBlock):
    """One figure in large letters with its change and what it counts."""

    figure = blocks.ChoiceBlock(choices=figure_choices, label=_("figure"))

    class Meta:
        icon = "order"
        label = _("Figure")


class FigureTableBlock(blocks.StructBlock):
    """Several figures of the span beside those of the span of comparison."""

    title = blocks.CharBlock(label=_("title"), max_length=150)
    figures = blocks.ListBlock(
        blocks.ChoiceBlock(choices=figure_choices, label=_("figure")), label=_("figures"), min_num=1, max_num=20
    )

    class Meta:
        icon = "table"
        label = _("Table of figures")


class ChartBlock(blocks.StructBlock):
    """A chart with its table."""

    chart = blocks.ChoiceBlock(choices=chart_choices, label=_("chart"))
    remark = blocks.CharBlock(
        label=_("remark"), max_length=300, required=False, help_text=_("Stands below the chart, for example what it shows.")
    )

    class Meta:
        icon = "image"
        label = _("Chart with table")


class ContentBlock(blocks.StreamBlock):
    text = blocks.RichTextBlock(label=_("Text"), features=TEXT_FEATURES)
    subheading = blocks.CharBlock(label=_("Subheading"), max_length=150, icon="title")
    figure = FigureBlock()
    table = FigureTableBlock()
    chart = ChartBlock()
    callout = blocks.TextBlock(label=_("Callout"), max_length=600, rows=3, icon="info-circle")
    note = blocks.TextBlock(
        label=_("Note to who edits"), max_length=600, rows=2, icon="comment", required=False, help_text=_("Is not part of the report.")
    )


class ChapterBlock(blocks.StructBlock):
    heading = blocks.CharBlock(label=_("heading"), max_length=150)
    content = ContentBlock(label=_("content"), required=False)

    class Meta:
        icon = "list-ul"
        label = _("Chapter")
        label_format = "{heading}"


class BodyBlock(blocks.StreamBlock):
    chapter = ChapterBlock()


class HeadlineBlock(blocks.StreamBlock):
    figure = blocks.ChoiceBlock(choices=figure_choices, label=_("figure"), icon="order")

    class Meta:
        max_num = 5
