"""One of several processes that want the same seats; run by ``test_processes.py``, each with connections of its own.

    python -m tests.signups.crowd NUMBER PEOPLE PLAN ACTOR SECONDS

Says that it is ready, waits for a line, then signs up its share of the people and lets them confirm, cancel, take and decline
offers, lapse; changes the capacity now and then. Prints as JSON how often what was done and refused, and what went wrong.
"""

import json
import os
import random
import sys
import time
import traceback
from collections import Counter

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")

import django

django.setup()

from django.db import connection  # noqa: E402

from ehrenamt_wagtail.exceptions import NotAllowed  # noqa: E402
from ehrenamt_wagtail.models import SeatPlan, SignUp  # noqa: E402
from ehrenamt_wagtail.signups import people, plans, signing, waiting  # noqa: E402

Status = SignUp.Status
CAPACITIES = (46, 50, 54)


class Process:
    def __init__(self, number: int, share: int, plan: SeatPlan, actor) -> None:
        self.number, self.plan, self.actor = number, plan, actor
        self.chance = random.Random(number)
        self.people = [f"Person {number}-{index}" for index in range(share)]
        self.done: Counter = Counter()
        self.errors: list[str] = []

    def work(self, seconds: float) -> None:
        for name in self.people:
            self.sign_up(name)
            self.step()
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            self.step()

    def sign_up(self, name: str) -> None:
        names = [name, f"{name} zu zweit"] if self.chance.random() < 0.15 else [name]
        email = f"{name.lower().replace(' ', '')}@post.example"
        self.do(signing.sign_up, self.plan, names=names, email=email, would_wait=True)

    def step(self) -> None:
        """Something that happens to somebody, of this process or of another one."""
        rows = list(SignUp.objects.filter(plan=self.plan, status__in=SignUp.ACTIVE).order_by("?")[:6])
        offered = next((row for row in rows if row.status == Status.OFFERED), None)
        unconfirmed = next((row for row in rows if row.confirmed_at is None), None)
        luck = self.chance.random()
        if luck < 0.03:
            self.do(plans.set_capacity, self.plan, capacity=self.chance.choice(CAPACITIES), actor=self.actor)
        elif offered is not None and luck < 0.5:
            action = self.chance.choice([waiting.accept_offer, waiting.accept_offer, waiting.decline_offer, self.lapse])
            self.do(action, offered)
        elif unconfirmed is not None and luck < 0.85:
            self.do(self.chance.choice([signing.confirm] * 5 + [self.lapse]), unconfirmed)
        elif rows and luck < 0.93:
            self.do(signing.cancel_sign_up, rows[0])
        elif rows:
            name = self.chance.choice(["", f"Begleitung {self.chance.random()}"])
            self.do(people.change_second_person, rows[0], name=name)

    @staticmethod
    def lapse(sign_up: SignUp) -> bool:
        """As the job does it when the time is over."""
        return signing.free_unconfirmed(sign_up, now=sign_up.expires_at)

    def do(self, action, *args, **kwargs) -> None:
        try:
            action(*args, **kwargs)
            self.done[action.__name__] += 1
        except NotAllowed:
            self.done[f"{action.__name__} refused"] += 1
        except Exception:
            self.errors.append(traceback.format_exc())


def main(number: int, share: int, plan_id: int, actor_id: int, seconds: int) -> None:
    plan = SeatPlan.objects.get(pk=plan_id)
    actor = plan.offering.organisation.memberships.get(user=actor_id).user
    process = Process(number, share, plan, actor)
    print("ready", flush=True)
    sys.stdin.readline()
    process.work(seconds)
    connection.close()
    print(json.dumps({"done": process.done, "errors": process.errors}))


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
