"""Who may do what with brochures: those who keep them in the register, by Wagtail's permissions."""

from django.utils.translation import gettext as _

from ehrenamt_wagtail import pdf
from ehrenamt_wagtail.exceptions import NotAllowed
from ehrenamt_wagtail.reporting.models import Brochure

PERMISSION = "ehrenamt_wagtail.change_brochure"


def must_keep_brochures(*, actor, **facts) -> None:
    if not (actor.is_active and actor.has_perm(PERMISSION)):
        raise NotAllowed(_("Only those who keep the brochures may do this."))


def must_be_able_to_make_files(**facts) -> None:
    if not pdf.is_available():
        raise NotAllowed(_("This site cannot make PDF files itself at the moment. Please print the pages instead."))


def must_not_be_published(*, brochure: Brochure, **facts) -> None:
    if brochure.published_at is not None:
        raise NotAllowed(_("The brochure is published already."))


def must_be_published(*, brochure: Brochure, **facts) -> None:
    if brochure.published_at is None:
        raise NotAllowed(_("The brochure is not published."))


KEEP = [must_keep_brochures]
MAKE = [must_keep_brochures, must_be_able_to_make_files]
PUBLISH = [must_keep_brochures, must_not_be_published]
WITHDRAW = [must_keep_brochures, must_be_published]
