"""Forms and panels of Wagtail's page editor."""

import uuid

from django import forms
from modelcluster.forms import BaseChildFormSet
from wagtail.admin.forms import WagtailAdminModelForm, WagtailAdminPageForm
from wagtail.admin.panels import InlinePanel
from wagtail.admin.panels.base import get_form_for_model

from ehrenamt_wagtail.admin_dates import DateInput, DateTimeInput


class ReviewablePageForm(WagtailAdminPageForm):
    """A new page is a draft first, also when it is published at once: whether it may be public is asked in between."""

    def save(self, commit=True):
        if self.instance.pk is None:
            self.instance.live = False
            self.instance.has_unpublished_changes = True
        return super().save(commit=commit)


class OccurrenceForm(WagtailAdminModelForm):
    """One date. It carries its ``uid``, since a date that exists in a draft only has no primary key to be known by."""

    # Not called ``uid``: two blank ones would count as the same value of a unique field.
    known_uid = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, instance=None, **kwargs):
        super().__init__(*args, instance=instance, **kwargs)
        # A blank form must stay blank: copies of it would share one uid.
        self.initial["known_uid"] = str(instance.uid) if instance is not None else ""


class OccurrenceFormSet(BaseChildFormSet):
    """The dates of one offering. Each keeps its ``uid``; only one that the page knows is taken from the form, and only once."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        dates = getattr(self.instance, self.rel_name).all()
        self._uids_without_row = {str(date.uid): date.uid for date in dates if date.pk is None}

    def _construct_form(self, i, **kwargs):
        form = super()._construct_form(i, **kwargs)
        if self.is_bound and form.instance.pk is None:
            posted = self.data.get(f"{form.prefix}-known_uid", "")
            form.instance.uid = self._uids_without_row.pop(posted, None) or uuid.uuid4()
        return form


WIDGETS = {"start": DateTimeInput, "end": DateTimeInput, "start_date": DateInput, "end_date": DateInput}


class OccurrencePanel(InlinePanel):
    """An ``InlinePanel`` for the dates of an offering."""

    def get_form_options(self) -> dict:
        options = super().get_form_options()
        formset = options["formsets"][self.relation_name]
        child_options = self.child_edit_handler.get_form_options()
        deferred = {name: child_options[name] for name in ["defer_required_on_fields"] if name in child_options}
        formset["form"] = get_form_for_model(self.db_field.related_model, form_class=OccurrenceForm, **deferred)
        formset["formset"] = OccurrenceFormSet
        formset["widgets"] = formset.get("widgets", {}) | WIDGETS
        return options
