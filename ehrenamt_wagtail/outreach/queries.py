"""Reads about reported barriers."""

from typing import Any

from django.db.models import Q

from ehrenamt_wagtail.signups.person_data import same_address

from .models import BarrierReport


def reports_about(address: str):
    """The reports that came from this mail address or name it in their text."""
    address = address.strip()
    named = Q(description__icontains=address) | Q(address__icontains=address) | Q(name__icontains=address)
    return BarrierReport.objects.filter(same_address("email", address) | named).order_by("created_at", "pk")


def report_data(report: BarrierReport) -> dict[str, Any]:
    """What is stored of a report, as a person may ask for it."""
    return {
        "name": report.name,
        "mail_address": report.email,
        "created_at": report.created_at,
        "address": report.address,
        "text": report.description,
    }
