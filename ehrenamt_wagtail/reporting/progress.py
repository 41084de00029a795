"""Who has contributed what to a programme period; the numbers for the coordinators and for the organisations themselves."""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Count, Q
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from ehrenamt_wagtail.coordination.models import JoinProposal, PlanState
from ehrenamt_wagtail.directory.models import Organisation
from ehrenamt_wagtail.mail.models import OutgoingMail

from . import notifications
from .models import PeriodAnswer, ProgrammePeriod
from .periods import planned_in

APPROVED, WAITING, RETURNED, DRAFT = "approved", "waiting", "returned", "draft"

# In which column an offering stands; the first that fits one of its dates in the period.
COLUMN_OF = {
    PlanState.PUBLISHED: APPROVED,
    PlanState.IN_REVIEW: WAITING,
    PlanState.CHANGE_IN_REVIEW: WAITING,
    PlanState.RETURNED: RETURNED,
    PlanState.CHANGE_RETURNED: RETURNED,
    PlanState.DRAFT: DRAFT,
    PlanState.CHANGE_DRAFT: DRAFT,
}
COLUMNS = (APPROVED, WAITING, RETURNED, DRAFT)


@dataclass(frozen=True)
class Contribution:
    """Numbers of an organisation's offerings in a period, and whether it said that it has nothing this time."""

    approved: int = 0
    waiting: int = 0
    returned: int = 0
    drafts: int = 0
    said_nothing: bool = False

    @property
    def submitted(self) -> int:
        """All that was submitted, whatever became of it."""
        return self.approved + self.waiting + self.returned

    @property
    def has_entry(self) -> bool:
        """Drafts are none: nobody but the organisation knows whether they will be finished."""
        return self.submitted > 0

    @property
    def is_missing(self) -> bool:
        """Neither an entry nor the word that there will be none: such organisations are reminded."""
        return not (self.has_entry or self.said_nothing)

    def in_words(self) -> str:
        """Where the organisation stands, for the coordinators."""
        if self.has_entry:
            return pgettext("contribution", "contributed")
        if self.said_nothing:
            return pgettext("contribution", "nothing this time")
        return pgettext("contribution", "drafts only") if self.drafts else pgettext("contribution", "nothing yet")


NOTHING_YET = Contribution()


@dataclass(frozen=True)
class Written:
    """On which local day an organisation was asked for contributions, and when it was written to last because of the period."""

    called_on: dt.date | None
    last_at: dt.datetime
    is_reminder: bool


@dataclass(frozen=True)
class Row:
    """An organisation in the table of a period. ``people`` is the number of those who can be written to."""

    organisation: Organisation
    contribution: Contribution
    people: int
    written: Written | None

    @property
    def is_missing(self) -> bool:
        """Nobody expects anything of an organisation that is not active any more."""
        return self.contribution.is_missing and self.organisation.is_active

    @property
    def is_to_be_called(self) -> bool:
        """It was not asked for contributions yet, perhaps because there is nobody to write to."""
        return self.organisation.is_active and (self.written is None or self.written.called_on is None)


@dataclass(frozen=True)
class Progress:
    """``offerings`` holds the number of offerings in each column."""

    rows: tuple[Row, ...]
    offerings: Counter

    def missing(self) -> list[Row]:
        """Organisations without a contribution, those that said that they have nothing this time left out."""
        return [row for row in self.rows if row.is_missing]

    def to_be_called(self) -> list[Row]:
        return [row for row in self.rows if row.is_to_be_called and row.people]

    def unreachable(self) -> list[Row]:
        """Those that should be asked, and nobody with a mail address acts for them."""
        return [row for row in self.rows if row.is_to_be_called and not row.people]

    def numbers(self) -> list[tuple[str, int]]:
        """What stands above the table: label and number."""
        contributions = [row.contribution for row in self.rows]
        return [
            (_("organisations have contributed"), sum(one.has_entry for one in contributions)),
            (_("have nothing this time"), sum(one.said_nothing and not one.has_entry for one in contributions)),
            (_("are still missing"), len(self.missing())),
            (_("offerings were submitted"), self.offerings.total() - self.offerings[DRAFT]),
            (_("of these approved"), self.offerings[APPROVED]),
            (_("wait for review"), self.offerings[WAITING]),
            (_("were returned"), self.offerings[RETURNED]),
            (_("are still drafts"), self.offerings[DRAFT]),
        ]


def contributions(period: ProgrammePeriod, organisation_ids: Collection[int] | None = None) -> dict[int, Contribution]:
    """By organisation what it has contributed to the period, of these organisations or of all; three queries.

    An offering counts once, by its dates in the period that are not cancelled. What was given up to join the offering of another
    organisation counts as that offering does. Organisations without anything are missing.
    """
    found = contributions_in(period, columns_of(period))
    return {pk: one for pk, one in found.items() if organisation_ids is None or pk in organisation_ids}


def contributions_in(period: ProgrammePeriod, columns: dict[int, tuple[int | None, str]]) -> dict[int, Contribution]:
    counts: dict[int, Counter] = defaultdict(Counter)
    for organisation, column in [*columns.values(), *joined(columns)]:
        if organisation is not None:
            counts[organisation][column] += 1
    answers = set(PeriodAnswer.objects.filter(period=period).values_list("organisation_id", flat=True))
    return {
        pk: Contribution(
            approved=counts[pk][APPROVED],
            waiting=counts[pk][WAITING],
            returned=counts[pk][RETURNED],
            drafts=counts[pk][DRAFT],
            said_nothing=pk in answers,
        )
        for pk in {*counts, *answers}
    }


def columns_of(period: ProgrammePeriod) -> dict[int, tuple[int | None, str]]:
    """By offering its organisation and the column in which it stands; one query."""
    found: dict[int, tuple[int | None, str]] = {}
    planned = planned_in(period).order_by().values_list("offering_id", "organisation_id", "state").distinct()
    for offering, organisation, state in planned:
        column = COLUMN_OF[PlanState(state)]
        if offering not in found or COLUMNS.index(column) < COLUMNS.index(found[offering][1]):
            found[offering] = organisation, column
    return found


def joined(columns: dict[int, tuple[int | None, str]]) -> list[tuple[int | None, str]]:
    """Organisations that gave up an offering of theirs to join one of these, with the column of that one; one query."""
    proposals = JoinProposal.objects.filter(host__in=list(columns), status=JoinProposal.Status.JOINED)
    pairs = proposals.values_list("joining__organisation_id", "host_id")
    return [(organisation, columns[host][1]) for organisation, host in pairs]


def contribution_of(period: ProgrammePeriod, organisation_id: int) -> Contribution:
    return contributions(period, [organisation_id]).get(organisation_id, NOTHING_YET)


def progress(period: ProgrammePeriod) -> Progress:
    """The table of a period: all active organisations, and others that contribute to it, by name; a fixed number of queries."""
    columns = columns_of(period)
    found = contributions_in(period, columns)
    reachable = Q(memberships__user__is_active=True) & ~Q(memberships__user__email="")
    organisations = (
        Organisation.objects.filter(Q(is_active=True) | Q(pk__in=list(found)))
        .annotate(people=Count("memberships__user", filter=reachable, distinct=True))
        .order_by("name", "pk")
    )
    written = written_to(period)
    return Progress(
        tuple(
            Row(organisation, found.get(organisation.pk, NOTHING_YET), organisation.people, written.get(organisation.pk))
            for organisation in organisations
        ),
        Counter(column for _organisation, column in columns.values()),
    )


# What the outbox says


def written_to(period: ProgrammePeriod) -> dict[int, Written]:
    """By organisation when it was written to because of the period; one query. Those that nobody was written to for are missing."""
    mails = OutgoingMail.objects.filter(
        Q(dedupe_key__startswith=f"{notifications.CALLED}:{period.pk}:")
        | Q(dedupe_key__startswith=f"{notifications.REMINDED}:{period.pk}:")
    )
    found: dict[int, Written] = {}
    for template, params, at in mails.order_by("created_at", "pk").values_list("template", "params", "created_at"):
        before, is_reminder = found.get(params["organisation"]), template == notifications.REMINDED
        called_on = before.called_on if before else None
        if called_on is None and not is_reminder:
            called_on = dt.date.fromisoformat(params["day"])
        found[params["organisation"]] = Written(called_on, at, is_reminder)
    return found
