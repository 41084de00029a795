"""The filter form of the programme. It only shows what ``filters.parse_filters`` understood; nothing is validated here."""

from django import forms
from django.utils.translation import gettext_lazy as _

from ehrenamt_wagtail.directory.models import Municipality, Topic

from .filters import Filters, kind_choices
from .queries import organisers_in


class FilterForm(forms.Form):
    """Field names are the address parameters."""

    q = forms.CharField(label=_("What are you looking for?"), required=False)
    gemeinde = forms.MultipleChoiceField(label=_("Town or municipality"), widget=forms.CheckboxSelectMultiple)
    thema = forms.MultipleChoiceField(label=_("Topic"), widget=forms.CheckboxSelectMultiple)
    art = forms.MultipleChoiceField(label=_("Kind"), widget=forms.CheckboxSelectMultiple)
    traeger = forms.MultipleChoiceField(label=_("Organiser"), widget=forms.CheckboxSelectMultiple)
    von = forms.DateField(label=_("From"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    bis = forms.DateField(label=_("Until"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    archiv = forms.BooleanField(label=_("Only past offerings"), widget=forms.CheckboxInput(attrs={"value": "1"}))

    sortierung = forms.CharField(widget=forms.HiddenInput, initial="relevanz")

    def __init__(self, filters: Filters, *, programme):
        super().__init__(
            auto_id="filter_%s",
            initial={
                "q": filters.q,
                "gemeinde": [entry.slug for entry in filters.municipalities],
                "thema": [entry.slug for entry in filters.topics],
                "art": list(filters.kinds),
                "traeger": [entry.slug for entry in filters.organisers],
                "von": filters.from_date,
                "bis": filters.to_date,
                "archiv": filters.archive,
            },
        )
        organisers = {entry.slug: entry.name for entry in [*organisers_in(programme), *filters.organisers]}
        self.fields["gemeinde"].choices = list(Municipality.objects.values_list("slug", "name"))
        self.fields["thema"].choices = list(Topic.objects.values_list("slug", "name"))
        self.fields["art"].choices = [(value, label) for value, (label, _condition) in kind_choices().items()]
        self.fields["traeger"].choices = list(organisers.items())
        if not filters.by_relevance:
            del self.fields["sortierung"]
        for field in self.fields.values():
            field.required = False
            field.hide_optional = True
