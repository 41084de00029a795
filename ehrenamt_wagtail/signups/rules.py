"""Who may sign up, and who may work on sign-ups; each list decides both whether a button shows and whether the action runs."""

import datetime as dt

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from ehrenamt_wagtail.directory.models import Organisation
from ehrenamt_wagtail.exceptions import NotAllowed
from ehrenamt_wagtail.formatting import moment
from ehrenamt_wagtail.programme.models import Cancellation, Occurrence, SupervisionPage
from ehrenamt_wagtail.programme.rules import must_not_be_closed

from .models import PrivacyNotice, SupervisionSetup
from .queries import confidentiality_of
from .seats import closing_time, situation_of


def must_be_here(*, plan, **_facts) -> None:
    if not plan.is_here:
        raise NotAllowed(_("One does not sign up here for this offering. Please look at its page."))


def must_take_place(*, plan, situation=None, **_facts) -> None:
    """``situation`` saves a query to who has read it already."""
    situation = situation or situation_of(plan)
    if not situation.is_public:
        raise NotAllowed(_("This offering is not public at the moment. Please ask the organiser."))
    if situation.is_cancelled:
        raise NotAllowed(_("This was cancelled. Nobody can sign up any more."))


def must_have_opened(*, plan, now, **_facts) -> None:
    if plan.opens_at and now < plan.opens_at:
        raise NotAllowed(_("You can sign up from %(moment)s.") % {"moment": moment(plan.opens_at)})


def must_not_have_closed(*, plan, now, dates, **_facts) -> None:
    closes = closing_time(plan, dates)
    if closes is None or now >= closes:
        raise NotAllowed(_("The time to sign up is over. Please ask the organiser whether you can still come."))


def must_want_few_seats(*, plan, seats, **_facts) -> None:
    if not 1 <= seats <= plan.seats_per_sign_up:
        raise NotAllowed(_("One person at a time can be signed up here."))


def must_be_kept_confidential(*, plan, offering=None, **_facts) -> None:
    """For a supervision one signs up once its supervisor is named, and not at all where circles ask for it."""
    offering = offering or confidentiality_of(plan.offering_id)
    if offering.is_supervision and offering.supervisor_id is None:
        raise NotAllowed(_("The supervisor is not named yet. Please ask the organiser; nothing you entered was stored."))
    if offering.form == SupervisionSetup.Form.ON_REQUEST:
        raise NotAllowed(_("This supervision is arranged with circles on request. One does not sign up for it here."))


SIGN_UP = [must_be_here, must_be_kept_confidential, must_take_place, must_have_opened, must_not_have_closed, must_want_few_seats]


# The organiser's side. Facts: ``page`` (the offering) and ``actor``.


def must_organise(*, page, actor, **_facts) -> None:
    """Members of the offering's organisation; the district's own offerings are served in the same way."""
    if not Organisation.objects.of_user(actor).filter(pk=page.organisation_id).exists():
        raise NotAllowed(_("This belongs to another organisation."))


ORGANISE = [must_organise]


# Setting up. Facts besides: ``days`` (those of ``settings.days_of``).


def must_have_a_date_to_come(*, days, **_facts) -> None:
    if days and not any(day.is_to_come for day in days):
        raise NotAllowed(_("All dates are over or cancelled. Nothing can be changed about the sign-up any more."))


def must_have_privacy_notice(*, page, **_facts) -> None:
    if not PrivacyNotice.objects.filter(organisation=page.organisation_id).exists():
        raise NotAllowed(
            _("Whoever signs up here must know who keeps their data. Please write the privacy notice of your organisation first.")
        )


def must_name_supervisor(*, page, **_facts) -> None:
    """Nobody but the named supervisor may read who takes part, so one is named before the first signs up."""
    is_supervision = SupervisionPage.objects.filter(pk=page.pk).exists()
    if is_supervision and not SupervisionSetup.objects.filter(offering=page.pk).exists():
        raise NotAllowed(_("Please name the supervisor first: only that person will read who takes part."))


SET_UP = [must_organise, must_not_be_closed, must_have_a_date_to_come]
OFFER_HERE = [must_have_privacy_notice, must_name_supervisor]


# The privacy notice. Facts: ``organisation`` and ``actor``.


def must_act_for(*, organisation, actor, **_facts) -> None:
    """Members and managers alike; each organisation is responsible for itself, so the district writes none but its own."""
    if not Organisation.objects.of_user(actor).filter(pk=organisation.pk).exists():
        raise NotAllowed(_("This belongs to another organisation."))


WRITE_PRIVACY_NOTICE = [must_act_for]


# At the door, and for certificates. Facts besides: ``dates`` or ``date`` (occurrences), ``now``, ``sign_up``.


def must_not_be_confidential(*, page, **_facts) -> None:
    """Of a supervision there is neither a list at the door nor a certificate: both would say who takes part."""
    is_confidential = (
        SupervisionPage.objects.filter(pk=page.pk).exists() or SupervisionSetup.objects.filter(offering=page.pk).exists()
    )
    if is_confidential:
        raise NotAllowed(_("Supervision is confidential: there is no list at the door, and there are no certificates."))


def must_happen(*, page, date, **_facts) -> None:
    cancelled = Cancellation.objects.filter(Q(occurrence_uid=None) | Q(occurrence_uid=date.uid), offering=page.pk)
    if cancelled.exists():
        raise NotAllowed(_("This date was cancelled. Nobody can be marked as present."))


def door_opens_at(date: Occurrence) -> dt.datetime:
    """Midnight of the day before, in the site's time zone."""
    day = timezone.localtime(date.starts_at).date() - dt.timedelta(days=1)
    return timezone.make_aware(dt.datetime.combine(day, dt.time.min))


def must_be_near(*, date, now, **_facts) -> None:
    """From the day before on, and without end: some write down afterwards who was there."""
    if now < door_opens_at(date):
        raise NotAllowed(
            _("It is early: you can mark who is there from %(moment)s.") % {"moment": moment(door_opens_at(date))}
        )


def must_have_seat(*, sign_up, **_facts) -> None:
    if not sign_up.has_seat:
        raise NotAllowed(_("This person has no seat, so they were not marked as present. Give them a seat first, if one is free."))


def must_be_over(*, dates, now, **_facts) -> None:
    """All dates that are certified."""
    if not dates:
        raise NotAllowed(_("This did not take place. There is nothing to certify."))
    if now < dates[-1].ends_at:
        raise NotAllowed(
            _("Certificates can be released when the last date is over: from %(moment)s.") % {"moment": moment(dates[-1].ends_at)}
        )


SEE_DOOR = [*ORGANISE, must_not_be_confidential]
AT_DOOR = [*SEE_DOOR, must_happen, must_be_near]
MARK = [*AT_DOOR, must_have_seat]
CERTIFY = [*ORGANISE, must_not_be_confidential]
RELEASE = [*CERTIFY, must_be_over]
