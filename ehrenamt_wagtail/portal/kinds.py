"""What a partner may announce: one entry for each kind, and for each format of a training."""

from dataclasses import dataclass, field

from django.utils.translation import gettext_lazy as _

from ehrenamt_wagtail.programme.models import OfferingPage, TrainingPage
from ehrenamt_wagtail.programme.models.pages import offering_models

DESCRIPTIONS = {
    "fortbildung": _("Knowledge and skills for volunteers, on one or several dates."),
    "workshop": _("Working on a question together."),
    "vortrag": _("An evening of information, with questions and answers."),
    "austausch": _("Volunteers meet and share what they have learned."),
    "supervision": _("Reflecting with a professional; each date is one session."),
    "ehrenamtstag": _("A day with offerings of several organisations."),
}


@dataclass(frozen=True)
class Kind:
    art: str
    label: str
    model: type[OfferingPage]
    initial: dict = field(default_factory=dict)

    @property
    def description(self) -> str:
        return DESCRIPTIONS.get(self.art, "")


def kinds() -> list[Kind]:
    """All kinds in the order in which they are offered, a host's own last."""
    found = []
    for model in offering_models():
        if issubclass(model, TrainingPage):
            found += [
                Kind(model.ART_OF_FORMAT[value], label, model, {"training_format": value})
                for value, label in model.Format.choices
            ]
        else:
            art = model.art if isinstance(model.art, str) else model.kind
            found.append(Kind(art, model.kind_label, model))
    order = list(DESCRIPTIONS)
    return sorted(found, key=lambda kind: order.index(kind.art) if kind.art in order else len(order))


def kind_of(art: str) -> Kind | None:
    return next((kind for kind in kinds() if kind.art == art), None)
