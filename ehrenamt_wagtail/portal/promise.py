"""Until when an organisation has its answer, in words; and whom to ask when that day has passed."""

import datetime as dt
from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext as _

from ehrenamt_wagtail.directory.models import Coordinator
from ehrenamt_wagtail.formatting import long_date
from ehrenamt_wagtail.review.deadlines import answer_due


@dataclass(frozen=True)
class Promise:
    """``text`` is one sentence for the organisation."""

    due: dt.date
    text: str

    @property
    def is_overdue(self) -> bool:
        return self.due < timezone.localdate()


def promise_of(page) -> Promise | None:
    """What an organisation reads about a page that waits; nothing when it does not wait. Asks the database nothing more."""
    due = answer_due(page)
    if due is None:
        return None
    if due >= timezone.localdate():
        return Promise(due, _("Answer by %(day)s.") % {"day": day_text(due)})
    text = _("You should have had an answer by %(day)s. We are sorry that it takes longer; please ask the district's coordinators.")
    return Promise(due, text % {"day": day_text(due)})


def day_text(day: dt.date) -> str:
    """„Donnerstag, 14. März“; with the year if it is not this one."""
    return long_date(day, year=day.year != timezone.localdate().year)


def contacts() -> list[Coordinator]:
    """Whom to ask: the coordinators in office."""
    return list(Coordinator.objects.in_office())


def contact_text() -> str:
    """The same in one line: „Karin Koordination, 07031 123, karin@landkreis.example; …“."""
    return "; ".join(", ".join(filter(None, [person.name, person.phone, person.email])) for person in contacts())
