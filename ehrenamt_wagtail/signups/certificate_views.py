"""Certificates in public: fetched from the own page, collected by a mailed link, verified by anybody."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.http import require_http_methods, require_safe

from ehrenamt_wagtail import pdf
from ehrenamt_wagtail.conf import conf
from ehrenamt_wagtail.exceptions import NotAllowed
from ehrenamt_wagtail.responses import never_stored

from . import certificates, papers, records
from .certificate_forms import CodeForm, RecordsForm
from .models import Certificate, Participant
from .tokens import sign_up_of

TEMPLATES = "ehrenamt_wagtail/signups/"


# Verifying


@never_stored
@require_safe
def check(request: HttpRequest) -> HttpResponse:
    """The form for a code; what is typed leads to the address of that certificate."""
    form = CodeForm(request.GET if "code" in request.GET else None)
    if form.is_valid():
        return redirect("ehrenamt:certificate-verified", form.cleaned_data["code"])
    return render(request, TEMPLATES + "certificate_check.html", {"form": form})


@never_stored
@require_safe
def verified(request: HttpRequest, code: str) -> HttpResponse:
    """Title, dates, hours and initials of a certificate, and nothing more; also when the person's data are gone."""
    certificate = certificates.find_certificate(code)
    if certificate is None:
        form = CodeForm(initial={"code": code[:60]})
        return render(request, TEMPLATES + "certificate_unknown.html", {"form": form, "code": code[:60]}, status=404)
    context = {
        "title": certificate.title,
        "dates": papers.dates_in_words(certificate),
        "hours": papers.hours_in_words(certificate.hours),
        "initials": certificate.initials,
        "code": certificates.shown_code(certificate.code),
    }
    return render(request, TEMPLATES + "certificate_verified.html", context)


# One certificate, from the own page of a sign-up


@csrf_protect
@never_stored
@require_http_methods(["GET", "HEAD", "POST"])
def certificate(request: HttpRequest, token: str, participant_id: int) -> HttpResponse:
    """The document. It is made by the button (POST); opening the address before shows that button, or why there is none."""
    participant = own_participant(token, participant_id)
    message = ""
    if request.method == "POST":
        try:
            certificates.issue(participant)
            return redirect("ehrenamt:certificate", token, participant_id)
        except NotAllowed as refusal:
            message = refusal.message
    found = next(iter(certificates.fetchable(Participant.objects.filter(pk=participant.pk))), None)
    if found is not None and found.certificate is not None:
        return papers.certificates_response(request, [(found.certificate, participant.name)])
    context = {
        "token": token,
        "name": participant.name,
        "title": participant.sign_up.plan.offering.title,
        "is_ready": found is not None,
        "makes_pdf": pdf.is_available(),
        "message": message,
    }
    return render(request, TEMPLATES + "certificate.html", context)


def own_participant(token: str, participant_id: int) -> Participant:
    sign_up = sign_up_of(token)
    participant = sign_up and Participant.objects.filter(sign_up=sign_up, id=participant_id).first()
    if not participant or sign_up.is_confidential:
        raise Http404
    return participant


# All own certificates


@csrf_protect
@never_stored
@require_http_methods(["GET", "HEAD", "POST"])
def own_records(request: HttpRequest) -> HttpResponse:
    """Asks for the mail address; the answer is the same for every address."""
    form = RecordsForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if not form.is_trapped:
            records.send_link(form.cleaned_data["email"])
        return redirect("ehrenamt:own-records-sent")
    return render(request, TEMPLATES + "certificate_records.html", {"form": form, "months": conf.SIGNUP_KEPT_MONTHS})


@never_stored
@require_safe
def own_records_sent(request: HttpRequest) -> HttpResponse:
    return render(request, TEMPLATES + "certificate_records_sent.html", {"hours": records.LINK_HOURS})


@csrf_protect
@never_stored
@require_http_methods(["GET", "HEAD", "POST"])
def records_list(request: HttpRequest, token: str) -> HttpResponse:
    """Who shares the address, each with a button that makes their document."""
    people = records.people_of(token)
    if people is None:
        return render(request, TEMPLATES + "certificate_link_expired.html", status=404)
    if request.method == "POST":
        number = request.POST.get("person", "")
        own = records.records_of(token, int(number)) if number.isdecimal() and len(number) < 20 else None
        if own is None:
            raise Http404
        for participant in own:
            certificates.issue(participant)
        return redirect("ehrenamt:own-records-document", token, own[0].pk)
    rows = [row_of(own) for own in people.values()]
    return render(request, TEMPLATES + "certificate_list.html", {"rows": rows, "makes_pdf": pdf.is_available()})


def row_of(own: list[Participant]) -> dict:
    titles = sorted({person.sign_up.plan.offering.title for person in own})
    return {"pk": own[0].pk, "name": own[0].name, "number": len(own), "titles": titles}


@never_stored
@require_safe
def records_document(request: HttpRequest, token: str, participant_id: int) -> HttpResponse:
    """Those that were made; with the link's time over it says how to get a new one."""
    if records.people_of(token) is None:
        return render(request, TEMPLATES + "certificate_link_expired.html", status=404)
    own = records.records_of(token, participant_id)
    made: list[Certificate] = [person.certificate for person in own or [] if person.certificate is not None]
    if not made:
        return redirect("ehrenamt:own-records-list", token)
    return papers.records_response(request, made, own[0].name)


# On the own page of a sign-up


def own_certificates(sign_up, token: str) -> list[dict]:
    """What ``signups/includes/own_certificates.html`` shows: a line for each person who was there."""
    if sign_up.is_confidential:
        return []
    present = {person.pk: person for person in certificates.present_at(sign_up.plan).filter(sign_up=sign_up)}
    ready = {person.pk: person for person in certificates.fetchable(Participant.objects.filter(pk__in=present))} if present else {}
    return [
        {
            "name": person.name,
            "url": reverse("ehrenamt:certificate", args=[token, pk]),
            "is_ready": pk in ready,
            "is_made": pk in ready and ready[pk].certificate is not None,
        }
        for pk, person in present.items()
    ]
