"""What an organisation that takes sign-ups says about data protection."""

import datetime as dt
from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from ehrenamt_wagtail.directory.models import Organisation
from ehrenamt_wagtail.exceptions import StaleRevision, ensure

from . import rules
from .models import PrivacyNotice, SeatPlan

# Their bodies apply a law of their own, so none is suggested to them.
CHURCHES = (Organisation.Kind.CHURCH, Organisation.Kind.WELFARE)


def notice_of(organisation: Organisation) -> PrivacyNotice | None:
    return PrivacyNotice.objects.select_related("updated_by").filter(organisation=organisation).first()


def stamp_of(notice: PrivacyNotice | None) -> str:
    """Says which state a form was opened with."""
    return notice.updated_at.isoformat() if notice else ""


def suggested_law(organisation: Organisation) -> str:
    """Empty where a church may stand behind the organisation: then somebody has to choose."""
    return "" if organisation.kind in CHURCHES else PrivacyNotice.Law.GDPR


def without_notice(organisations: Iterable[Organisation]) -> list[Organisation]:
    """Those among them where people sign up on this site and cannot read who keeps their data."""
    here = SeatPlan.objects.filter(mode=SeatPlan.Mode.HERE, offering__organisation__in=list(organisations))
    needed = set(here.values_list("offering__organisation", flat=True))
    written = set(PrivacyNotice.objects.filter(organisation__in=needed).values_list("organisation", flat=True)) if needed else set()
    return [organisation for organisation in organisations if organisation.pk in needed - written]


@transaction.atomic
def save_privacy_notice(
    organisation: Organisation, *, facts: dict, actor, opened: str | None = None, now: dt.datetime | None = None
) -> bool:
    """Write the notice; gives whether anything is different now. Whoever signs up reads it at once.

    ``facts``: ``controller``, ``data_protection_officer``, ``law``, ``more``. ``opened`` is the ``stamp_of`` the form was opened
    with; ``None`` does not ask. Writes Wagtail's log at the organisation. Raises ``NotAllowed`` for who does not act for it, and
    ``StaleRevision`` when somebody changed it since (``latest`` is the notice).
    """
    organisation = Organisation.objects.select_for_update(no_key=True).get(pk=organisation.pk)
    ensure(rules.WRITE_PRIVACY_NOTICE, organisation=organisation, actor=actor)
    present = notice_of(organisation)
    if present and all(getattr(present, name) == value for name, value in facts.items()):
        return False
    if opened is not None and opened != stamp_of(present):
        raise StaleRevision(_("Somebody else changed this privacy notice in the meantime."), present)
    notice = present or PrivacyNotice(organisation=organisation)
    for name, value in facts.items():
        setattr(notice, name, value)
    notice.updated_by, notice.updated_at = actor, now or timezone.now()
    notice.full_clean()
    notice.save()
    log(instance=organisation, action="ehrenamt.change_privacy_notice", user=actor)
    return True
