"""Who of the own organisation has access."""

from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.http import require_http_methods

from ehrenamt_wagtail.directory import actions, rules
from ehrenamt_wagtail.directory.models import Membership, Organisation
from ehrenamt_wagtail.directory.queries import members_of
from ehrenamt_wagtail.exceptions import NotAllowed, first_objection
from ehrenamt_wagtail.portal.forms.members import InviteForm
from ehrenamt_wagtail.portal.forms.text import tidy_data

from .access import portal_view, render_portal, trail
from .login import name_of

# Values of the button that changes what others may read.
SHARING = {"share": True, "keep": False}


@csrf_protect
@portal_view
def members(request: HttpRequest) -> HttpResponse:
    """The members of every own organisation; a POST invites somebody to the organisation it names, or says what it shares."""
    form = None
    if request.method == "POST":
        organisation = own_organisation(request, request.POST.get("organisation", ""))
        if request.POST.get("action") in SHARING:
            return share(request, organisation, SHARING[request.POST["action"]])
        form = InviteForm(tidy_data(request.POST), prefix=None, auto_id=f"id_{organisation.pk}_%s")
        if form.is_valid() and invite(request, organisation, form):
            return redirect("ehrenamt:members")
    sections = [section(request, organisation, form) for organisation in request.organisations]
    title = _("Access")
    context = {
        "page_title": title,
        "sections": sections,
        "sent_form": form,
        "breadcrumbs": trail((title, reverse("ehrenamt:members"))),
    }
    return render_portal(request, "members.html", context)


def share(request: HttpRequest, organisation: Organisation, shares: bool) -> HttpResponse:
    try:
        actions.share_plans(organisation, shares=shares, actor=request.user)
    except NotAllowed as objection:
        messages.error(request, objection.message)
    else:
        messages.success(
            request,
            _("Other organisations now also read title and description of what you plan.")
            if shares
            else _("Other organisations now see only date, town, topic, kind and organiser of what you plan."),
        )
    return redirect("ehrenamt:members")


def invite(request: HttpRequest, organisation: Organisation, form: InviteForm) -> bool:
    try:
        membership = actions.invite_member(organisation=organisation, actor=request.user, **form.cleaned_data)
    except NotAllowed as objection:
        form.add_error(None, objection.message)
        return False
    messages.success(request, _("%(name)s is invited by mail.") % {"name": name_of(membership.user)})
    return True


def section(request: HttpRequest, organisation: Organisation, sent: InviteForm | None) -> dict:
    may_manage = first_objection(rules.INVITE, organisation=organisation, actor=request.user) is None
    is_sent = sent is not None and request.POST.get("organisation") == str(organisation.pk)
    return {
        "organisation": organisation,
        "may_manage": may_manage,
        "form": sent if is_sent else InviteForm(auto_id=f"id_{organisation.pk}_%s"),
        "is_open": is_sent,
        "members": [
            {
                "pk": membership.pk,
                "name": name_of(membership.user),
                "email": membership.user.email,
                "role": membership.get_role_display(),
                "is_manager": membership.role == Membership.Role.MANAGER,
                "has_been_here": membership.user.last_login is not None,
                "is_self": membership.user_id == request.user.pk,
            }
            for membership in members_of(organisation)
        ],
    }


def own_organisation(request: HttpRequest, pk: str) -> Organisation:
    found = next((organisation for organisation in request.organisations if str(organisation.pk) == pk), None)
    if found is None:
        raise Http404
    return found


@require_http_methods(["GET", "POST"])
@csrf_protect
@portal_view
def change_member(request: HttpRequest, membership_id: int) -> HttpResponse:
    """The buttons beside a member; a member of another organisation answers 404, a GET leads to the list."""
    membership = (
        Membership.objects.filter(pk=membership_id, organisation__in=request.organisations)
        .select_related("user", "organisation")
        .first()
    )
    if membership is None:
        raise Http404
    if request.method == "GET":
        return redirect("ehrenamt:members")
    name = name_of(membership.user)
    changes: dict[str, tuple[Callable, dict, str]] = {
        "make_manager": (actions.change_role, {"role": Membership.Role.MANAGER}, _("%(name)s is now a manager.")),
        "make_member": (actions.change_role, {"role": Membership.Role.MEMBER}, _("%(name)s is now a member.")),
        "remove": (actions.remove_member, {}, _("%(name)s has no access any more.")),
        "resend": (actions.resend_invitation, {}, _("%(name)s gets the invitation again.")),
    }
    if request.POST.get("action") not in changes:
        messages.error(request, _("There is no such action. Nothing was changed."))
        return redirect("ehrenamt:members")
    action, options, text = changes[request.POST["action"]]
    try:
        action(membership, actor=request.user, **options)
    except NotAllowed as objection:
        messages.error(request, objection.message)
    else:
        messages.success(request, text % {"name": name})
    return redirect("ehrenamt:members")
