"""What the read model of the programme keeps of sign-ups: how one signs up, and how many seats are free. No names, no lists.

The numbers are written in the transaction that changes them. Lock order: page, plans, row of the read model.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import Sum

from ehrenamt_wagtail.programme.listed_seats import change_seats
from ehrenamt_wagtail.programme.models import ListedSeats

from .models import SeatPlan
from .queries import Confidentiality, confidentialities
from .seats import SeatCount, counts_of

# Under this name they stand in ``ListedSeats.seats``.
NAME = "sign_up"
ON_REQUEST = "on_request"
Mode = SeatPlan.Mode
SHOWN = ("mode", "external_url", "has_waiting_list", "minimum", "seats_per_sign_up")

# Where a seat is free before and after, nothing but the number changes.
TABLE = ListedSeats._meta.db_table
SET_FREE = {
    "postgresql": f"""
        UPDATE {TABLE} SET seats = jsonb_set(seats, %(path)s::text[], %(free)s::text::jsonb)
        WHERE offering_id = %(offering)s AND is_free AND seats #> %(path)s::text[] NOT IN (%(free)s::text::jsonb, 'null'::jsonb)
    """,
    "sqlite": f"""
        UPDATE {TABLE} SET seats = json_set(seats, %(path)s, %(free)s)
        WHERE offering_id = %(offering)s AND is_free AND json_extract(seats, %(path)s) <> %(free)s
    """,
}
PATHS = {"postgresql": f"{{{NAME},plans,%s,free}}", "sqlite": f'$.{NAME}.plans."%s".free'}


@dataclass(frozen=True)
class ShownPlan:
    """A ``SeatPlan`` as the public sees it, with its free seats; ``free`` is ``None`` where there is no limit.

    ``occurrence_uid`` is text. The rules of signing up read it like a ``SeatPlan``.
    """

    pk: int
    offering_id: int
    occurrence_uid: str | None
    mode: str
    external_url: str
    has_waiting_list: bool
    minimum: int | None
    seats_per_sign_up: int
    free: int | None
    opens_at: dt.datetime | None
    closes_at: dt.datetime | None
    minimum_decided_on: dt.date | None

    @property
    def is_here(self) -> bool:
        return self.mode == SeatPlan.Mode.HERE

    @property
    def is_full(self) -> bool:
        return self.free == 0


def facts_of(page_ids: Collection[int]) -> dict[int, dict]:
    """Page id → what the public may know of signing up, as JSON; pages without plan and supervisor are missing. Three queries."""
    plans: dict[int, list[SeatPlan]] = defaultdict(list)
    for plan in SeatPlan.objects.filter(offering__in=page_ids).order_by("pk"):
        plans[plan.offering_id].append(plan)
    offerings = confidentialities(page_ids)
    counts = counts_of(plan for own in plans.values() for plan in own)
    return {
        pk: facts_of_offering(offering, plans[pk], counts)
        for pk, offering in offerings.items()
        if plans[pk] or offering.form is not None
    }


def facts_of_offering(offering: Confidentiality, plans: list[SeatPlan], counts: dict[int, SeatCount]) -> dict:
    has_supervisor = offering.supervisor_id is not None
    hides = is_hidden(offering.form, offering.is_supervision, has_supervisor)
    return {
        "is_supervision": offering.is_supervision,
        "has_supervisor": has_supervisor,
        "form": offering.form,
        "plans": {str(plan.pk): facts_of_plan(plan, None if hides else counts[plan.pk].free) for plan in plans},
    }


def facts_of_plan(plan: SeatPlan, free: int | None) -> dict[str, Any]:
    return {name: getattr(plan, name) for name in SHOWN} | {
        "uid": str(plan.occurrence_uid) if plan.occurrence_uid else None,
        "free": free,
        "opens_at": plan.opens_at and plan.opens_at.isoformat(),
        "closes_at": plan.closes_at and plan.closes_at.isoformat(),
        "minimum_decided_on": plan.minimum_decided_on and plan.minimum_decided_on.isoformat(),
    }


# Reading


def is_free(facts: dict) -> bool:
    """Whether a seat is left, or none is needed. Of sign-ups elsewhere nobody knows; of a hidden number nobody learns."""
    if is_hidden(facts["form"], facts["is_supervision"], facts["has_supervisor"]):
        return False
    plans = facts["plans"].values()
    return any(plan["mode"] == Mode.NONE or (plan["mode"] == Mode.HERE and plan["free"] != 0) for plan in plans)


def is_hidden(form: str | None, is_supervision: bool, has_supervisor: bool) -> bool:
    """Of a supervision that nobody can sign up for here no number is public."""
    return form == ON_REQUEST or (is_supervision and not has_supervisor)


def plans_in(facts: dict, offering_id: int) -> dict[str | None, ShownPlan]:
    """The plans by the uid of their date, as text; ``None`` for the whole offering."""
    plans = (plan_in(int(pk), values, offering_id) for pk, values in facts["plans"].items())
    return {plan.occurrence_uid: plan for plan in plans}


def plan_in(pk: int, values: dict, offering_id: int) -> ShownPlan:
    opens, closes, decided = values["opens_at"], values["closes_at"], values["minimum_decided_on"]
    return ShownPlan(
        pk=pk,
        offering_id=offering_id,
        occurrence_uid=values["uid"],
        free=values["free"],
        opens_at=dt.datetime.fromisoformat(opens) if opens else None,
        closes_at=dt.datetime.fromisoformat(closes) if closes else None,
        minimum_decided_on=dt.date.fromisoformat(decided) if decided else None,
        **{name: values[name] for name in SHOWN},
    )


def confidentiality_in(facts: dict) -> Confidentiality:
    """Who the supervisor is is not public: any number stands for somebody."""
    return Confidentiality(facts["is_supervision"], facts["form"], 0 if facts["has_supervisor"] else None)


# Writing


def lock_plans(page_ids: Collection[int]) -> None:
    """Nobody takes or frees seats of these offerings until the end of the transaction."""
    list(SeatPlan.objects.select_for_update().filter(offering__in=page_ids).order_by("pk").values_list("pk"))


def set_free(offering_id: int, plan_id: int, free: int) -> None:
    """So many seats are free now, by who holds the plan's lock; writes nothing where the list says so already."""
    if free:
        values = {"path": PATHS[connection.vendor] % plan_id, "free": free, "offering": offering_id}
        with connection.cursor() as cursor:
            cursor.execute(SET_FREE[connection.vendor], values)
            if cursor.rowcount:
                return
    change_seats(offering_id, lambda seats: with_free(seats, plan_id, free))


def with_free(seats: dict, plan_id: int, free: int) -> dict:
    """``seats`` with this number; as they are where they do not know the plan, or keep its number to themselves."""
    facts = seats.get(NAME, {"plans": {}})
    plan = facts["plans"].get(str(plan_id), {"free": None})
    if plan["free"] is None:
        return seats
    plans = facts["plans"] | {str(plan_id): plan | {"free": free}}
    return seats | {NAME: facts | {"plans": plans}}


def count_free(plan_ids: Collection[int]) -> None:
    """Count the free seats of these plans anew, by who holds their locks."""
    plans = SeatPlan.objects.filter(pk__in=plan_ids).exclude(capacity=None).order_by("pk")
    for pk, offering_id, capacity, taken in plans.annotate(taken=Sum("sign_ups__seats_held")).values_list(
        "pk", "offering_id", "capacity", "taken"
    ):
        set_free(offering_id, pk, SeatCount(capacity, taken or 0, 0).free)
