"""A proposal to join forces: both offerings side by side, and the answer."""

from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.http import require_http_methods

from ehrenamt_wagtail.coordination import joins, rules
from ehrenamt_wagtail.coordination.models import JoinProposal
from ehrenamt_wagtail.coordination.partnership import sides_of
from ehrenamt_wagtail.directory.queries import is_coordinator
from ehrenamt_wagtail.exceptions import NotAllowed, first_objection
from ehrenamt_wagtail.portal.facts import date_text
from ehrenamt_wagtail.portal.forms.text import tidy
from ehrenamt_wagtail.portal.queries import with_join_facts
from ehrenamt_wagtail.portal.unsent import take_unsent

from .access import portal_view, render_portal, trail
from .checking import viewer_in
from .editing import address

STATE_STYLES = {
    JoinProposal.Status.OPEN: "in_review",
    JoinProposal.Status.JOINED: "published",
    JoinProposal.Status.DECLINED: "past",
    JoinProposal.Status.DROPPED: "past",
}


@require_http_methods(["GET", "POST"])
@csrf_protect
@portal_view
def join(request: HttpRequest, proposal_id: int) -> HttpResponse:
    """For members of both organisations, who answer, and for coordinators, who read; others' proposals answer 404."""
    proposal = own_proposal(request, proposal_id)
    if request.method == "POST":
        return answer(request, proposal)
    unsent = take_unsent(request)
    joining, host = sides_of(proposal, viewer_in(request))
    may_answer = first_objection(rules.ANSWER_JOIN, proposal=proposal, actor=request.user) is None
    title = _("Join forces?")
    context = {
        "page_title": title,
        "proposal": proposal,
        "sides": [joining, host],
        "joining": joining,
        "host": host,
        "state": STATE_STYLES[JoinProposal.Status(proposal.status)],
        "state_label": state_label(proposal),
        "waits_for": [side.organisation for side in (joining, host) if proposal.is_open and not side.has_accepted],
        "may_accept": may_answer and any(side.is_own and not side.has_accepted for side in (joining, host)),
        "may_decline": may_answer,
        "comment": unsent.get("comment", "") if unsent else "",
        "notice": _("You had been signed out. What you wrote stands below again; nothing is decided yet.") if unsent else "",
        "breadcrumbs": trail((title, "")),
    }
    return render_portal(request, "join.html", context)


def own_proposal(request: HttpRequest, proposal_id: int) -> JoinProposal:
    proposal = with_join_facts().filter(id=proposal_id).first()
    if proposal is None or not (rules.is_party(proposal, request.user) or is_coordinator(request.user)):
        raise Http404
    return proposal


def state_label(proposal: JoinProposal) -> str:
    return {
        JoinProposal.Status.OPEN: pgettext("proposal", "Waits for an answer"),
        JoinProposal.Status.JOINED: _("You join forces"),
        JoinProposal.Status.DECLINED: pgettext("proposal", "Declined"),
        JoinProposal.Status.DROPPED: pgettext("proposal", "Lapsed"),
    }[JoinProposal.Status(proposal.status)]


def answer(request: HttpRequest, proposal: JoinProposal) -> HttpResponse:
    """What the buttons do; whoever was too late is told what happened."""
    actions: dict[str, Callable] = {"accept": accept, "decline": decline}
    action = actions.get(request.POST.get("action", ""))
    if action is None:
        messages.error(request, _("Please choose whether you accept or decline. Nothing was changed."))
        return redirect("ehrenamt:join", proposal.pk)
    try:
        action(request, proposal)
    except NotAllowed as objection:
        messages.error(request, objection.message)
    return redirect("ehrenamt:join", proposal.pk)


def accept(request: HttpRequest, proposal: JoinProposal) -> None:
    if joins.accept_join(proposal, actor=request.user).status == JoinProposal.Status.JOINED:
        messages.success(request, _("Both organisations have accepted: you are partners in one offering now."))
    else:
        messages.success(request, _("You have accepted. As soon as the other organisation accepts too, you have a message by mail."))


def decline(request: HttpRequest, proposal: JoinProposal) -> None:
    joins.decline_join(proposal, actor=request.user, comment=tidy(request.POST.get("comment", ""))[:1000])
    messages.success(request, _("You declined. The other organisation and the district are told; both offerings stay as they are."))


def joined_row(proposal: JoinProposal) -> dict:
    """An offering of others that an own one was given up for; one row of the component „own_offerings“."""
    host = proposal.host
    dates = [date for date in host.occurrences.all() if date.span() and date.span()[1] > timezone.now()]
    agreed = reverse("ehrenamt:join", args=[proposal.pk])
    return {
        "state": "cancelled" if host.is_cancelled() else "published" if host.live else "draft",
        "state_label": "" if host.live else _("Not published yet"),
        "kind": "",
        "url": (host.get_url() if host.live else "") or agreed,
        "title": host.title,
        "next_date": date_text(min(dates, key=lambda date: date.span())) if dates else "",
        "organisation": str(host.organisation or ""),
        "note": _("Yours was: %(title)s") % {"title": proposal.joining.draft_title},
        "actions": [
            {"url": agreed, "label": _("What was agreed")},
            {"url": address(proposal.joining), "label": _("Your own draft")},
        ],
    }
