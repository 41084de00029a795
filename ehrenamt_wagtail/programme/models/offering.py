import datetime as dt
import uuid
from collections.abc import Iterable

from django import forms
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from modelcluster.fields import ParentalManyToManyField
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, MultiFieldPanel
from wagtail.blocks import RichTextBlock
from wagtail.contrib.routable_page.models import RoutablePageMixin, re_path
from wagtail.fields import StreamField
from wagtail.images import get_image_model_string
from wagtail.log_actions import log
from wagtail.models import Page

from ehrenamt_wagtail.signals import offering_saved

from ..caching import mark
from ..panels import OccurrencePanel
from .cancellation import Cancellation
from .occurrence import Mode, Occurrence
from .reviewable import ReviewablePage
from .written import Before, Written, read_before, rows_in_memory


class OfferingPage(ReviewablePage, RoutablePageMixin, Page):
    """Anything in the programme. Concrete, so that one query lists all kinds; never created itself.

    A host's own kind inherits from this class, sets ``kind`` and ``kind_label`` and appears in programme, feeds and review. It
    may have a template of its own; without one ours is used.

    Texts are plain text: a blank line makes a paragraph, addresses become links, nothing else. Only coordinators write ``body``.
    """

    kind = ""
    kind_label = _("Offering")
    template_fallback = "ehrenamt_wagtail/programme/offering_page.html"

    subtitle = models.CharField(_("subtitle"), max_length=255, blank=True)
    series_title = models.CharField(_("series"), max_length=200, blank=True, help_text=_("For example “Basic course 2027”."))
    module_number = models.CharField(_("module number"), max_length=20, blank=True)
    summary = models.TextField(
        _("short description"), max_length=2000, blank=True, help_text=_("Two or three sentences; shown in lists.")
    )
    contents = models.TextField(_("contents"), max_length=10000, blank=True)
    audience = models.CharField(_("audience"), max_length=255, blank=True)
    prior_knowledge = models.CharField(_("prior knowledge"), max_length=255, blank=True)
    what_to_bring = models.CharField(_("what to bring"), max_length=255, blank=True)
    child_care = models.CharField(
        _("child care"), max_length=255, blank=True, help_text=_("For example “by arrangement”; empty: none.")
    )
    costs = models.CharField(_("costs"), max_length=200, blank=True, help_text=_("Empty: free of charge."))
    languages = models.JSONField(_("languages"), default=list, blank=True)
    simple_text = models.TextField(
        _("short and simple"), max_length=3000, blank=True, help_text=_("The same in short sentences and easy words.")
    )
    easy_language_checked_by = models.CharField(
        _("Easy Language, checked by"),
        max_length=200,
        blank=True,
        help_text=_("Only texts checked by a test group may be called Easy Language (Leichte Sprache)."),
    )

    mode = models.CharField(_("on site or online"), max_length=10, choices=Mode, default=Mode.ON_SITE)
    municipality = models.ForeignKey(
        "ehrenamt_wagtail.Municipality",
        verbose_name=_("town or municipality"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="offerings",
    )
    venue = models.ForeignKey(
        "ehrenamt_wagtail.Venue",
        verbose_name=_("venue"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="offerings",
    )
    place = models.CharField(
        _("other place"), max_length=255, blank=True, help_text=_("Name and address of a house that is not in the list.")
    )
    room = models.CharField(_("room"), max_length=100, blank=True)
    online_url = models.URLField(_("address of the online meeting"), blank=True, help_text=_("Never shown in public."))

    contact_name = models.CharField(_("contact person"), max_length=200, blank=True)
    contact_email = models.EmailField(_("mail address of the contact"), blank=True)
    contact_phone = models.CharField(_("telephone of the contact"), max_length=50, blank=True)

    topics = ParentalManyToManyField("ehrenamt_wagtail.Topic", verbose_name=_("topics"), blank=True, related_name="offerings")
    image = models.ForeignKey(
        get_image_model_string(),
        verbose_name=_("image"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    image_alt = models.CharField(_("what the image shows"), max_length=255, blank=True, help_text=_("For people who cannot see it."))
    image_credit = models.CharField(_("image credit"), max_length=200, blank=True)
    body = StreamField(
        [("text", RichTextBlock(label=_("Text")))],
        blank=True,
        verbose_name=_("further content"),
        help_text=_("Written by the district only."),
    )

    required_facts = {
        "organisation": _("Choose the organisation that offers this."),
        "summary": _("Describe the offering in two or three sentences."),
        "contact_name": _("Name a person whom interested people can ask."),
    }
    reserved_slugs = frozenset({"kalender", "karte", "feed", "archiv", "einbetten"})
    # Whether this very object was just saved with all that belongs to it: those who heard ``offering_saved`` need not read it again
    # when it is published. Of a copy, Wagtail writes the rest after the page.
    is_written_whole = False
    # What the tables say, while it is being saved.
    before: Before | None = None
    # Those of the page that it is an alias of, if they were read.
    cancellations_of_original: list[Cancellation] | None = None

    is_creatable = False
    parent_page_types = ["ehrenamt_wagtail.ProgrammePage", "ehrenamt_wagtail.VolunteerDayPage"]
    subpage_types: list[str] = []

    content_panels = [
        *Page.content_panels,
        FieldPanel("organisation"),
        FieldPanel("subtitle"),
        FieldPanel("summary"),
        OccurrencePanel("occurrences", label=pgettext_lazy("offering", "Date"), heading=_("Dates")),
        MultiFieldPanel(
            [
                FieldPanel("mode"),
                FieldRowPanel([FieldPanel("municipality"), FieldPanel("venue")]),
                FieldRowPanel([FieldPanel("place"), FieldPanel("room")]),
                FieldPanel("online_url"),
            ],
            heading=_("Place"),
        ),
        MultiFieldPanel(
            [FieldPanel("contact_name"), FieldRowPanel([FieldPanel("contact_email"), FieldPanel("contact_phone")])],
            heading=_("Contact"),
        ),
        FieldPanel("topics", widget=forms.CheckboxSelectMultiple),
        MultiFieldPanel(
            [
                FieldPanel("contents"),
                FieldRowPanel([FieldPanel("series_title"), FieldPanel("module_number")]),
                FieldPanel("audience"),
                FieldPanel("prior_knowledge"),
                FieldPanel("what_to_bring"),
                FieldPanel("child_care"),
                FieldPanel("costs"),
            ],
            heading=_("Further facts"),
            classname="collapsed",
        ),
        MultiFieldPanel(
            [FieldPanel("simple_text"), FieldPanel("easy_language_checked_by")],
            heading=_("Short and simple"),
            classname="collapsed",
        ),
        MultiFieldPanel(
            [FieldPanel("image"), FieldPanel("image_alt"), FieldPanel("image_credit")],
            heading=_("Image"),
            classname="collapsed",
        ),
        InlinePanel("trainers", label=_("Trainer"), heading=_("Trainers"), classname="collapsed"),
        InlinePanel("co_hosts", label=_("Co-host"), heading=_("Co-hosts"), classname="collapsed"),
        InlinePanel("funders", label=_("Funder"), heading=_("Funders"), classname="collapsed"),
        InlinePanel("downloads", label=_("Download"), heading=_("Downloads"), classname="collapsed"),
        FieldPanel("body", classname="collapsed"),
    ]

    class Meta:
        verbose_name = _("offering")
        verbose_name_plural = _("offerings")

    @property
    def art(self) -> str:
        """The value of the address parameter ``art`` that finds this offering."""
        return self.kind

    @classmethod
    def art_choices(cls) -> list[tuple[str, str, models.Q]]:
        """Value of ``art``, its label and the condition that finds it; a kind without a name cannot be filtered."""
        value = cls.art if isinstance(cls.art, str) else cls.kind
        return [(value, cls.kind_label, models.Q(pk__in=cls.objects.values("pk")))] if value else []

    @property
    def format(self) -> str | None:
        return None

    def serve(self, request, *args, **kwargs):
        return mark(super().serve(request, *args, **kwargs), request)

    def get_template(self, request, *args, **kwargs):
        """Ours unless the concrete type brings a template of its own (``Page.template`` is not inherited)."""
        return [super().get_template(request, *args, **kwargs), self.template_fallback]

    def get_context(self, request, *args, **kwargs):
        from ehrenamt_wagtail.programme.views import offering_context

        return super().get_context(request, *args, **kwargs) | offering_context(self, request)

    def get_sitemap_urls(self, request=None):
        """What is over is not listed, nor an alias, which repeats what is said elsewhere."""
        from ehrenamt_wagtail.programme.robots import coming

        if self.alias_of_id:
            return []
        changed_at = coming(request).get(self.pk)
        return [entry | {"lastmod": changed_at} for entry in super().get_sitemap_urls(request)] if changed_at else []

    @re_path(r"^termin\.ics/?$", name="calendar")
    def calendar_route(self, request):
        from ehrenamt_wagtail.programme.feeds import offering_calendar

        return offering_calendar(self, request)

    @re_path(r"^termin/(?P<uid>[0-9a-f\-]{36})\.ics/?$", name="date_calendar")
    def date_calendar_route(self, request, uid: str):
        from ehrenamt_wagtail.programme.feeds import offering_calendar

        return offering_calendar(self, request, uid=uid)

    @re_path(r"^qr\.svg/?$", name="qr_code")
    def qr_code_route(self, request):
        from ehrenamt_wagtail.programme.sharing import qr_code

        return qr_code(self, request)

    # What is complete enough to be submitted

    def submission_errors(self) -> dict[str, list[str]]:
        errors = super().submission_errors()
        if not (self.contact_email or self.contact_phone):
            errors["contact_email"].append(str(_("Give a mail address or a telephone number of the contact person.")))
        if self.mode != Mode.ONLINE and not (self.venue_id or (self.municipality_id and self.place.strip())):
            missing = "place" if self.municipality_id else "municipality"
            errors[missing].append(str(_("Say where it takes place: a venue of the list, or town and place.")))
        if self.easy_language_checked_by and not self.simple_text.strip():
            errors["simple_text"].append(str(_("Enter the text that was checked.")))
        for sentence in self.date_errors():
            errors["occurrences"].append(sentence)
        return errors

    def date_errors(self) -> list[str]:
        """What is wrong with the dates taken together; dates that are already published may lie in the past."""
        if not any(occurrence.span() for occurrence in self.occurrences.all()):
            return [str(_("Enter at least one date."))]
        known = self.published_uids()
        wrong = [(_("The date %(date)s lies in the past."), row) for row in self.new_past_dates(known)]
        wrong += [(_("The date %(date)s is entered twice. Please remove one of them."), row) for row in self.doubled_dates(known)]
        return [str(sentence) % {"date": timezone.localtime(row.span()[0]).strftime("%d.%m.%Y")} for sentence, row in wrong]

    def new_past_dates(self, known: set | None = None) -> list[Occurrence]:
        """Dates that are over although the public never knew them; ``known`` are the ``published_uids()`` if they were read."""
        known, now = self.published_uids() if known is None else known, timezone.now()
        return [
            occurrence
            for occurrence in self.occurrences.all()
            if (span := occurrence.span()) and span[1] <= now and occurrence.uid not in known
        ]

    def doubled_dates(self, known: set) -> list[Occurrence]:
        """New dates at the time and place of another one; one that is cancelled may be offered again."""
        dates = [row for row in self.occurrences.all() if row.span()]
        if known.issuperset(row.uid for row in dates):
            return []
        cancelled, seen, doubled = self.cancelled_uids(), set(), []
        dates = [row for row in dates if row.uid not in cancelled]
        for row in sorted(dates, key=lambda row: row.uid not in known):
            where = (row.span(), row.is_all_day, row.venue_id, row.room, row.mode)
            if where in seen and row.uid not in known:
                doubled.append(row)
            seen.add(where)
        return doubled

    # Dates across revisions

    def stored_dates(self) -> list[Occurrence]:
        """The rows in the database, whatever the revision in memory says."""
        if self.before is not None:
            return list(self.before.dates)
        return list(Occurrence.objects.filter(page_id=self.pk)) if self.pk else []

    def published_uids(self) -> set:
        """The dates that the public knows; empty as long as the offering was never published."""
        if self.before is not None:
            return self.before.published_uids
        published = Occurrence.objects.filter(page=self.pk, page__first_published_at__isnull=False)
        return set(published.values_list("uid", flat=True)) if self.pk else set()

    def with_content_json(self, content):
        """Match the revision's dates with the stored rows.

        A date added in a revision has no primary key there, even after that revision was published; and on a copied page the
        revision still names the original's uids. Without this the first would be inserted twice, the second would stand for
        two dates.
        """
        page = super().with_content_json(content)
        self.match_dates(page.occurrences.all(), content, self.stored_dates())
        return page

    def match_dates(self, dates: Iterable[Occurrence], content: dict, stored: Iterable[Occurrence]) -> None:
        """Give the ``dates`` of a revision with this ``content`` the keys and uids of the ``stored`` rows that they stand for."""
        was_written_for_another_page = content.get("translation_key") != str(self.translation_key)
        pk_of = {row.uid: row.pk for row in stored}
        uid_of = {row.pk: row.uid for row in stored}
        for occurrence in dates:
            if occurrence.uid not in pk_of and occurrence.pk in uid_of:
                occurrence.uid = uid_of[occurrence.pk]
            elif occurrence.uid not in pk_of and was_written_for_another_page:
                occurrence.uid = self.uid_on_copy(occurrence.uid)
            occurrence.pk = pk_of.get(occurrence.uid, occurrence.pk)

    @transaction.atomic
    def save(self, clean=True, **kwargs):
        """Save; a published date that is missing now is kept and becomes a cancelled date. Locks the page's row."""
        if kwargs.get("update_fields") is not None:
            # Saving a revision writes a few fields of the page only: its dates stay as they are.
            super().save(clean=clean, **kwargs)
            self.is_written_whole = False
            offering_saved.send(sender=type(self), page=self, update_fields=kwargs["update_fields"], written=None)
            return
        is_new = self._state.adding
        self.before = read_before(self.pk)
        try:
            dropped, rows = self.save_with_dates(clean=clean, **kwargs)
        finally:
            self.before = None
        self.is_written_whole = not is_new
        self.cancel_dates(dropped)
        written = None if is_new else Written(self, rows)
        offering_saved.send(sender=type(self), page=self, update_fields=None, written=written)

    def save_with_dates(self, **kwargs) -> tuple[list[Occurrence], dict[str, list]]:
        """Gives the published dates that were missing, and the rows that were written."""
        if self.alias_of_id:
            # Wagtail hands an alias the dates of its original, each time it is published.
            self.match_dates(self.occurrences.all(), {}, self.stored_dates())
        dropped = self.dropped_dates() if self.live else []
        for occurrence in dropped:
            self.occurrences.add(occurrence)
        rows = rows_in_memory(self)
        super().save(**kwargs)
        return dropped, rows

    def cancel_dates(self, dates: Iterable[Occurrence]) -> None:
        for occurrence in dates:
            _row, is_new = Cancellation.objects.get_or_create(offering_id=self.pk, occurrence_uid=occurrence.uid)
            if is_new:
                log(instance=self, action="ehrenamt.cancel", data={"occurrence_uid": str(occurrence.uid), "reason": ""})

    def dropped_dates(self) -> list[Occurrence]:
        published = self.published_uids()
        if not published:
            return []
        present = {occurrence.uid for occurrence in self.occurrences.all()}
        return [row for row in self.stored_dates() if row.uid in published - present]

    def minimal_clean(self):
        self.fill_municipality()
        super().minimal_clean()

    def clean(self):
        self.fill_municipality()
        super().clean()

    def fill_municipality(self) -> None:
        """A venue stands in a town; lists and filters read the town."""
        if self.venue_id:
            self.municipality_id = self.venue.municipality_id

    def all_cancellations(self) -> list[Cancellation]:
        """The cancellations, oldest first; none on a page that was never saved. An alias is cancelled with its original."""
        rows = [*self.cancellations.all(), *self.inherited_cancellations()] if self.pk else []
        return sorted(rows, key=lambda row: row.at)

    def inherited_cancellations(self) -> list[Cancellation]:
        """What the cancellations of the original say of the dates of this alias; not to be saved."""
        if not self.alias_of_id:
            return []
        rows = self.cancellations_of_original
        if rows is None:
            rows = Cancellation.objects.filter(offering=self.alias_of_id)
        return [
            Cancellation(
                offering_id=self.pk, occurrence_uid=self.uid_on_copy(row.occurrence_uid), reason=row.reason, by_id=row.by_id, at=row.at
            )
            for row in rows
        ]

    def uid_on_copy(self, uid: uuid.UUID | None) -> uuid.UUID | None:
        """Another one than the original's, and the same whenever it is asked for."""
        return uid and uuid.uuid5(uid, str(self.translation_key))

    def cancelled_uids(self) -> set:
        return {row.occurrence_uid for row in self.all_cancellations() if row.occurrence_uid}

    def is_cancelled(self) -> bool:
        """Whether the whole offering is cancelled, by one decision or date by date."""
        rows = self.all_cancellations()
        if any(row.occurrence_uid is None for row in rows):
            return True
        uids = {occurrence.uid for occurrence in self.occurrences.all()}
        return bool(uids) and uids <= {row.occurrence_uid for row in rows}

    def is_past(self, now: dt.datetime | None = None) -> bool:
        """Whether the last date is over; an offering without dates is not past."""
        now = now or timezone.now()
        spans = [span for occurrence in self.occurrences.all() if (span := occurrence.span())]
        return bool(spans) and all(end <= now for _start, end in spans)
