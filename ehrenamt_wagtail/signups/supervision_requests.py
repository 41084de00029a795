"""Supervision on request: a circle's spokesperson and the supervisor agree on dates and place in messages.

What they write is read by these two accounts and nobody else: not by others of the circle, not by the supervisor's organisation,
not by the district. Mails say that there is something new, and neither text nor names. Nothing is written to Wagtail's log, since
the history of the offering would show who asked.
"""

import datetime as dt

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from ehrenamt_wagtail.directory.models import Organisation
from ehrenamt_wagtail.exceptions import NotAllowed, ensure
from ehrenamt_wagtail.mail.actions import queue_mail
from ehrenamt_wagtail.programme.models import OfferingPage

from .models import RequestMessage, SupervisionRequest, SupervisionSetup

NEWS = "signups/request_news"

Status = SupervisionRequest.Status


# Reading


def readable_requests(user) -> QuerySet[SupervisionRequest]:
    """Those between ``user`` and somebody else; nobody reads other people's, superusers neither."""
    requests = SupervisionRequest.objects.select_related("offering", "organisation", "supervisor", "requested_by")
    if not (user.is_authenticated and user.is_active):
        return requests.none()
    return requests.filter(Q(supervisor=user.pk) | Q(requested_by=user.pk))


def circles_of(user) -> QuerySet[Organisation]:
    """The circles that ``user`` acts for, and may ask in the name of."""
    return Organisation.objects.of_user(user).filter(kind=Organisation.Kind.CIRCLE).order_by("name")


# Rules


def must_be_on_request(*, page, setup, **_facts) -> None:
    if not page.live or setup is None or setup.form != SupervisionSetup.Form.ON_REQUEST:
        raise NotAllowed(_("One cannot ask for this supervision here. Please look at its page, or ask the organiser."))


def must_act_for_circle(*, organisation, actor, **_facts) -> None:
    if not circles_of(actor).filter(pk=organisation.pk).exists():
        raise NotAllowed(_("Only somebody who acts for a circle asks for supervision. Nothing was sent."))


def must_be_somebody_else(*, setup, actor, **_facts) -> None:
    if setup.supervisor_id == actor.pk:
        raise NotAllowed(_("You are the supervisor yourself. Nothing was sent."))


def must_take_part(*, request, actor, **_facts) -> None:
    if not actor.is_active or actor.pk not in (request.supervisor_id, request.requested_by_id):
        raise NotAllowed(_("Only the two who write to each other may do this. Nothing was changed."))


def must_be_supervisor(*, request, actor, **_facts) -> None:
    if request.supervisor_id != actor.pk:
        raise NotAllowed(_("Only the supervisor may do this. Nothing was changed."))


def must_have_asked(*, request, actor, **_facts) -> None:
    if request.requested_by_id != actor.pk:
        raise NotAllowed(_("Only who asked may do this. Nothing was changed."))


def must_not_be_over(*, request, **_facts) -> None:
    if request.status not in (Status.OPEN, Status.AGREED):
        raise NotAllowed(_("This request was declined or taken back. Nothing was changed; you can still write to each other."))


ASK = [must_be_on_request, must_act_for_circle, must_be_somebody_else]
WRITE = [must_take_part]
AGREE = [must_take_part, must_be_supervisor, must_not_be_over]
DECLINE = AGREE
WITHDRAW = [must_take_part, must_have_asked, must_not_be_over]


# Changing


@transaction.atomic
def ask(page: OfferingPage, *, organisation: Organisation, text: str, actor) -> SupervisionRequest:
    """Ask the supervisor of ``page`` in the name of a circle. Tells the supervisor that there is something new.

    Asked twice with the same words it is one request. Raises ``NotAllowed``.
    """
    setup = SupervisionSetup.objects.select_for_update().select_related("supervisor").filter(offering=page.pk).first()
    ensure(ASK, page=page, setup=setup, organisation=organisation, actor=actor)
    facts = {"offering_id": page.pk, "organisation": organisation, "requested_by": actor, "supervisor": setup.supervisor}
    present = SupervisionRequest.objects.filter(status=Status.OPEN, messages__text=text, messages__author=actor, **facts).first()
    if present is not None:
        return present
    request = SupervisionRequest.objects.create(**facts)
    add_message(request, text, actor)
    return request


@transaction.atomic
def write_message(request: SupervisionRequest, *, text: str, actor) -> RequestMessage:
    """Say something to the other one; sent twice it is one message. Raises ``NotAllowed``."""
    request = lock_request(request)
    ensure(WRITE, request=request, actor=actor)
    last = request.messages.last()
    if last is not None and (last.author_id, last.text) == (actor.pk, text):
        return last
    return add_message(request, text, actor)


@transaction.atomic
def agree(
    request: SupervisionRequest, *, start: dt.datetime, end: dt.datetime | None, place: str, actor
) -> SupervisionRequest:
    """The supervisor fixes the next date and its place, as agreed in the messages; fixed again, it is another one.

    Raises ``NotAllowed``.
    """
    request = lock_request(request)
    ensure(AGREE, request=request, actor=actor)
    is_same = (request.agreed_start, request.agreed_end, request.agreed_place) == (start, end, place)
    if request.status == Status.AGREED and is_same:
        return request
    request.status = Status.AGREED
    request.agreed_start, request.agreed_end, request.agreed_place = start, end, place
    request.save(update_fields=["status", "agreed_start", "agreed_end", "agreed_place"])
    tell(request, actor=actor)
    return request


@transaction.atomic
def decline(request: SupervisionRequest, *, actor, text: str = "") -> SupervisionRequest:
    """The supervisor cannot do it, with a word why. Raises ``NotAllowed``."""
    request = lock_request(request)
    ensure(DECLINE, request=request, actor=actor)
    return settle(request, Status.DECLINED, text, actor)


@transaction.atomic
def withdraw(request: SupervisionRequest, *, actor, text: str = "") -> SupervisionRequest:
    """The circle needs it no longer. Raises ``NotAllowed``."""
    request = lock_request(request)
    ensure(WITHDRAW, request=request, actor=actor)
    return settle(request, Status.WITHDRAWN, text, actor)


def settle(request: SupervisionRequest, status: Status, text: str, actor) -> SupervisionRequest:
    request.status = status
    request.save(update_fields=["status"])
    if text:
        add_message(request, text, actor)
    else:
        tell(request, actor=actor)
    return request


def add_message(request: SupervisionRequest, text: str, actor) -> RequestMessage:
    message = RequestMessage.objects.create(request=request, author=actor, text=text)
    tell(request, actor=actor)
    return message


def tell(request: SupervisionRequest, *, actor) -> None:
    """A confidential mail to the other one, which names nobody."""
    other = request.supervisor if actor.pk == request.requested_by_id else request.requested_by
    queue_mail(NEWS, user=other, params={"request": request.pk}, is_confidential=True)


def lock_request(request: SupervisionRequest) -> SupervisionRequest:
    """Fresh, its row locked until the end of the transaction."""
    SupervisionRequest.objects.select_for_update().get(pk=request.pk)
    return SupervisionRequest.objects.select_related("supervisor", "requested_by").get(pk=request.pk)
