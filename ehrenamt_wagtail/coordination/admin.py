"""Registers in the Wagtail admin: blocked dates, on which the district would rather see nothing planned, and holds, to read."""

import datetime as dt

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel

from ehrenamt_wagtail.admin_dates import DatePanel
from ehrenamt_wagtail.directory.admin.base import DirectoryRegister, status_tag
from ehrenamt_wagtail.formatting import short_date
from ehrenamt_wagtail.registers import ReadOnly, RelatedFilter

from .days import SpecialDay
from .models import BlockedDate, DateHold


class BlockedDateRegister(DirectoryRegister):
    model = BlockedDate
    menu_icon = "calendar-alt"
    menu_order = 650
    list_display = ("name", "when", "kind", "weight", "town")
    list_select_related = ("municipality",)
    list_filter = ("kind", "weight", ("municipality", RelatedFilter))
    search_fields = ("name", "note", "municipality__name")
    # The past stands on the last pages.
    ordering = ("-from_date", "name")
    list_export = ("name", "from_date", "until_date", "kind", "weight", "town", "note")
    export_filename = "sperrtermine"
    panels = [
        FieldPanel("name"),
        FieldRowPanel([DatePanel("from_date"), DatePanel("until_date")]),
        FieldRowPanel([FieldPanel("kind"), FieldPanel("weight")]),
        MultiFieldPanel([FieldPanel("municipality"), FieldPanel("note")], heading=_("Where and why")),
    ]

    def when(self, blocked: BlockedDate) -> str:
        """„18.–29. Mai 2027“."""
        last = blocked.until_date or blocked.from_date
        return SpecialDay(blocked.name, "", blocked.from_date, last).when

    when.short_description = _("When")
    when.admin_order_field = "from_date"

    def town(self, blocked: BlockedDate) -> str:
        return str(blocked.municipality or _("whole district"))

    town.short_description = _("Town or municipality")
    town.admin_order_field = "municipality__name"


class HoldRegister(DirectoryRegister):
    model = DateHold
    menu_icon = "time"
    menu_order = 645
    # Holds are made, used and given back in the portal.
    permission_helper_class = ReadOnly
    history_view_enabled = False
    inspect_view_enabled = True
    inspect_view_fields = [
        "organisation", "title", "start", "end", "start_date", "mode", "municipality", "topic", "need", "status", "expires_at",
        "prolonged_at", "reminded_at", "offering", "created_by", "created_at",
    ]  # fmt: skip
    list_display = ("when_text", "state_tag", "organisation", "municipality", "expires")
    list_select_related = ("organisation", "municipality", "topic")
    list_filter = (
        "status", ("organisation", RelatedFilter), ("municipality", RelatedFilter), ("topic", RelatedFilter), "expires_at",
    )  # fmt: skip
    search_fields = ("title", "organisation__name", "municipality__name")
    ordering = ("-created_at", "-pk")
    list_export = ("when_text", "status", "organisation", "title", "municipality", "topic", "expires_at", "held_at")
    export_filename = "terminvormerkungen"

    def when_text(self, hold: DateHold) -> str:
        return hold.when

    when_text.short_description = _("When")
    when_text.admin_order_field = "start"

    def held_at(self, hold: DateHold) -> dt.datetime:
        return hold.created_at

    held_at.short_description = pgettext_lazy("hold", "Held on")

    def state_tag(self, hold: DateHold):
        return status_tag(hold.get_status_display(), is_primary=hold.status == DateHold.Status.ACTIVE)

    state_tag.short_description = pgettext_lazy("hold", "State")
    state_tag.admin_order_field = "status"

    def expires(self, hold: DateHold) -> str:
        return short_date(hold.expires_at)

    expires.short_description = _("expires")
    expires.admin_order_field = "expires_at"
