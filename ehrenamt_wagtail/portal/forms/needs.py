"""The form that reports a need."""

from django import forms
from django.utils.translation import gettext_lazy as _

from ehrenamt_wagtail.circles.models import Need
from ehrenamt_wagtail.circles.needs import FACTS
from ehrenamt_wagtail.directory.models import Municipality, Topic

from .dates import LAST_YEAR, date_field
from .moments import PlainForm

LARGEST_GROUP = 1000


class NeedForm(PlainForm):
    """A sentence is enough; the town is the organisation's own unless another is chosen."""

    organisation = forms.ModelChoiceField(label=_("Organisation"), queryset=None)
    title = forms.CharField(
        label=_("What do you need?"),
        help_text=_("For example: An evening about follow-up housing for our new volunteers."),
        max_length=200,
        error_messages={"required": _("Say in a few words what you need.")},
    )
    description = forms.CharField(
        label=_("More about it"),
        help_text=_("All partners can read this. Please name no persons."),
        max_length=2000,
        required=False,
        widget=forms.Textarea({"rows": 4}),
    )
    topic = forms.ModelChoiceField(
        label=_("Topic"), queryset=Topic.objects.all(), required=False, empty_label=_("none of these")
    )
    municipality = forms.ModelChoiceField(
        label=_("Town or municipality"), queryset=Municipality.objects.all(), required=False, empty_label=_("our own")
    )
    group_size = forms.IntegerField(
        label=_("How many people, about?"),
        required=False,
        min_value=1,
        max_value=LARGEST_GROUP,
        error_messages={
            "invalid": _("Please enter a number."),
            "min_value": _("Please enter a number from 1 on."),
            "max_value": _("Please check the number of people."),
        },
    )
    from_date = date_field(_("Wished from"))
    until_date = date_field(_("Wished until"))

    def __init__(self, *args, organisations: list, need: Need | None = None, **kwargs):
        self.need = need
        if need is not None:
            kwargs["initial"] = {name: need._meta.get_field(name).value_from_object(need) for name in FACTS}
        super().__init__(*args, **kwargs)
        if need is None:
            self.choose_organisation(organisations)
        else:
            del self.fields["organisation"]

    def clean(self) -> dict:
        data = super().clean()
        first, last = data.get("from_date"), data.get("until_date")
        for name in ("from_date", "until_date"):
            if data.get(name) and not 2000 <= data[name].year <= LAST_YEAR:
                self.add_error(name, _("Please check the year."))
        if first and last and last < first:
            self.add_error("until_date", _("The last day lies before the first."))
        return data

    def clean_organisation(self):
        return self.cleaned_data["organisation"] or self.fields["organisation"].queryset.get(
            pk=self.fields["organisation"].initial
        )

    def facts(self) -> dict:
        return {name: self.cleaned_data[name] for name in FACTS}
