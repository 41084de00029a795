"""Reads of the organiser's side. Every list, page, export and search of sign-ups begins here: this is where names are kept."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from ehrenamt_wagtail.directory.models import Organisation
from ehrenamt_wagtail.programme.models import OfferingPage

from .models import SignUp


def readable_sign_ups(page: OfferingPage, *, user) -> QuerySet[SignUp]:
    """The sign-ups of an offering whose people ``user`` may read.

    Those of a supervision only the account that was named when they signed up, whatever its memberships; all others the members of
    the offering's organisation. Superusers and coordinators have no right of their own here.
    """
    sign_ups = SignUp.objects.filter(plan__offering=page.pk)
    readable = Q(is_confidential=True, reader=user.pk)
    if Organisation.objects.of_user(user).filter(pk=page.organisation_id).exists():
        readable |= Q(is_confidential=False)
    return sign_ups.filter(readable) if user.is_authenticated and user.is_active else sign_ups.none()


@dataclass(frozen=True)
class Confidentiality:
    """Of an offering: whether it is a supervision, in which form, and the account that reads who signs up now."""

    is_supervision: bool
    form: str | None
    supervisor_id: int | None


def confidentiality_of(offering_id: int) -> Confidentiality:
    """One query. A supervision without form and supervisor is one where nobody can sign up yet."""
    return confidentialities([offering_id]).get(offering_id) or Confidentiality(False, None, None)


def confidentialities(offering_ids: Iterable[int]) -> dict[int, Confidentiality]:
    """Of several offerings, in one query: primary key → as ``confidentiality_of``."""
    names = ("pk", "supervisionpage", "supervision_setup__form", "supervision_setup__supervisor")
    return {
        pk: Confidentiality(is_supervision=page is not None or form is not None, form=form, supervisor_id=supervisor_id)
        for pk, page, form, supervisor_id in OfferingPage.objects.filter(pk__in=offering_ids).values_list(*names)
    }
