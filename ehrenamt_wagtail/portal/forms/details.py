"""Rows of an offering or a circle besides its dates: trainers, co-hosts, funders, downloads, teams."""

from django import forms
from django.utils.translation import gettext_lazy as _
from wagtail.documents import get_document_model
from wagtail.images import get_image_model

from ehrenamt_wagtail.circles.models import CircleTeam
from ehrenamt_wagtail.directory.models import Organisation
from ehrenamt_wagtail.exceptions import UploadRefused
from ehrenamt_wagtail.portal import uploads
from ehrenamt_wagtail.programme.models import CoHost, Download, Funder, Trainer

from .rows import RowForm

MISSING_NAME = _("Enter a name, or remove this row.")


class TrainerRow(RowForm):
    name = forms.CharField(label=_("Name"), required=False, max_length=200)
    function = forms.CharField(label=_("Function"), required=False, max_length=200)
    organisation_name = forms.CharField(label=_("Organisation"), required=False, max_length=200)

    main_names = ("name", "function", "organisation_name")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["name"].hide_optional = True

    def clean(self):
        data = super().clean()
        if not self.errors and not self.is_blank() and not data.get("name"):
            self.add_error("name", MISSING_NAME)
        return data

    def row_object(self) -> Trainer:
        return Trainer(**{name: self.cleaned_data[name] for name in self.main_names})

    @classmethod
    def initial_of(cls, row) -> dict:
        return {name: getattr(row, name) for name in cls.main_names}


class TeamRow(TrainerRow):
    """A team of a circle."""

    function = organisation_name = None
    description = forms.CharField(label=_("What the team does"), required=False, max_length=500)

    main_names = ("name", "description")

    def row_object(self) -> CircleTeam:
        return CircleTeam(**{name: self.cleaned_data[name] for name in self.main_names})


class CoHostRow(RowForm):
    organisation = forms.ModelChoiceField(
        label=_("Organisation"),
        queryset=Organisation.objects.none(),
        required=False,
    )
    name = forms.CharField(label=_("or another name"), required=False, max_length=200)

    main_names = ("organisation", "name")

    def __init__(self, *args, organisations, organisation_choices, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["organisation"].queryset = organisations
        self.fields["organisation"].choices = [("", _("not in the list")), *organisation_choices]
        for name in self.main_names:
            self.fields[name].hide_optional = True

    def row_object(self) -> CoHost:
        data = self.cleaned_data
        return CoHost(organisation=data["organisation"], name="" if data["organisation"] else data["name"])

    @staticmethod
    def initial_of(row: CoHost) -> dict:
        return {"organisation": row.organisation_id, "name": row.name}


class FileRow(RowForm):
    """A row with a file: a new upload is stored at once, and ``kept`` names it until the whole form is saved."""

    kept = forms.CharField(required=False, widget=forms.HiddenInput)
    file = forms.FileField(required=False)

    def __init__(self, *args, organisation, actor, **kwargs):
        super().__init__(*args, **kwargs)
        self.organisation, self.actor = organisation, actor
        self.file_error = ""
        self.stored = None
        if self.is_bound:
            self.take_file()
        else:
            self.stored = self.get_initial_for_field(self.fields["kept"], "kept")
            self.initial["kept"] = uploads.kept_token(self.stored, organisation) if self.stored else ""
        if self.stored is not None:
            self.fields["file"].label = self.replace_label
            self.fields["file"].help_text = _("Present file: %(title)s") % {"title": self.stored.title}

    def take_file(self) -> None:
        upload = self.files.get(self.add_prefix("file"))
        name = self.add_prefix("kept")
        self.stored = uploads.from_token(self.data.get(name, ""), self.file_model(), self.organisation)
        if not upload:
            return
        try:
            self.stored = self.store(upload)
        except UploadRefused as refusal:
            self.file_error = refusal.message
            return
        self.data[name] = uploads.kept_token(self.stored, self.organisation)

    def clean(self):
        data = super().clean()
        if self.file_error:
            self.add_error("file", self.file_error)
        elif not self.errors and not self.is_blank():
            self.clean_row(data)
        return data

    def is_blank(self) -> bool:
        return self.stored is None and super().is_blank()


class FunderRow(FileRow):
    name = forms.CharField(label=_("Name"), required=False, max_length=200)
    file = forms.FileField(
        label=_("Logo"), required=False, widget=forms.FileInput({"accept": "image/jpeg,image/png,image/webp"})
    )

    main_names = ("name", "file")
    replace_label = _("Another logo")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["name"].hide_optional = True

    @staticmethod
    def file_model():
        return get_image_model()

    def store(self, upload):
        title = self.data.get(self.add_prefix("name"), "") or str(_("Logo"))
        return uploads.store_image(upload, organisation=self.organisation, title=title, actor=self.actor)

    def clean_row(self, data: dict) -> None:
        if not data.get("name"):
            self.add_error("name", MISSING_NAME)

    def row_object(self) -> Funder:
        return Funder(name=self.cleaned_data["name"], logo=self.stored)

    @staticmethod
    def initial_of(row: Funder) -> dict:
        return {"name": row.name, "kept": row.logo}


class DownloadRow(FileRow):
    title = forms.CharField(label=_("Title"), required=False, max_length=200)
    file = forms.FileField(label=_("PDF file"), required=False, widget=forms.FileInput({"accept": "application/pdf"}))

    main_names = ("title", "file")
    replace_label = _("Another PDF file")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in self.main_names:
            self.fields[name].hide_optional = True

    @staticmethod
    def file_model():
        return get_document_model()

    def store(self, upload):
        title = self.data.get(self.add_prefix("title"), "") or upload.name
        return uploads.store_document(upload, organisation=self.organisation, title=title, actor=self.actor)

    def clean_row(self, data: dict) -> None:
        if self.stored is None:
            self.add_error("file", _("Choose the PDF file, or remove this row."))

    def row_object(self) -> Download:
        return Download(document=self.stored, title=self.cleaned_data["title"] or self.stored.title[:200])

    @staticmethod
    def initial_of(row: Download) -> dict:
        return {"title": row.title, "kept": row.document}
