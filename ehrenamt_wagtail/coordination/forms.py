"""The filter form of the coordination calendar. It only shows what ``filters.parse_plan_filters`` understood."""

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ehrenamt_wagtail.directory.models import Municipality, Organisation, Topic
from ehrenamt_wagtail.programme.filters import kind_choices

from .filters import STANDS, PlanFilters


class PlanFilterForm(forms.Form):
    """Field names are the address parameters; the period and the view are carried along."""

    gemeinde = forms.MultipleChoiceField(label=_("Town or municipality"), widget=forms.CheckboxSelectMultiple)
    thema = forms.MultipleChoiceField(label=_("Topic"), widget=forms.CheckboxSelectMultiple)
    art = forms.MultipleChoiceField(label=_("Kind"), widget=forms.CheckboxSelectMultiple)
    traeger = forms.MultipleChoiceField(label=_("Organiser"), widget=forms.CheckboxSelectMultiple)
    stand = forms.MultipleChoiceField(label=pgettext_lazy("planned dates", "State"), widget=forms.CheckboxSelectMultiple)

    def __init__(self, filters: PlanFilters, *, kept: dict[str, str]):
        super().__init__(
            auto_id="filter_%s",
            initial={
                "gemeinde": [town.slug for town in filters.municipalities],
                "thema": [topic.slug for topic in filters.topics],
                "art": list(filters.kinds),
                "traeger": [organiser.slug for organiser in filters.organisers],
                "stand": list(filters.stands),
            },
        )
        self.fields["gemeinde"].choices = list(Municipality.objects.values_list("slug", "name"))
        self.fields["thema"].choices = list(Topic.objects.values_list("slug", "name"))
        self.fields["art"].choices = list(kind_choices().items())
        self.fields["traeger"].choices = list(Organisation.objects.filter(is_active=True).values_list("slug", "name"))
        self.fields["stand"].choices = [(value, label) for value, (label, _states) in STANDS.items()]
        for field in self.fields.values():
            field.required = False
            field.hide_optional = True
        for name, value in kept.items():
            self.fields[name] = forms.CharField(widget=forms.HiddenInput, initial=value, required=False)
