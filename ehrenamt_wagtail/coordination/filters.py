"""The address parameters of the coordination calendar: those of the programme, and ``stand``.

``parse_plan_filters`` never fails: what is unknown is left out and named in ``notices``.
"""

from dataclasses import dataclass

from django.db import models
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from ehrenamt_wagtail.directory.models import Municipality, Organisation, Topic
from ehrenamt_wagtail.programme.filters import kind_choices, one_line, parse_filters, shown
from ehrenamt_wagtail.programme.models import OfferingPage

from .models import PlannedDate, PlanState

SHARED = ("gemeinde", "thema", "art", "traeger")

# Value of ``stand`` → its label and the states that it means.
STANDS = {
    "vormerkung": (gettext_lazy("Holds"), [PlanState.HOLD]),
    "entwurf": (
        gettext_lazy("Drafts and returned ones"),
        [PlanState.DRAFT, PlanState.RETURNED, PlanState.CHANGE_DRAFT, PlanState.CHANGE_RETURNED],
    ),
    "pruefung": (pgettext_lazy("planned dates", "In review"), [PlanState.IN_REVIEW, PlanState.CHANGE_IN_REVIEW]),
    "veroeffentlicht": (pgettext_lazy("planned dates", "Published"), [PlanState.PUBLISHED]),
}


@dataclass(frozen=True)
class PlanFilters:
    """What somebody wants to see. Values of one field combine as OR, fields as AND."""

    municipalities: tuple[Municipality, ...] = ()
    topics: tuple[Topic, ...] = ()
    kinds: tuple[str, ...] = ()
    organisers: tuple[Organisation, ...] = ()
    stands: tuple[str, ...] = ()
    notices: tuple[str, ...] = ()

    def pairs(self) -> list[tuple[str, str]]:
        """Name and value of each filter, as in the address."""
        return [(name, value) for name, value, _label in self.labelled()]

    def labelled(self) -> list[tuple[str, str, str]]:
        """Name, value and label of each filter."""
        kinds = kind_choices() if self.kinds else {}
        return [
            *(("gemeinde", town.slug, town.name) for town in self.municipalities),
            *(("thema", topic.slug, topic.name) for topic in self.topics),
            *(("art", value, kinds[value]) for value in self.kinds),
            *(("traeger", organiser.slug, organiser.name) for organiser in self.organisers),
            *(("stand", value, str(STANDS[value][0])) for value in self.stands),
        ]


def parse_plan_filters(parameters: QueryDict) -> PlanFilters:
    """Read the parameters; reads the registers that are named (at most one query each)."""
    shared = QueryDict(mutable=True)
    for name in SHARED:
        shared.setlist(name, parameters.getlist(name))
    programme = parse_filters(shared)
    wanted = list(dict.fromkeys(filter(None, map(one_line, parameters.getlist("stand")))))
    unknown = [
        _("There is no state “%(value)s”.") % {"value": shown(value)} + " " + _("We left this filter out.")
        for value in wanted
        if value not in STANDS
    ]
    return PlanFilters(
        municipalities=programme.municipalities,
        topics=programme.topics,
        kinds=programme.kinds,
        organisers=programme.organisers,
        stands=tuple(value for value in STANDS if value in wanted),
        notices=(*programme.notices, *unknown[:1]),
    )


def matching_plans(filters: PlanFilters) -> models.Q:
    """The condition for planned dates, all but the period.

    A co-host counts as organiser only of what is public: of others' drafts nobody is to learn who else takes part.
    """
    condition = models.Q()
    if filters.municipalities:
        condition &= models.Q(municipality__in=filters.municipalities)
    if filters.topics:
        with_topic = PlannedDate.topics.through.objects.filter(topic__in=filters.topics)
        condition &= models.Q(pk__in=with_topic.values("planneddate"))
    if filters.kinds:
        condition &= models.Q(art__in=filters.kinds)
    if filters.organisers:
        hosted = OfferingPage.objects.filter(live=True, co_hosts__organisation__in=filters.organisers).order_by()
        condition &= models.Q(organisation__in=filters.organisers) | models.Q(
            state=PlanState.PUBLISHED, offering__in=hosted.values("pk")
        )
    if filters.stands:
        condition &= models.Q(state__in=[state for stand in filters.stands for state in STANDS[stand][1]])
    return condition
