"""What the mails of review and programme say, made at delivery. ``None``: there is nothing to say any more."""

from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from wagtail.models import TaskState

from ehrenamt_wagtail.circles.models import CirclePage
from ehrenamt_wagtail.directory.models import Municipality, Organisation
from ehrenamt_wagtail.mail.models import OutgoingMail
from ehrenamt_wagtail.mail.registry import absolute_url, register_mail
from ehrenamt_wagtail.programme.models import Cancellation, DayRequest, Occurrence, OfferingPage

from . import notifications, queries
from .compare import describe_date
from .models import ReviewDecision, ReviewRequest
from .proposals import proposal_of

# Addresses of the portal, which stands above this room.
PORTAL_OFFERING = "ehrenamt:offering-edit"
PORTAL_CIRCLE = "ehrenamt:circle-edit"
PORTAL_DAY_REQUEST = "ehrenamt:day-request"
# Where the portal's page shows what the district proposes.
PROPOSAL = "returned"


def register() -> None:
    """Make the mails known; called in ``ready()``."""
    register_mail(notifications.SUBMITTED, submitted, label=gettext_lazy("Submitted for review"))
    register_mail(notifications.APPROVED, decided, label=gettext_lazy("Approved"))
    register_mail(notifications.RETURNED, decided, label=gettext_lazy("Returned"))
    register_mail(notifications.TOWN, town, label=gettext_lazy("New offering in a town"))
    register_mail(notifications.CANCELLED, cancelled, label=pgettext_lazy("offering", "Cancelled"))
    register_mail(notifications.DAY_REQUESTED, day_requested, label=gettext_lazy("Wants to join a volunteer day"))
    register_mail(notifications.DAY_DECIDED, day_decided, label=gettext_lazy("Answer about a volunteer day"))


def submitted(mail: OutgoingMail) -> dict | None:
    """To a coordinator; nothing when it was withdrawn or decided before the mail went out, or the post has ended."""
    related = ("revision__user", "workflow_state__requested_by", "task")
    task_state = TaskState.objects.select_related(*related).filter(pk=mail.params["task_state"]).first()
    if task_state is None or task_state.status != TaskState.STATUS_IN_PROGRESS:
        return None
    page = task_state.revision.as_object()
    if not task_state.task.specific.get_actions(page, mail.user):
        return None
    request = ReviewRequest.objects.filter(task_state=task_state).first()
    return {
        **facts_of(page),
        "is_change": page.live,
        "reason": request.reason if request else "",
        "warnings": request.warnings if request else [],
        "actor_name": queries.name_of(task_state.revision.user or task_state.workflow_state.requested_by),
        "button_url": absolute_url(reverse("ehrenamt_admin:review", args=[task_state.pk])),
        "button_label": _("Review now"),
    }


def decided(mail: OutgoingMail) -> dict | None:
    """To the organisation; nothing to people who do not act for it any more."""
    decision = ReviewDecision.objects.select_related("page", "revision", "actor").filter(pk=mail.params["decision"]).first()
    page = decision and decision.page.specific
    if page is None or not acts_for(mail.user, page):
        return None
    proposal = proposal_of(page, decision)
    return {
        **facts_of(page.get_latest_revision_as_object()),
        "is_change": is_change(decision, page),
        "actor_name": queries.name_of(decision.actor),
        "reasons": decision.reason_labels(),
        "comment": decision.comment,
        "proposal": proposal,
        "button_url": portal_url(page) + (f"#{PROPOSAL}" if proposal else ""),
        "button_label": _("See the proposed date") if proposal else _("Open in the partner portal"),
    }


def town(mail: OutgoingMail) -> dict | None:
    """To a town; nothing when the offering is not public any more."""
    decision = ReviewDecision.objects.select_related("page").filter(pk=mail.params["decision"]).first()
    municipality = Municipality.objects.filter(pk=mail.params["municipality"]).first()
    page = decision and decision.page.specific
    if page is None or municipality is None or not page.live:
        return None
    return {
        **facts_of(page),
        "is_change": is_change(decision, page),
        "municipality": municipality.name,
        "button_url": absolute_url(page.url),
        "button_label": _("See the offering"),
    }


def cancelled(mail: OutgoingMail) -> dict | None:
    """To coordinators and members; the public page, which stays, says the same."""
    cancellation = Cancellation.objects.select_related("offering", "by").filter(pk=mail.params["cancellation"]).first()
    page = cancellation and cancellation.offering.specific
    if page is None:
        return None
    date = Occurrence.objects.filter(page_id=page.pk, uid=cancellation.occurrence_uid).first()
    return {
        **facts_of(page),
        "cancelled_date": describe_date(date) if date else "",
        "actor_name": queries.name_of(cancellation.by),
        "comment": cancellation.reason,
        "comment_label": _("Reason:"),
        "button_url": absolute_url(page.url) if page.live else "",
        "button_label": _("See the offering"),
    }


def day_requested(mail: OutgoingMail) -> dict | None:
    """To the owner of the day; nothing when the request was answered or taken back."""
    request = day_request(mail)
    if request is None or request.status != DayRequest.Status.REQUESTED or not acts_for(mail.user, request.day):
        return None
    return {
        **facts_of(request.offering.specific.get_latest_revision_as_object()),
        "day": request.day.title,
        "button_url": absolute_url(reverse(PORTAL_DAY_REQUEST, args=[request.pk])),
        "button_label": _("Answer in the partner portal"),
    }


def day_decided(mail: OutgoingMail) -> dict | None:
    request = day_request(mail)
    if request is None or request.status == DayRequest.Status.REQUESTED or not acts_for(mail.user, request.offering):
        return None
    return {
        **facts_of(request.offering.specific.get_latest_revision_as_object()),
        "day": request.day.title,
        "is_accepted": request.status == DayRequest.Status.ACCEPTED,
        "actor_name": queries.name_of(request.decided_by),
        "comment": request.comment,
        "button_url": portal_url(request.offering),
        "button_label": _("Open in the partner portal"),
    }


def day_request(mail: OutgoingMail) -> DayRequest | None:
    related = ("offering", "day", "decided_by")
    return DayRequest.objects.select_related(*related).filter(pk=mail.params["day_request"]).first()


def facts_of(page) -> dict:
    """Title, kind, organisation and dates of ``page``, as all these mails show them; dates that are cancelled say so."""
    dates = page.occurrences.all() if isinstance(page, OfferingPage) else []
    in_order = sorted((date for date in dates if date.span()), key=lambda date: date.span())[:10]
    cancelled = page.cancelled_uids() if in_order else frozenset()
    return {
        "title": page.title,
        "kind_label": capfirst(str(getattr(page, "kind_label", "") or page._meta.verbose_name)),
        "organisation": page.organisation.name if page.organisation else "",
        "dates": [
            _("%(date)s (cancelled)") % {"date": describe_date(date)} if date.uid in cancelled else describe_date(date)
            for date in in_order
        ],
    }


def is_change(decision: ReviewDecision, page) -> bool:
    """Whether the page was published before this decision."""
    return bool(page.first_published_at and page.first_published_at < decision.at)


def acts_for(user, page) -> bool:
    return user is not None and Organisation.objects.of_user(user).filter(pk=page.organisation_id).exists()


def portal_url(page) -> str:
    name = PORTAL_CIRCLE if isinstance(page, CirclePage) else PORTAL_OFFERING
    return absolute_url(reverse(name, args=[page.pk]))
