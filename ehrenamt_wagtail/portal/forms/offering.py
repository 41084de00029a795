"""The form of an offering: six facts to see, everything else folded away."""

from django import forms
from django.db.models import Q
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.images import get_image_model

from ehrenamt_wagtail.directory.models import Venue
from ehrenamt_wagtail.portal import uploads
from ehrenamt_wagtail.programme.languages import Language
from ehrenamt_wagtail.programme.models import OfferingPage, TrainingPage, VolunteerDayPage

from .page import IMAGE_TYPES, PageForm, title_field
from .rows import NOT_IN_LIST


class OfferingForm(PageForm):
    """Everything of an offering but its rows."""

    organisation = forms.ModelChoiceField(
        label=_("Organisation"), queryset=None, required=False, empty_label=None, widget=forms.Select
    )
    training_format = forms.ChoiceField(label=_("What is it?"), choices=TrainingPage.Format, required=False)
    title = title_field()
    online_url = forms.URLField(
        label=_("Address of the online meeting"),
        help_text=_("Never shown in public."),
        required=False,
        assume_scheme="https",
        max_length=200,
        error_messages={"invalid": _("This is no web address. It looks like this: https://…")},
    )
    languages = forms.MultipleChoiceField(
        label=_("Languages"), choices=Language, required=False, widget=forms.CheckboxSelectMultiple
    )
    image_file = forms.FileField(
        label=_("Choose an image"),
        help_text=_("JPEG, PNG or WebP, at most 10 MB. Only images that you may publish."),
        required=False,
        widget=forms.FileInput({"accept": IMAGE_TYPES}),
    )
    image_kept = forms.CharField(required=False, widget=forms.HiddenInput)
    image_remove = forms.BooleanField(label=_("Remove the image"), required=False)
    day = forms.ModelChoiceField(
        label=_("Part of a volunteer day"),
        help_text=_("Whoever organises the day is asked and agrees or declines."),
        queryset=VolunteerDayPage.objects.none(),
        required=False,
        empty_label=_("no"),
        # A number that no database knows finds nothing there, while the key of an inherited model would fail.
        to_field_name="id",
    )

    model_fields = (
        "title", "subtitle", "series_title", "module_number", "summary", "contents", "audience", "prior_knowledge",
        "what_to_bring", "child_care", "costs", "languages", "simple_text", "easy_language_checked_by", "mode",
        "municipality", "venue", "place", "room", "online_url", "contact_name", "contact_email", "contact_phone", "topics",
        "image_alt", "image_credit",
    )  # fmt: skip
    facts = frozenset(
        {"title", "training_format", "summary", "mode", "municipality", "venue", "place", "contact_name", "organisation",
         "contact_email", "contact_phone", "day", "image_file"}
    )  # fmt: skip
    long_texts = {"summary": 4, "contents": 8, "simple_text": 6}

    basics = ("organisation", "training_format", "title")
    summary_fields = ("summary",)
    place_fields = ("mode", "venue", "municipality", "place", "room", "online_url")
    contact_fields = ("contact_name", "contact_email", "contact_phone")
    # Title of the fold, its fields; rows of the same name follow below them.
    folds = (
        ("contents", _("Contents and series"), ("subtitle", "contents", "series_title", "module_number")),
        ("audience", _("For whom, costs, languages"),
         ("audience", "prior_knowledge", "what_to_bring", "costs", "child_care", "languages")),
        ("topics", _("Topics"), ("topics",)),
        ("trainers", _("Trainers"), ()),
        ("co_hosts", _("In cooperation with"), ()),
        ("funders", _("Funded by"), ()),
        ("image", _("Image"), ("image_file", "image_alt", "image_credit", "image_remove")),
        ("downloads", _("PDF files to download"), ()),
        ("simple_text", _("Short and simple"), ("simple_text", "easy_language_checked_by")),
        ("day", _("Volunteer day"), ("day",)),
    )  # fmt: skip

    def __init__(self, *args, organisations=(), **kwargs):
        super().__init__(*args, **kwargs)
        self.choose_organisation(organisations)
        if not isinstance(self.page, TrainingPage):
            del self.fields["training_format"]
        self.fields["mode"].required = False
        venues = Venue.objects.usable_by(self.organisation).select_related("municipality")
        if self.page.venue_id:
            venues = venues | Venue.objects.filter(pk=self.page.venue_id).select_related("municipality")
        self.fields["venue"].queryset = venues
        self.fields["venue"].empty_label = _("another place (enter it below)")
        # Asked once, used by every date.
        self.venue_choices = [(venue.pk, str(venue)) for venue in venues]
        self.fields["venue"].choices = [("", _("another place (enter it below)")), *self.venue_choices]
        self.fields["municipality"].empty_label = _("please choose")
        self.fields["municipality"].help_text = _("Follows from the venue if you choose one.")
        self.fields["topics"].widget = forms.CheckboxSelectMultiple()
        self.fields["topics"].widget.choices = self.fields["topics"].choices
        self.fields["topics"].help_text = ""
        self.fields["contact_name"].help_text = _("Name, and mail address or telephone number, are public.")
        self.fields["contact_email"].error_messages["invalid"] = _("This is no mail address. It looks like this: name@example.org")
        self.fields["image_alt"].label = _("What the image shows")
        if self.present_image is None:
            del self.fields["image_remove"]
        else:
            self.fields["image_file"].label = _("Choose another image")
        self.offer_days()

    def choose_organisation(self, organisations) -> None:
        """Several organisations: choose one for a new offering. One, or an offering that exists: nothing to choose."""
        field = self.fields["organisation"]
        if self.page.pk or len(organisations) == 0:
            del self.fields["organisation"]
            return
        # Resolved by the view, which needs the organisation before there is a form; here it is only shown.
        field.queryset = type(organisations[0]).objects.filter(pk__in=[organisation.pk for organisation in organisations])
        field.initial = self.organisation.pk
        field.error_messages["invalid_choice"] = _("Please choose an organisation that you act for.")
        if len(organisations) == 1:
            field.widget = forms.HiddenInput()

    def offer_days(self) -> None:
        if isinstance(self.page, VolunteerDayPage):
            del self.fields["day"]
            return
        request = self.day_request
        days = days_to_join(request.day_id if request else None)
        self.fields["day"].queryset = days
        self.fields["day"].error_messages["invalid_choice"] = NOT_IN_LIST
        self.fields["day"].initial = request.day_id if request else None
        if request is not None:
            if request.status == request.Status.ACCEPTED:
                self.fields["day"].disabled = True
                self.fields["day"].help_text = _("It is part of this day.")
            elif request.status == request.Status.REQUESTED:
                self.fields["day"].help_text = _("The day's organiser has been asked and has not answered yet.")
            else:
                self.fields["day"].help_text = _("The day's organiser declined. Choose another day or none.")
        if not self.fields["day"].disabled and not days.exists():
            del self.fields["day"]

    @cached_property
    def day_request(self):
        return getattr(self.page, "day_request", None) if self.page.pk else None

    @property
    def present_image(self):
        """The picture that the next save would show."""
        if self.is_bound and (token := self.data.get("image_kept")):
            if kept := uploads.from_token(token, get_image_model(), self.organisation):
                return kept
        return self.page.image

    @classmethod
    def initial_of(cls, page: OfferingPage) -> dict:
        initial = super().initial_of(page)
        if isinstance(page, TrainingPage):
            initial["training_format"] = page.training_format
        return initial

    def apply(self, page: OfferingPage) -> None:
        # The page's own picture, before ``present_image`` is asked: both may be the same object.
        image = None if self.cleaned_data.get("image_remove") else self.present_image
        super().apply(page)
        page.mode = self.cleaned_data["mode"] or page._meta.get_field("mode").default
        if isinstance(page, TrainingPage) and self.cleaned_data["training_format"]:
            page.training_format = self.cleaned_data["training_format"]
        page.image = image
        page.fill_municipality()


def days_to_join(present_id: int | None = None):
    """Volunteer days that are published and not over yet, and the one that was asked already."""
    upcoming = Q(live=True, occurrences__ends_at__gt=timezone.now())
    return VolunteerDayPage.objects.filter(upcoming | Q(pk=present_id)).distinct().order_by("title")
