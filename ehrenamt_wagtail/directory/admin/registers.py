"""Municipalities, topics, venues and coordinators."""

from django.contrib.admin import SimpleListFilter
from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, MultiFieldPanel

from ehrenamt_wagtail.admin_dates import DatePanel
from ehrenamt_wagtail.registers import RelatedFilter

from ..models import Coordinator, Municipality, Topic, Venue
from .base import DirectoryRegister, status_tag


class MunicipalityRegister(DirectoryRegister):
    model = Municipality
    menu_label = _("Towns and municipalities")
    menu_icon = "globe"
    menu_order = 400
    list_display = ("name", "kind", "population", "email")
    list_filter = ("kind",)
    search_fields = ("name", "official_key")
    list_export = ("name", "slug", "kind", "official_key", "population", "email", "latitude", "longitude")
    export_filename = "orte"
    panels = [
        FieldRowPanel([FieldPanel("name"), FieldPanel("kind")]),
        FieldPanel("email"),
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("official_key"), FieldPanel("population")]),
                FieldRowPanel([FieldPanel("latitude"), FieldPanel("longitude")]),
                FieldPanel("slug"),
            ],
            heading=_("Further facts"),
            classname="collapsed",
        ),
    ]


class TopicRegister(DirectoryRegister):
    model = Topic
    menu_label = _("Topics")
    menu_icon = "tag"
    menu_order = 500
    list_display = ("name", "focus", "offering_count", "circle_count")
    list_filter = ("focus",)
    search_fields = ("name", "description")
    list_export = ("name", "slug", "focus", "description")
    export_filename = "themen"
    panels = [
        FieldRowPanel([FieldPanel("name"), FieldPanel("focus")]),
        FieldPanel("description"),
        MultiFieldPanel([FieldPanel("slug")], heading=_("Further facts"), classname="collapsed"),
    ]

    def get_queryset(self, request):
        return (
            super()
            .get_queryset(request)
            .annotate(offering_count=Count("offerings", distinct=True), circle_count=Count("circles", distinct=True))
        )

    def offering_count(self, topic) -> int:
        return topic.offering_count

    offering_count.short_description = _("Offerings")
    offering_count.admin_order_field = "offering_count"

    def circle_count(self, topic) -> int:
        return topic.circle_count

    circle_count.short_description = _("Circles")
    circle_count.admin_order_field = "circle_count"


class VenueRegister(DirectoryRegister):
    model = Venue
    menu_label = _("Venues")
    menu_icon = "home"
    menu_order = 300
    list_display = ("name", "municipality", "address", "owner", "step_free")
    list_select_related = ("municipality", "organisation")
    list_filter = ("step_free", "accessible_toilet", "hearing_loop", ("municipality", RelatedFilter))
    search_fields = ("name", "street", "postal_code", "municipality__name", "organisation__name")
    list_export = (
        "name",
        "street",
        "postal_code",
        "municipality",
        "organisation",
        "step_free",
        "accessible_toilet",
        "hearing_loop",
        "parking",
        "nearest_stop",
        "access_notes",
    )
    export_filename = "veranstaltungsorte"
    panels = [
        MultiFieldPanel(
            [
                FieldPanel("name"),
                FieldPanel("street"),
                FieldRowPanel([FieldPanel("postal_code"), FieldPanel("municipality")]),
                FieldPanel("organisation"),
            ],
            heading=_("House"),
        ),
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("step_free"), FieldPanel("accessible_toilet"), FieldPanel("hearing_loop")]),
                FieldRowPanel([FieldPanel("parking"), FieldPanel("nearest_stop")]),
                FieldPanel("access_notes"),
            ],
            heading=pgettext_lazy("getting into a house", "Access"),
        ),
        InlinePanel(
            "rooms",
            panels=[
                FieldRowPanel([FieldPanel("name"), FieldPanel("seats"), FieldPanel("step_free")]),
            ],
            label=_("Room"),
            heading=_("Rooms"),
        ),
        MultiFieldPanel(
            [FieldRowPanel([FieldPanel("latitude"), FieldPanel("longitude")])],
            heading=_("Position on the map"),
            classname="collapsed",
        ),
    ]

    def address(self, venue) -> str:
        return f"{venue.street}, {venue.postal_code}".strip(", ")

    address.short_description = _("Address")
    address.admin_order_field = "street"

    def owner(self, venue) -> str:
        return str(venue.organisation) if venue.organisation else str(_("for everybody"))

    owner.short_description = _("Organisation")
    owner.admin_order_field = "organisation__name"


class InOfficeFilter(SimpleListFilter):
    title = _("post")
    parameter_name = "post"

    def lookups(self, request, model_admin):
        return [("now", _("in office")), ("later", _("begins later")), ("ended", _("ended"))]

    def queryset(self, request, queryset):
        today = timezone.localdate()
        match self.value():
            case "now":
                return queryset.in_office(today)
            case "later":
                return queryset.filter(from_date__gt=today)
            case "ended":
                return queryset.filter(Q(until_date__lt=today))
        return queryset


class CoordinatorRegister(DirectoryRegister):
    model = Coordinator
    menu_label = _("Coordinators")
    menu_icon = "mail"
    menu_order = 600
    list_display = ("name", "position", "post", "until_date")
    list_filter = (InOfficeFilter,)
    search_fields = ("name", "position", "responsibilities", "email")
    list_export = ("name", "position", "responsibilities", "email", "phone", "from_date", "until_date")
    export_filename = "ehrenamtskoordination"
    panels = [
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("name"), FieldPanel("position")]),
                FieldRowPanel([FieldPanel("email"), FieldPanel("phone")]),
                FieldPanel("responsibilities"),
                FieldPanel("photo"),
            ],
            heading=_("Contact"),
        ),
        MultiFieldPanel(
            [FieldRowPanel([DatePanel("from_date"), DatePanel("until_date")]), FieldPanel("sort_order")],
            heading=_("Post"),
            help_text=_("After the last day the person disappears from the site by itself."),
        ),
    ]

    def post(self, coordinator):
        today = timezone.localdate()
        if coordinator.until_date and coordinator.until_date < today:
            return status_tag(_("ended"), is_primary=False)
        if coordinator.from_date and coordinator.from_date > today:
            return status_tag(_("begins later"), is_primary=False)
        return status_tag(_("in office"), is_primary=True)

    post.short_description = _("Post")
