"""What the history of an offering says about what was taken out of its sign-ups."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.log_actions import LogFormatter

from .exports import SHEET


class ExportFormatter(LogFormatter):
    """Says as what; who and when stand beside it."""

    label = gettext_lazy("Export sign-ups")
    message = gettext_lazy("Exported the sign-ups")

    def format_message(self, log_entry):
        kind = log_entry.data.get("kind", "")
        if kind == SHEET:
            return _("Opened the list of signatures")
        if log_entry.data.get("with_needs"):
            return _("Exported the sign-ups as %(kind)s, with access and food") % {"kind": kind.upper()}
        return _("Exported the sign-ups as %(kind)s") % {"kind": kind.upper()}
