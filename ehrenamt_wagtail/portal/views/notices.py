"""What participants of an offering were told, whom it reached, and writing to them."""

from collections.abc import Iterable

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.http import require_safe

from ehrenamt_wagtail.exceptions import NotAllowed, first_objection
from ehrenamt_wagtail.portal.forms.notices import MessageForm
from ehrenamt_wagtail.portal.forms.text import tidy_data
from ehrenamt_wagtail.programme.models import OfferingPage
from ehrenamt_wagtail.signups import listing
from ehrenamt_wagtail.signups import notices as told
from ehrenamt_wagtail.signups.changes import changes_in
from ehrenamt_wagtail.signups.models import Notice, NoticeRecipient
from ehrenamt_wagtail.signups.notice_mails import change_rows, reasons_of, what_changed

from .access import portal_view
from .sign_up_pages import NOTICES, is_confidential, own_offering, render_sign_up_page

ITEMS_PER_PAGE = 20
RECIPIENTS_PER_PAGE = 50
# How far a notice got → the shape of ``includes/state.html``.
SHAPES = {"call": "returned", "under_way": "in_review", "sent": "published", "dropped": "past", "unknown": "past"}


@portal_view
@require_safe
def notices(request: HttpRequest, page_id: int) -> HttpResponse:
    """Changes, cancellations and messages, the newest first, each with how many it reached."""
    page = own_offering(request, page_id)
    page_obj = Paginator(told.notices_of(page), ITEMS_PER_PAGE).get_page(request.GET.get("seite"))
    context = {
        "page_obj": page_obj,
        "rows": notice_rows(page_obj, page),
        "objection": objection_to_write(request, page),
    }
    return render_sign_up_page(request, page, "notices.html", context, tab=NOTICES)


def objection_to_write(request: HttpRequest, page: OfferingPage) -> NotAllowed | None:
    return first_objection(told.WRITE, page=page, actor=request.user, now=timezone.now())


def notice_rows(notices: Iterable[Notice], page: OfferingPage) -> list[dict]:
    """The notices in words; of a supervision without what was written."""
    reasons, hides_messages = reasons_of(page.pk), is_confidential(page)
    return [notice_row(notice, reasons, hides_messages=hides_messages) for notice in notices]


def notice_row(notice: Notice, reasons: dict, *, hides_messages: bool) -> dict:
    is_message = notice.kind == Notice.Kind.MESSAGE
    is_hidden = is_message and hides_messages
    return {
        "pk": notice.pk,
        "title": title_of(notice, is_hidden=is_hidden),
        "at": notice.at,
        "by": notice.by.get_full_name() if notice.by else "",
        "audience": notice.get_audience_display() if is_message else "",
        "change_rows": [] if is_message else change_rows(changes_in(notice), reasons),
        "text": "" if is_hidden else notice.text,
        "reaches": [
            {"state": SHAPES[name], "label": words_for(name, number)}
            for name in told.REACHES
            if (number := getattr(notice, f"number_{name}"))
        ],
    }


def title_of(notice: Notice, *, is_hidden: bool) -> str:
    if notice.kind == Notice.Kind.MESSAGE:
        return _("Message of the supervisor") if is_hidden else notice.subject
    titles = {
        "cancelled": _("Cancellation"),
        "date_cancelled": _("Cancellation"),
        "moved": _("Other time"),
        "place": _("Other place"),
        "back": _("Takes place after all"),
        "added": _("Further date"),
        "several": _("Several changes"),
    }
    return titles[what_changed(changes_in(notice), goes_on=True)]


def words_for(name: str, number: int) -> str:
    texts = {
        "call": ngettext("%(number)s not reached by mail: please call", "%(number)s not reached by mail: please call", number),
        "under_way": ngettext("%(number)s mail on its way", "%(number)s mails on their way", number),
        "sent": ngettext("%(number)s sent", "%(number)s sent", number),
        "dropped": ngettext("%(number)s no longer needed", "%(number)s no longer needed", number),
        "unknown": ngettext("%(number)s no longer known", "%(number)s no longer known", number),
    }
    return texts[name] % {"number": number}


# One notice


@portal_view
@require_safe
def notice(request: HttpRequest, page_id: int, notice_id: int) -> HttpResponse:
    """Who got it and who has to be called; of a supervision how many, and no more."""
    page = own_offering(request, page_id)
    shown = told.notices_of(page).filter(id=notice_id).first()
    if shown is None:
        raise Http404
    found = told.readable_recipients(shown, page, user=request.user) if not is_confidential(page) else NoticeRecipient.objects.none()
    page_obj = Paginator(found, RECIPIENTS_PER_PAGE).get_page(request.GET.get("seite"))
    (row,) = notice_rows([shown], page)
    context = {"row": row, "page_obj": page_obj, "recipients": [recipient_row(recipient) for recipient in page_obj]}
    return render_sign_up_page(request, page, "notice.html", context, tab=NOTICES, title=row["title"])


def recipient_row(recipient: NoticeRecipient) -> dict:
    reach = told.reach_of(recipient)
    sign_up = recipient.sign_up
    return {
        "pk": sign_up.pk,
        "names": [person.name for person in sign_up.participants.all()],
        "email": sign_up.email,
        "phone": sign_up.phone,
        "state": SHAPES[reach],
        "label": words_of_reach(recipient, reach),
    }


def words_of_reach(recipient: NoticeRecipient, reach: str) -> str:
    if reach == told.CALL:
        if recipient.mail is None:
            return _("no mail address: please call")
        if recipient.mail.status == recipient.mail.Status.UNCLEAR:
            return _("unclear whether it arrived: please call")
        return _("could not be delivered: please call")
    if reach == "under_way":
        return _("could not be delivered yet, is tried again") if recipient.mail.has_failed else _("on its way")
    return {"sent": _("sent"), "dropped": _("no longer needed"), "unknown": _("no longer known")}[reach]


# Writing


@csrf_protect
@portal_view
def new_notice(request: HttpRequest, page_id: int) -> HttpResponse:
    """Write, look at it once more with the number of recipients, send. Going back keeps what was typed."""
    page = own_offering(request, page_id)
    plans = listing.plan_rows(page)
    numbers = {audience: told.recipients(page, audience, actor=request.user).count() for audience in told.AUDIENCES}
    if request.method != "POST":
        form = MessageForm(plans=plans, numbers=numbers, initial={"audience": wished_audience(request)})
        return show_form(request, page, form)
    form = MessageForm(tidy_data(request.POST), plans=plans, numbers=numbers)
    if not form.is_valid() or request.POST.get("action") == "edit":
        return show_form(request, page, form)
    try:
        return send(request, page, form) if request.POST.get("action") == "send" else preview(request, page, form)
    except NotAllowed as objection:
        form.add_error(None, objection.message)
        return show_form(request, page, form)


def wished_audience(request: HttpRequest) -> str:
    wished = request.GET.get("an", "")
    return wished if wished in told.AUDIENCES else Notice.Audience.ALL


def show_form(request: HttpRequest, page: OfferingPage, form: MessageForm) -> HttpResponse:
    context = {"form": form, "objection": objection_to_write(request, page)}
    return render_sign_up_page(request, page, "notice_new.html", context, tab=NOTICES, title=_("Write a message"))


def preview(request: HttpRequest, page: OfferingPage, form: MessageForm) -> HttpResponse:
    data = form.cleaned_data
    mails, calls = told.people_of(told.recipients(page, data["audience"], actor=request.user, plan=form.chosen_plan))
    if not mails + calls:
        raise NotAllowed(_("There is nobody whom this message would reach. Nothing was sent."))
    context = {
        "form": form,
        "number": mails,
        "calls": calls,
        "reply_to": page.contact_email or request.user.email,
        "subject": data["subject"],
        "text": data["text"],
        "hidden": [(field.html_name, field.value()) for field in form if field.value() is not None],
    }
    return render_sign_up_page(request, page, "notice_preview.html", context, tab=NOTICES, title=_("Check the message"))


def send(request: HttpRequest, page: OfferingPage, form: MessageForm) -> HttpResponse:
    data = form.cleaned_data
    sent = told.send_message(
        page,
        audience=data["audience"],
        subject=data["subject"],
        text=data["text"],
        uid=data["uid"],
        plan=form.chosen_plan,
        actor=request.user,
    )
    messages.success(request, _("Your message is on its way. Here you see whom it reaches."))
    return redirect("ehrenamt:notice", page.pk, sent.pk)
