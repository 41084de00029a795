"""Signing in by password or mailed link, and signing out."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login, logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_POST

from ehrenamt_wagtail.conf import conf
from ehrenamt_wagtail.directory.sign_in import TOKEN_PARAMETER, users_from_tokens
from ehrenamt_wagtail.portal.actions import request_login_link
from ehrenamt_wagtail.portal.forms.login import LinkForm, PasswordForm
from ehrenamt_wagtail.portal.forms.text import tidy_data
from ehrenamt_wagtail.responses import never_stored

from .access import TEMPLATES


@sensitive_post_parameters("password")
@csrf_protect
@never_stored
def login_by_password(request: HttpRequest) -> HttpResponse:
    target = safe_next(request)
    if request.user.is_authenticated and request.method != "POST":
        return HttpResponseRedirect(target)
    form = PasswordForm(request, data=tidy_data(request.POST) if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        login(request, form.get_user())
        return HttpResponseRedirect(target)
    return show_login(request, password_form=form)


@csrf_protect
@never_stored
def send_link(request: HttpRequest) -> HttpResponse:
    """The same answer for every well-formed address, whether somebody has it or not.

    A GET is somebody who opens the answer's address again: it leads to the form.
    """
    if request.method != "POST":
        return redirect("ehrenamt:login")
    form = LinkForm(tidy_data(request.POST))
    if not form.is_valid():
        return show_login(request, link_form=form)
    request_login_link(form.cleaned_data["email"])
    return render(
        request,
        TEMPLATES + "link_sent.html",
        {"subnav": [], "minutes": conf.LOGIN_LINK_MINUTES, "per_hour": conf.LOGIN_LINKS_PER_HOUR},
    )


@sensitive_variables("tokens")
@sensitive_post_parameters(TOKEN_PARAMETER)
@csrf_protect
@never_stored
def login_by_link(request: HttpRequest) -> HttpResponse:
    """GET only shows buttons, however often a mail scanner follows the link; POST signs in."""
    is_post = request.method == "POST"
    tokens = (request.POST if is_post else request.GET).getlist(TOKEN_PARAMETER)
    users = users_from_tokens(tokens)
    if is_post:
        chosen = request.POST.get("person") or (str(users[0].pk) if len(users) == 1 else "")
        user = next((user for user in users if str(user.pk) == chosen), None)
        if user is not None:
            login(request, user, backend=settings.AUTHENTICATION_BACKENDS[0])
            messages.success(request, _("You are signed in as %(name)s.") % {"name": name_of(user)})
            return redirect("ehrenamt:portal")
    context = {
        "subnav": [],
        "tokens": tokens if users else [],
        "parameter": TOKEN_PARAMETER,
        "people": [{"pk": user.pk, "name": name_of(user)} for user in users],
    }
    if not users:
        return render(request, TEMPLATES + "link_expired.html", context)
    return render(request, TEMPLATES + "link.html", context)


@require_POST
@csrf_protect
@never_stored
def sign_out(request: HttpRequest) -> HttpResponse:
    logout(request)
    messages.success(request, _("You are signed out."))
    return redirect("ehrenamt:login")


def show_login(request: HttpRequest, *, password_form=None, link_form=None) -> HttpResponse:
    target = request.POST.get("next") or request.GET.get("next") or ""
    context = {
        "subnav": [],
        "password_form": password_form or PasswordForm(request),
        "link_form": link_form or LinkForm(),
        "password_url": reverse("ehrenamt:login"),
        "link_url": reverse("ehrenamt:login-send-link"),
        "next": target if is_safe(request, target) else "",
    }
    return render(request, TEMPLATES + "login.html", context)


def safe_next(request: HttpRequest) -> str:
    """Where to go after signing in: an address of this site, else the portal's first page."""
    target = request.POST.get("next") or request.GET.get("next") or ""
    return target if is_safe(request, target) else reverse("ehrenamt:portal")


def is_safe(request: HttpRequest, target: str) -> bool:
    return url_has_allowed_host_and_scheme(target, allowed_hosts={request.get_host()}, require_https=request.is_secure())


def name_of(user) -> str:
    return user.get_full_name() or user.get_username()
