"""Reads of the directory that span models."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.apps import apps
from django.contrib.auth import get_user_model
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils.text import capfirst
from modelcluster.fields import ParentalKey
from wagtail.models import Page

from ehrenamt_wagtail.conf import conf

from .models import Membership, Organisation


def is_coordinator(user) -> bool:
    """Whether ``user`` acts for the district: an active superuser or member of ``conf.COORDINATOR_GROUP``.

    Asked once per user object; a change of groups shows on the next request.
    """
    if not (user.is_authenticated and user.is_active):
        return False
    if user.is_superuser:
        return True
    if not hasattr(user, "_ehrenamt_is_coordinator"):
        user._ehrenamt_is_coordinator = user.groups.filter(name=conf.COORDINATOR_GROUP).exists()
    return user._ehrenamt_is_coordinator


def coordinators():
    """The accounts that get the district's mails: active members of the group with a mail address."""
    users = get_user_model()._default_manager.filter(groups__name=conf.COORDINATOR_GROUP, is_active=True)
    return users.exclude(email="").order_by("pk").distinct()


def organisations_of(user):
    """The active organisations that ``user`` acts for, in the order of their names."""
    return Organisation.objects.of_user(user).order_by("name")


def district_organisation() -> Organisation | None:
    """The organisation of the district itself; the oldest active one if there are several."""
    return Organisation.objects.filter(kind=Organisation.Kind.DISTRICT, is_active=True).order_by("pk").first()


def members_of(organisation: Organisation):
    """Memberships with their persons, managers first."""
    return (
        Membership.objects.filter(organisation=organisation)
        .select_related("user", "organisation")
        # "manager" comes before "member" in the alphabet.
        .order_by("role", "user__last_name", "user__first_name", "pk")
    )


def people_of(organisation_ids: Iterable[int | None]) -> models.QuerySet:
    """Active persons with a mail address who act for one of the organisations."""
    ids = Membership.objects.filter(
        organisation_id__in=[pk for pk in organisation_ids if pk], organisation__is_active=True
    ).values_list("user_id", flat=True)
    return people(ids)


def people(ids: Iterable[int]) -> models.QuerySet:
    """Those of the accounts that are active and have a mail address."""
    users = get_user_model()._default_manager.filter(pk__in=set(ids), is_active=True)
    return users.exclude(email="").order_by("pk").distinct()


def answerable_for(organisation_id: int, person_id: int | None) -> models.QuerySet:
    """Whom to write to about something of an organisation: who made it if still a member, else all who act for it."""
    everybody = people_of([organisation_id])
    owner = everybody.filter(pk=person_id)
    return owner if owner.exists() else everybody


@dataclass(frozen=True)
class Use:
    """A place where an entry of a register is used: ``holder`` is the page or row that names it."""

    kind: str
    label: str
    holder: models.Model


def usage_of(entry: models.Model) -> list[Use]:
    """Where ``entry`` is still used, whatever names it: rows, pages, rows of pages, and drafts that were not published yet.

    What belongs to the entry itself (the rooms of a venue) is no use, nor are rows that are over and do without the entry.
    Ordered by kind and label; one entry for each holder.
    """
    relations = _relations_to(type(entry))
    holders: dict[tuple, models.Model] = {}
    for relation in relations:
        for holder in _holders(relation, entry):
            holders.setdefault(_identity(holder), holder)
    for page in _pages_naming_in_draft(relations, entry):
        holders.setdefault(_identity(page), page)
    uses = [Use(_kind_of(holder), str(holder), holder) for holder in holders.values()]
    return sorted(uses, key=lambda use: (use.kind, use.label))


def _relations_to(model: type[models.Model]) -> list:
    """All that points to ``model``, hidden relations included; through tables are covered by their many-to-many field.

    Models with ``is_derived`` only repeat what others say.
    """
    return [
        relation
        for relation in model._meta.get_fields(include_hidden=True)
        if relation.auto_created
        and not relation.concrete
        and not relation.related_model._meta.auto_created
        and not getattr(relation.related_model, "is_derived", False)
        and not isinstance(relation.field, ParentalKey)
    ]


def _holders(relation, entry: models.Model) -> Iterable[models.Model]:
    model = relation.related_model
    rows = model._base_manager.filter(**{relation.field.name: entry.pk})
    if getattr(relation, "on_delete", None) is models.SET_NULL and hasattr(model, "not_over"):
        # Nobody can change them any more: an expired hold would keep its topic for ever.
        rows = model.not_over(rows)
    parent = _parental_key(model)
    if parent is None:
        return rows
    return [getattr(row, parent.name) for row in rows.select_related(parent.name)]


def _parental_key(model: type[models.Model]) -> ParentalKey | None:
    return next((field for field in model._meta.fields if isinstance(field, ParentalKey)), None)


def _pages_naming_in_draft(relations: list, entry: models.Model) -> Iterator[Page]:
    """Pages whose latest, unpublished revision names ``entry``: their row does not, and the revision could not be opened
    any more if the entry were gone.
    """
    paths: dict[type[models.Model], list[tuple[str | None, str]]] = {}
    for relation in relations:
        model, parent = relation.related_model, _parental_key(relation.related_model)
        if issubclass(model, Page):
            paths.setdefault(model, []).append((None, relation.field.name))
        elif parent is not None and issubclass(parent.related_model, Page):
            rows = parent.remote_field.get_accessor_name()
            paths.setdefault(parent.related_model, []).append((rows, relation.field.name))
    for model, places in paths.items():
        kinds = [kind for kind in apps.get_models() if issubclass(kind, model)]
        pages = Page.objects.filter(
            has_unpublished_changes=True, content_type__in=ContentType.objects.get_for_models(*kinds).values()
        )
        for page in pages.exclude(latest_revision=None).select_related("latest_revision").order_by("pk"):
            content = page.latest_revision.content
            if any(_names(content, rows, field, entry.pk) for rows, field in places):
                yield page


def _names(content: dict, rows: str | None, field: str, pk) -> bool:
    values = [row.get(field) for row in content.get(rows) or []] if rows else [content.get(field)]
    return any(pk in value if isinstance(value, list) else value == pk for value in values)


def _identity(holder: models.Model) -> tuple:
    return ("page", holder.pk) if isinstance(holder, Page) else (type(holder), holder.pk)


def _kind_of(holder: models.Model) -> str:
    if isinstance(holder, Page):
        return capfirst(holder.cached_content_type.model_class()._meta.verbose_name)
    return capfirst(holder._meta.verbose_name)
