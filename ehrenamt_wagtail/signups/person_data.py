"""Everything that is stored about one mail address, wherever it stands: what a person may ask for (Art. 15 GDPR).

The database of the whole site is searched, so tables of the host and later ones of ours are found too.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.contrib.auth import get_user_model
from django.db import models
from django.db.models import Q
from django.db.models.functions import Cast
from django.utils import timezone
from django.utils.text import capfirst
from wagtail.models import Page, Revision

from ehrenamt_wagtail.mail import registry
from ehrenamt_wagtail.mail.models import OutgoingMail

from .models import Certificate, ConfirmationCount, Participant, SignUp
from .seats import covered_dates
from .signing import address_hash

# What an account wrote or decided itself, told in full; of anything else that names an account, the number.
OWN_ROWS = (
    "Membership", "Need", "DateHold", "DayRequest", "JoinProposal", "Cancellation", "ReviewRequest", "ReviewDecision",
    "SupervisionRequest", "RequestMessage", "HeldSession", "Notice",
)  # fmt: skip
# Told with their details elsewhere, and words of a search index that follow the texts they were taken from.
NOT_PLACES = (
    "ehrenamt_wagtail.SignUp", "ehrenamt_wagtail.BarrierReport", "ehrenamt_wagtail.OutgoingMail", "wagtailsearch", "modelsearch",
    "sessions",
)  # fmt: skip


@dataclass(frozen=True)
class Place:
    """A text that contains the address: ``label`` is „app.Model.field“, ``name`` what people call it."""

    label: str
    name: str
    pk: Any
    about: str


def data_about(address: str) -> dict[str, Any]:
    """What is stored, as JSON understands it; names, answers and needs of supervision too, so it is for the person alone."""
    accounts = list(accounts_of(address))
    return {
        "address": address.strip(),
        "as_of": timezone.now(),
        "sign_ups": [sign_up_data(row) for row in sign_ups_of(address)],
        "mails": [mail_data(row) for row in mails_to(address, accounts)],
        "confirmation_mails": [{"day": row.day, "number": row.number} for row in confirmation_counts(address).order_by("day")],
        "accounts": [account_data(user) for user in accounts],
        "places": [{"what": place.name, "number": place.pk, "about": place.about} for place in places_of(address)],
    }


def same_address(field: str, address: str) -> Q:
    address = address.strip()
    # Not every database knows upper and lower case beyond ASCII.
    return Q(**{f"{field}__iexact": address}) | Q(**{field: address.lower()})


# Sign-ups


def sign_ups_of(address: str):
    rows = SignUp.objects.filter(same_address("email", address)).select_related("plan__offering", "circle")
    return rows.prefetch_related("participants", "answers").order_by("created_at", "pk")


def sign_up_data(row: SignUp) -> dict[str, Any]:
    page = row.plan.offering.specific
    needs = getattr(row, "needs", None)
    return {
        "offering": page.title,
        "organiser": str(page.organisation or ""),
        "dates": [{"start": date.starts_at, "end": date.ends_at} for date in covered_dates(row.plan, page)],
        "state": row.get_status_display(),
        "came": row.get_source_display(),
        "mail_address": row.email,
        "telephone": row.phone,
        "circle": row.circle.title if row.circle else "",
        "language": row.language,
        "people_wanted": row.seats,
        "signed_up_at": row.created_at,
        "confirmed_at": row.confirmed_at,
        "reminded_at": row.reminded_at,
        "expires_at": row.expires_at,
        "ended_at": row.ended_at,
        "is_confidential": row.is_confidential,
        "people": [participant_data(person) for person in row.participants.all()],
        "answers": [{"question": answer.label, "answer": answer.text} for answer in row.answers.all()],
        "needs": {"text": needs.text, "consented_at": needs.consented_at} if needs else None,
        "notices": [
            {
                "kind": told.notice.get_kind_display(),
                "at": told.notice.at,
                "subject": told.notice.subject,
                "text": told.notice.text,
                "mail": told.mail.get_status_display() if told.mail else "",
            }
            for told in row.notices.select_related("notice", "mail").order_by("pk")
        ],
    }


def participant_data(person: Participant) -> dict[str, Any]:
    return {
        "name": person.name,
        "present_marked_at": [attendance.marked_at for attendance in person.attendances.order_by("marked_at")],
        "certificates": [certificate_data(certificate) for certificate in person.certificates.order_by("pk")],
    }


def certificate_data(certificate: Certificate) -> dict[str, Any]:
    return {
        "code": certificate.code,
        "initials": certificate.initials,
        "title": certificate.title,
        "hours": certificate.hours,
        "dates": certificate.dates,
        "issued_at": certificate.issued_at,
    }


# Mails and counts


def mails_to(address: str, accounts: list):
    return OutgoingMail.objects.filter(same_address("address", address) | Q(user__in=accounts)).order_by("created_at", "pk")


def mail_data(row: OutgoingMail) -> dict[str, Any]:
    return {
        "about": str(registry.label_for(row.template)),
        "state": row.get_status_display(),
        "language": row.language,
        "created_at": row.created_at,
        "sent_at": row.sent_at,
    }


def confirmation_counts(address: str):
    return ConfirmationCount.objects.filter(address_hash=address_hash(address))


# Accounts


def accounts_of(address: str):
    model = get_user_model()
    return model._default_manager.filter(same_address(model.get_email_field_name(), address)).order_by("pk")


def account_data(user) -> dict[str, Any]:
    """The account with its fields (no password), what it wrote, and how often something else names it."""
    rows, numbers = {}, {}
    for model, field in references_to_accounts():
        found = model._base_manager.filter(**{field.name: user.pk})
        name = f"{capfirst(str(model._meta.verbose_name))}: {field.verbose_name}"
        if model._meta.app_label == "ehrenamt_wagtail" and model.__name__ in OWN_ROWS:
            if contents := [row_data(row) for row in found.order_by("pk")]:
                rows[name] = contents
        elif number := found.count():
            numbers[name] = number
    return {"fields": row_data(user), "written": rows, "named_elsewhere": numbers}


def references_to_accounts() -> Iterator[tuple[type[models.Model], models.Field]]:
    user_model = get_user_model()
    for model in stored_models():
        for field in model._meta.local_fields:
            if field.remote_field and field.remote_field.model is user_model:
                yield model, field


def row_data(row: models.Model) -> dict[str, Any]:
    """Plain fields by their names; what a foreign key points to by its own name."""
    data = {}
    for field in row._meta.concrete_fields:
        if field.primary_key or field.name == "password":
            continue
        value = getattr(row, field.name)
        data[str(field.verbose_name)] = str(value) if isinstance(value, models.Model) else value
    return data


# Anywhere else


def stored_models() -> list[type[models.Model]]:
    return [model for model in apps.get_models() if model._meta.managed and not model._meta.proxy]


def text_fields(model: type[models.Model]) -> list[models.Field]:
    return [field for field in model._meta.local_fields if isinstance(field, models.CharField | models.TextField | models.JSONField)]


def places_of(address: str) -> Iterator[Place]:
    """Every stored text that contains the address: contacts of offerings and organisations, drafts, older versions, free texts."""
    for model in stored_models():
        if model._meta.label in NOT_PLACES or model._meta.app_label in NOT_PLACES:
            continue
        for field in text_fields(model):
            rows = model._base_manager.annotate(ehrenamt_text=Cast(field.name, models.TextField()))
            for row in rows.filter(ehrenamt_text__icontains=address.strip()).order_by("pk"):
                name = f"{capfirst(str(model._meta.verbose_name))}: {field.verbose_name}"
                yield Place(label=f"{model._meta.label}.{field.name}", name=name, pk=row.pk, about=about(row))


def about(row: models.Model) -> str:
    """What the row belongs to, in a few words."""
    if isinstance(row, Revision):
        page = Page.objects.filter(pk=row.object_id).first() if row.base_content_type.model_class() is Page else None
        return f"{page.title if page else row.object_str} ({timezone.localtime(row.created_at):%d.%m.%Y %H:%M})"
    return str(row)
