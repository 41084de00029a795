"""The register of blocked dates in the Wagtail admin: days on which the district would rather see nothing planned."""

from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel

from ehrenamt_wagtail.directory.admin.base import DirectoryRegister
from ehrenamt_wagtail.registers import RelatedFilter

from .days import SpecialDay
from .models import BlockedDate


class BlockedDateRegister(DirectoryRegister):
    model = BlockedDate
    menu_icon = "calendar-alt"
    menu_order = 650
    list_display = ("name", "when", "kind", "weight", "town")
    list_select_related = ("municipality",)
    list_filter = ("kind", "weight", ("municipality", RelatedFilter), "from_date")
    search_fields = ("name", "note", "municipality__name")
    # The past stands on the last pages.
    ordering = ("-from_date", "name")
    list_export = ("name", "from_date", "until_date", "kind", "weight", "town", "note")
    export_filename = "gesperrte-termine"
    panels = [
        FieldPanel("name"),
        FieldRowPanel([FieldPanel("from_date"), FieldPanel("until_date")]),
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
