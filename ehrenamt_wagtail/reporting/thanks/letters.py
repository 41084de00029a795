"""The letters: the text of a round filled in for each person, all of them one document."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.template.loader import render_to_string
from django.utils import timezone

from ehrenamt_wagtail import pdf
from ehrenamt_wagtail.circles.models import day_of
from ehrenamt_wagtail.conf import conf
from ehrenamt_wagtail.formatting import long_date
from ehrenamt_wagtail.reporting.models import ThankedPerson, ThanksRound

from .texts import filled

DOCUMENT = "ehrenamt_wagtail/reporting/thanks/letters.html"
STYLE_SHEET = "ehrenamt_wagtail/thanks.css"


@dataclass(frozen=True)
class Letter:
    """What ``letter.html`` shows for one person."""

    name: str
    circle: str
    paragraphs: list[str]


def letters_of(round: ThanksRound) -> list[Letter]:
    """One for each person by town, circle and name, so that each circle's letters lie together. One query."""
    people = round.people.select_related("circle__municipality")
    return [letter_for(round, person) for person in people]


def letter_for(round: ThanksRound, person: ThankedPerson) -> Letter:
    town = person.circle.municipality
    values = {
        "name": person.name,
        "seit": str(person.since),
        "kreis": person.circle.title,
        "ort": town.name if town else "",
        "tag": long_date(round.day),
    }
    values = {key: pdf.printable(value) for key, value in values.items()}
    text = filled(pdf.printable(round.letter.replace("\r\n", "\n")), values)
    paragraphs = [paragraph.strip() for paragraph in text.split("\n\n")]
    return Letter(values["name"], values["kreis"], [text for text in paragraphs if text])


def document(round: ThanksRound, letters: Iterable[Letter], *, is_pdf: bool) -> str:
    """All letters as one HTML document, each on its own page."""
    day = day_of(round.letter_date or timezone.localdate())
    context = {
        "round": round,
        "subject": pdf.printable(round.subject),
        "letters": letters,
        "date_line": f"{round.place}, {day}" if round.place else day,
        "signed_by": pdf.printable(round.signed_by),
        "district_name": conf.DISTRICT_NAME,
        "is_pdf": is_pdf,
        "style_sheets": [STYLE_SHEET],
    }
    return render_to_string(DOCUMENT, context)


def laid_out(round: ThanksRound, letters: Iterable[Letter]):
    """WeasyPrint's pages of these letters."""
    return pdf.laid_out(document(round, letters, is_pdf=True), STYLE_SHEET)
