"""Forms as a browser without JavaScript would send them."""

from bs4 import BeautifulSoup

from tests.crawl import fields_of
from tests.factories import in_days

NEW = "/partner/angebote/neu/?art=fortbildung"


def day(days: int) -> str:
    """That many days from today, as a browser sends it."""
    return in_days(days).strftime("%Y-%m-%d")


def facts(**changes) -> dict:
    """The six facts, as changes of ``form_data``."""
    return {
        "title": "Grundlagen des Asylrechts",
        "dates__0__date": day(20),
        "dates__0__start_time": "19:00",
        "place": "Gemeindehaus, Kirchgasse 1",
        "summary": "Ein Abend für alle, die Geflüchtete begleiten.",
        "contact_name": "Petra Beispiel",
        "contact_email": "petra@post.example",
        **changes,
    }


def soup(response) -> BeautifulSoup:
    return BeautifulSoup(response.content, "html.parser")


def form_data(response, **changes) -> dict:
    """What the page's main form would send as it stands, with ``changes`` (dashes written as ``__``)."""
    form = soup(response).select_one("form.ehrenamt-form")
    data = {name: values if len(values) > 1 else values[0] for name, values in fields_of(form, None).items()}
    return data | {name.replace("__", "-"): value for name, value in changes.items()}


def field_errors(response, name: str) -> list[str]:
    """The sentences next to the field ``name``."""
    control = soup(response).select_one(f"form.ehrenamt-form [name='{name}']")
    if control is None:
        return []
    field = control.find_parent(class_="ehrenamt-field")
    return [error.get_text(" ", strip=True) for error in field.select(".ehrenamt-field__error")]


def messages_of(response) -> str:
    return " ".join(element.get_text(" ", strip=True) for element in soup(response).select(".ehrenamt-message"))


def text_of(response) -> str:
    return soup(response).get_text(" ", strip=True)
