"""Registers in the Wagtail admin, to read only: figures without names, and what was deleted. People stand in no register."""

from django.contrib.admin import AllValuesFieldListFilter
from django.utils.translation import gettext_lazy as _

from ehrenamt_wagtail.directory.admin.base import status_tag
from ehrenamt_wagtail.registers import ReadOnly, Register

from .models import DeletionRecord, SeatFigure


class InWords(AllValuesFieldListFilter):
    """The kinds or formats that occur, in the words of the list; offerings without a format have no choice of their own."""

    def choices(self, changelist):
        for choice in super().choices(changelist):
            if choice["display"]:
                # What is no stored value, such as „Alle“, stays as it is.
                yield {**choice, "display": SeatFigure(**{self.field.name: str(choice["display"])}).kind_name()}


class SeatFigureRegister(Register):
    model = SeatFigure
    menu_icon = "table"
    menu_order = 660
    permission_helper_class = ReadOnly
    history_view_enabled = False
    inspect_view_enabled = True
    inspect_view_fields = [
        "title", "date", "kind_name", "organisation", "municipality", "offered", "taken", "waiting", "attended", "circles",
        "is_cancelled", "is_final", "taken_at",
    ]  # fmt: skip
    list_display = ("date", "title", "kind_name", "organisation", "municipality", "offered", "taken", "waiting", "attended", "state")
    list_filter = ("date", ("kind", InWords), ("format", InWords), "municipality", "organisation", "is_cancelled", "is_final")
    search_fields = ("title", "organisation", "municipality")
    ordering = ("-date", "title", "pk")
    list_export = (
        "date", "title", "kind_name", "organisation", "municipality", "offered", "taken", "waiting", "attended", "circles",
        "is_cancelled", "is_final", "taken_at",
    )  # fmt: skip
    export_filename = "teilnahmezahlen"

    def state(self, figure: SeatFigure):
        if figure.is_cancelled:
            return status_tag(_("cancelled"), is_primary=False)
        return status_tag(_("final") if figure.is_final else _("still counted"), is_primary=figure.is_final)

    state.short_description = _("state")


class DeletionRegister(Register):
    model = DeletionRecord
    # ModelAdmin would write every word with a capital.
    menu_icon = "bin"
    menu_order = 665
    permission_helper_class = ReadOnly
    history_view_enabled = False
    list_display = ("at", "reason", "numbers")
    list_filter = ("reason", "at")
    ordering = ("-at", "-pk")
    list_export = ("at", "reason", "numbers")
    export_filename = "loeschungen"

    def numbers(self, record: DeletionRecord) -> str:
        """„12 × Anmeldung, 13 × Teilnehmende“."""
        return ", ".join(f"{number} × {word_for(name)}" for name, number in sorted(record.counts.items())) or _("nothing was stored")

    numbers.short_description = _("deleted")


WORDS = {
    "SignUp": _("sign-up"),
    "Participant": _("participant"),
    "Answer": _("answer"),
    "AccessNeeds": _("needs of a participant"),
    "Attendance": _("attendance"),
    "Notice": _("notice to participants"),
    "NoticeRecipient": _("recipient of a notice"),
    "OutgoingMail": _("mail"),
    "ConfirmationCount": _("count of confirmation mails"),
    "SupervisionRequest": _("request for supervision"),
    "RequestMessage": _("message about a supervision"),
    "BarrierReport": _("barrier report"),
    "certificates_without_name": _("certificate that stays without a name"),
}


def word_for(name: str) -> str:
    return str(WORDS.get(name, name))
