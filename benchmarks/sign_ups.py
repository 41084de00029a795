#!/usr/bin/env python
"""How many sign-ups a second one hot offering takes, and whether it stays exact when everybody comes at once, on PostgreSQL.

    python .ci/with_postgres.py python benchmarks/sign_ups.py

Exits with 1 when a promise is missed; see the README.md beside this file. Works in the database that DATABASE_URL names and
empties its tables: never point it at one that matters.
"""

from __future__ import annotations

import argparse
import datetime as dt
import logging
import os
import statistics
import subprocess
import sys
import time
import uuid
from pathlib import Path

BASE_DIR = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(BASE_DIR))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "example_site.settings")
os.environ["DEBUG"] = "0"

import django  # noqa: E402

django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connection, transaction  # noqa: E402
from django.utils import timezone  # noqa: E402
from django_q.models import OrmQ  # noqa: E402
from wagtail.models import Page, Site  # noqa: E402

from benchmarks.rush import rush  # noqa: E402
from ehrenamt_wagtail import models  # noqa: E402
from ehrenamt_wagtail.signups import signing  # noqa: E402

PROCESSES = 8
SECONDS = 3
ROUNDS = 3
# The app's action against the bare transaction. On a busy machine it is compared again, so often at most, and the best counts.
LEAST_RATIO, TRIES = 0.3, 3

# What each of the bare transactions does: lock, count, insert, write the mail; nothing is checked.
LOCK = "SELECT capacity FROM ehrenamt_wagtail_seatplan WHERE id = %s FOR UPDATE"
COUNT = "SELECT COALESCE(SUM(seats_held), 0) FROM ehrenamt_wagtail_signup WHERE plan_id = %s"
INSERT = """
    INSERT INTO ehrenamt_wagtail_signup
        (plan_id, uid, status, source, email, phone, language, seats, seats_held, waits_for_all, created_at, expires_at, sequence,
         is_confidential)
    VALUES (%s, %s, 'pending', 'web', %s, '', 'de', 1, 1, false, now(), now() + interval '1 day', 0, false)
"""
MAIL = """
    INSERT INTO ehrenamt_wagtail_outgoingmail
        (template, address, language, params, status, attempts, next_attempt_at, last_error, message_id, is_confidential, is_bulk,
         created_at)
    VALUES ('signups/confirm', %s, 'de', %s, 'waiting', 0, now(), '', %s, false, false, now())
"""


def published_offering() -> models.OfferingPage:
    root = Site.objects.get(is_default_site=True).root_page
    programme = root.add_child(instance=models.ProgrammePage(title="Programm", slug="programm"))
    call_command("ehrenamt_setup", verbosity=0, stdout=open(os.devnull, "w"))
    town = models.Municipality.objects.create(name="Herrenberg")
    organisation = models.Organisation.objects.create(name="Volkshochschule", municipality=town)
    page = models.TrainingPage(
        title="Grundlagen des Asylrechts",
        summary="Ein Abend.",
        organisation=organisation,
        contact_name="Petra Beispiel",
        contact_email="petra@post.example",
        municipality=town,
        place="Gemeindehaus",
    )
    page.occurrences.add(models.Occurrence(start=timezone.now() + dt.timedelta(days=60)))
    Page.objects.get(pk=programme.pk).add_child(instance=page)
    page.save_revision().publish()
    return models.OfferingPage.objects.get(pk=page.pk)


def new_plan(page: models.OfferingPage, capacity: int) -> models.SeatPlan:
    """A plan without sign-ups, mails and jobs: what came before would slow both sides down alike and hide the difference."""
    for model in (models.SignUp, models.SeatPlan, models.OutgoingMail, models.ConfirmationCount, models.DeliveryStart, OrmQ):
        model.objects.all().delete()
    return models.SeatPlan.objects.create(offering_id=page.pk, mode="here", capacity=capacity)


# One process


def bare(plan: models.SeatPlan) -> None:
    email = f"{uuid.uuid4().hex}@post.example"
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(LOCK, [plan.pk])
        cursor.execute(COUNT, [plan.pk])
        cursor.execute(INSERT, [plan.pk, uuid.uuid4(), email])
        cursor.execute(MAIL, [email, '{"sign_up": "1"}', f"<{email}>"])


def by_action(plan: models.SeatPlan) -> None:
    name = uuid.uuid4().hex
    signing.sign_up(plan, names=[f"Erika {name}"], email=f"{name}@post.example", uid=uuid.uuid4(), language="de")


WAYS = {"bare": bare, "action": by_action}


def work(way: str, plan_id: int) -> int:
    """Say that all is loaded, read when to begin, sign up as often as possible for ``SECONDS`` and print how often."""
    # As a web worker has it: one connection for many requests. The broker would open one for each sign-up.
    connection.settings_dict["CONN_MAX_AGE"] = None
    connection.close()
    logging.getLogger("django-q").setLevel(logging.ERROR)
    plan = models.SeatPlan.objects.get(pk=plan_id)
    function = WAYS[way]
    print("ready", flush=True)
    begin = float(sys.stdin.readline())
    time.sleep(max(0, begin - time.time()))
    end, number = begin + SECONDS, 0
    while time.time() < end:
        function(plan)
        number += 1
    print(number)
    return 0


# All processes


def measure(way: str, page: models.OfferingPage) -> float:
    """Sign-ups a second from all processes together; raises ``RuntimeError`` when one of them failed."""
    plan = new_plan(page, capacity=10_000)
    command = [sys.executable, __file__, "--work", way, str(plan.pk)]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    processes = [subprocess.Popen(command, **pipes) for _number in range(PROCESSES)]
    for process in processes:
        process.stdout.readline()
    begin = f"{time.time() + 0.5}\n"
    outputs = [process.communicate(begin)[0] for process in processes]
    if any(process.returncode for process in processes):
        raise RuntimeError(f"a process of {way!r} failed")
    number = sum(int(output) for output in outputs)
    if models.SignUp.objects.filter(plan=plan).count() != number:
        raise RuntimeError(f"{way!r} counted {number} sign-ups, the database has another number")
    return number / SECONDS


def compare(page: models.OfferingPage) -> list[str]:
    best = 0.0
    for _try in range(TRIES):
        best = max(best, compare_once(page))
        if best >= LEAST_RATIO:
            return []
    return [f"the action does {best:.2f} of the bare transaction; at least {LEAST_RATIO}"]


def compare_once(page: models.OfferingPage) -> float:
    """The ratio of the medians; both ways in turns."""
    print(f"\n== one hot offering, {PROCESSES} processes, {SECONDS} s each, in turns", flush=True)
    rates: dict[str, list[float]] = {way: [] for way in WAYS}
    for _round in range(ROUNDS):
        for way in WAYS:
            rates[way].append(measure(way, page))
    for way, values in rates.items():
        print(f"{way:>8}: {statistics.median(values):6.0f} a second (min {min(values):.0f}, max {max(values):.0f})", flush=True)
    ratio = statistics.median(rates["action"]) / statistics.median(rates["bare"])
    print(f"   ratio: {ratio:.2f} (at least {LEAST_RATIO})", flush=True)
    return ratio


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--work", nargs=2, metavar=("WAY", "PLAN"), help="one process of many")
    options = parser.parse_args()
    if connection.vendor != "postgresql":
        sys.exit("This needs PostgreSQL: python .ci/with_postgres.py python benchmarks/sign_ups.py")
    if options.work:
        way, plan_id = options.work
        return work(way, int(plan_id))
    started = time.monotonic()
    call_command("migrate", verbosity=0)
    page = published_offering()
    misses = compare(page)
    misses += rush(new_plan(page, capacity=50), page)
    print(f"\n{time.monotonic() - started:.0f} s in all, {os.cpu_count()} processors")
    for miss in misses:
        print("MISSED  " + miss)
    return 1 if misses else 0


if __name__ == "__main__":
    sys.exit(main())
