"""The placeholders in the text of a letter. Knows no models."""

import re

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

# Name → what stands there; the names are German, since coordinators type them.
PLACEHOLDERS = {
    "name": gettext_lazy("the person's name"),
    "seit": gettext_lazy("the year since when the person has volunteered"),
    "kreis": gettext_lazy("the name of the circle"),
    "ort": gettext_lazy("the town of the circle"),
    "tag": gettext_lazy("the day on which they are thanked"),
}
PLACEHOLDER = re.compile(r"\{\s*([^{}]*?)\s*\}")


def unknown_placeholders(text: str) -> list[str]:
    """„{nmae}“ and whatever else stands in braces and is no placeholder, each once."""
    names = [f"{{{name}}}" for name in PLACEHOLDER.findall(text) if name.lower() not in PLACEHOLDERS]
    return list(dict.fromkeys(names))


def filled(text: str, values: dict[str, str]) -> str:
    """``text`` with each placeholder replaced; what is put in is not looked through again."""
    return PLACEHOLDER.sub(lambda found: values.get(found[1].lower(), found[0]), text)


def placeholders_in_words() -> str:
    """„{name}: der Name; {seit}: …“ for the help at the field."""
    return _("You can use: %(placeholders)s.") % {
        "placeholders": "; ".join(f"{{{name}}} – {meaning}" for name, meaning in PLACEHOLDERS.items())
    }


def default_letter() -> str:
    """What stands in a new letter, to be changed."""
    return _(
        "Hello {name},\n\n"
        "since {seit} you have volunteered – for {kreis}. We thank you for it with all our hearts.\n\n"
        "What you do stands in no plan: you listen, explain, accompany and open doors. Without people like you, our district would "
        "be a different place.\n\n"
        "You are warmly invited on {tag}. We look forward to thanking you in person."
    )


def default_subject() -> str:
    return _("Thank you for volunteering")
