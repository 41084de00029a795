"""The form that holds a date."""

import uuid

from django import forms
from django.utils.translation import gettext_lazy as _

from ehrenamt_wagtail.circles.models import Need
from ehrenamt_wagtail.coordination.models import DateHold
from ehrenamt_wagtail.directory.models import Municipality, Topic
from ehrenamt_wagtail.programme.models import Mode

from .moments import MomentForm


class HoldForm(MomentForm):
    """A day is enough; everything else makes the comparison with what others plan better."""

    organisation = forms.ModelChoiceField(label=_("Organisation"), queryset=None)
    title = forms.CharField(
        label=_("Working title"),
        max_length=200,
        required=False,
        help_text=_("Others see it only if your organisation shares its plans."),
    )
    municipality = forms.ModelChoiceField(
        label=_("Town or municipality"), queryset=Municipality.objects.all(), required=False, empty_label=_("not known yet")
    )
    topic = forms.ModelChoiceField(
        label=_("Topic"), queryset=Topic.objects.all(), required=False, empty_label=_("not known yet")
    )
    mode = forms.ChoiceField(label=_("On site or online"), choices=Mode.choices, required=False, initial=Mode.ON_SITE)
    need = forms.ModelChoiceField(queryset=Need.objects.all(), required=False, widget=forms.HiddenInput)
    # Known again when the form is sent twice.
    key = forms.UUIDField(required=False, widget=forms.HiddenInput, initial=uuid.uuid4)

    field_order = ["organisation", "date", "start_time", "end_time", "all_day", "municipality", "topic", "title", "mode"]

    def __init__(self, *args, organisations: list, **kwargs):
        super().__init__(*args, **kwargs)
        self.choose_organisation(organisations)
        self.fields["mode"].hide_optional = True

    def facts(self) -> dict:
        """What ``hold_date`` takes, besides the organisation."""
        data = self.cleaned_data
        return {
            **self.moment(),
            "title": data["title"],
            "municipality": data["municipality"],
            "topic": data["topic"],
            "mode": data["mode"] or Mode.ON_SITE,
        }

    def unsaved(self) -> DateHold:
        return DateHold(organisation=self.cleaned_data["organisation"], **self.facts())

    def clean_organisation(self):
        return self.cleaned_data["organisation"] or self.fields["organisation"].queryset.get(
            pk=self.fields["organisation"].initial
        )
