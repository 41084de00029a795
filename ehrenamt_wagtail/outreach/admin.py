"""The register of reported barriers in the Wagtail admin, to read only."""

from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from ehrenamt_wagtail.registers import Register
from ehrenamt_wagtail.signups.admin import ReadOnly

from .models import BarrierReport


class BarrierRegister(Register):
    model = BarrierReport
    menu_icon = "warning"
    menu_order = 670
    permission_helper_class = ReadOnly
    history_view_enabled = False
    inspect_view_enabled = True
    inspect_view_fields = ["created_at", "description", "address", "name", "email", "statement"]
    list_display = ("created_at", "beginning", "address")
    list_filter = ("created_at",)
    ordering = ("-created_at", "-pk")

    def beginning(self, report: BarrierReport) -> str:
        return Truncator(" ".join(report.description.split())).chars(120)

    beginning.short_description = _("description of the barrier")
