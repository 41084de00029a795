"""How people sign up, in words: to be read where nothing can be changed, and to compare two versions."""

from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from ehrenamt_wagtail.formatting import long_date, moment
from ehrenamt_wagtail.portal.facts import date_text
from ehrenamt_wagtail.signups.models import SeatPlan
from ehrenamt_wagtail.signups.settings import Day, SignUpSettings


def facts_of(settings: SignUpSettings, days: Sequence[Day]) -> list[dict]:
    """``term`` and ``value`` each; what does not matter for the way to sign up is left out."""
    facts = [(_("Sign-up"), str(SeatPlan.Mode(settings.mode).label))]
    if settings.mode == SeatPlan.Mode.EXTERNAL:
        facts.append((_("Address of the other website"), settings.external_url))
    if settings.mode == SeatPlan.Mode.HERE:
        facts += here_facts(settings, days)
    return [{"term": term, "value": value} for term, value in facts]


def here_facts(settings: SignUpSettings, days: Sequence[Day]) -> list[tuple[str, str]]:
    return [
        (_("Sign-up for"), _("each date by itself") if settings.per_date else _("all dates together")),
        (_("Seats"), seats_text(settings, days)),
        (_("Waiting list"), yes_or_no(settings.has_waiting_list)),
        (_("Opens"), moment(settings.opens_at) if settings.opens_at else _("at once")),
        (_("Closes"), moment(settings.closes_at) if settings.closes_at else _("when it begins")),
        (_("Smallest number"), minimum_text(settings)),
        (_("Two people in one sign-up"), yes_or_no(settings.seats_per_sign_up == 2)),
        (_("Telephone number"), _("is asked for") if settings.asks_phone else _("is not asked for")),
        (_("Questions"), "\n".join(question_text(question) for question in settings.questions) or pgettext("questions", "none")),
    ]


def yes_or_no(value: bool) -> str:
    return _("yes") if value else _("no")


def seats_text(settings: SignUpSettings, days: Sequence[Day]) -> str:
    names = {day.uid: date_text(day.date) for day in days}
    own = [f"{names[uid]}: {number}" for uid, number in settings.capacities.items() if uid in names]
    return "\n".join([str(settings.capacity) if settings.capacity else _("without limit"), *own])


def minimum_text(settings: SignUpSettings) -> str:
    if settings.minimum is None:
        return pgettext("smallest number", "none")
    if settings.minimum_decided_on is None:
        return str(settings.minimum)
    return _("%(number)s, decided on %(day)s") % {"number": settings.minimum, "day": long_date(settings.minimum_decided_on)}


def question_text(question) -> str:
    parts = [question.text, question.purpose, *question.choices, _("must be answered") if question.is_required else ""]
    return " – ".join(filter(None, parts))


def differences(before: SignUpSettings, after: SignUpSettings, days: Sequence[Day]) -> list[dict]:
    """Rows of the component „diff“."""
    old, new = ({fact["term"]: fact["value"] for fact in facts_of(settings, days)} for settings in (before, after))
    return [
        {"label": term, "before": old.get(term, ""), "after": new.get(term, "")}
        for term in {**old, **new}
        if old.get(term, "") != new.get(term, "")
    ]


def fold_hints(settings: SignUpSettings) -> dict[str, str]:
    """What stands beside the headings of the folded parts."""
    number = len(settings.questions)
    questions = ngettext("%(number)s question", "%(number)s questions", number) % {"number": number}
    opens = _("opens %(moment)s") % {"moment": moment(settings.opens_at)} if settings.opens_at else ""
    closes = _("closes %(moment)s") % {"moment": moment(settings.closes_at)} if settings.closes_at else ""
    return {
        "times": ", ".join(filter(None, [opens, closes])) or _("at once, until it begins"),
        "details": _("with waiting list") if settings.has_waiting_list else _("without waiting list"),
        "minimum": minimum_text(settings),
        "questions": questions if number else pgettext("questions", "none"),
    }
