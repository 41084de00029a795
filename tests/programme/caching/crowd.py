"""One of several processes that change and read the same pages; run by ``test_processes.py``.

    python -m tests.programme.caching.crowd publish|read NUMBER

Says that it is ready and waits for a line. Then it changes row NUMBER again and again; or it asks for an answer that shows all rows
until another line comes, and notes where it says less than what was committed before it was asked for. Prints as JSON what was
done and what was wrong. ``CROWD_CACHES`` is Django's setting.
"""

import json
import os
import random
import select
import sys
import time
from collections import Counter

import django
from django.conf import settings

settings.CACHES = json.loads(os.environ["CROWD_CACHES"])
# Answers say whether they came from the cache.
settings.DEBUG = True
settings.ALLOWED_HOSTS = ["testserver"]
django.setup()

from django.core.signals import request_finished  # noqa: E402
from django.db import connection, reset_queries, transaction  # noqa: E402
from django.http import HttpRequest, JsonResponse  # noqa: E402
from django.test import RequestFactory  # noqa: E402

from ehrenamt_wagtail.models import Coordinator  # noqa: E402
from ehrenamt_wagtail.programme.caching import ProgrammeCacheMiddleware, mark, programme_changed  # noqa: E402

CHANGES = 60


class Nothing(Exception):
    """Takes a change back."""


def a_moment(chance: random.Random, longest: float = 0.02) -> None:
    time.sleep(chance.random() * longest)


# Changing


def publish(number: int) -> dict:
    chance, done = random.Random(number), Counter()
    row = Coordinator.objects.get(name=str(number))
    for state in range(1, CHANGES + 1):
        began = time.monotonic()
        row.sort_order = state
        way = chance.choice([saved, saved, updated, without_transaction, taken_back])
        way(row, chance)
        done[way.__name__] += 1
        # As at the end of a request.
        request_finished.send(sender=None)
        reset_queries()
        # Time for others to read, however slow the machine is.
        a_moment(chance, 2 * (time.monotonic() - began))
    return {"done": done, "wrong": []}


def saved(row: Coordinator, chance: random.Random) -> None:
    with transaction.atomic():
        # Others see the commit a while before this process can say so.
        transaction.on_commit(lambda: a_moment(chance))
        row.save()
        a_moment(chance)


def updated(row: Coordinator, chance: random.Random) -> None:
    with transaction.atomic():
        transaction.on_commit(lambda: a_moment(chance))
        Coordinator.objects.filter(pk=row.pk).update(sort_order=row.sort_order)
        a_moment(chance)
        programme_changed()


def without_transaction(row: Coordinator, chance: random.Random) -> None:
    row.save()


def taken_back(row: Coordinator, chance: random.Random) -> None:
    try:
        with transaction.atomic():
            row.save()
            a_moment(chance)
            raise Nothing
    except Nothing:
        pass


# Reading


def states() -> dict[str, int]:
    return dict(Coordinator.objects.values_list("name", "sort_order"))


def view(request: HttpRequest) -> JsonResponse:
    response = JsonResponse(states())
    # What takes long to make may be overtaken.
    a_moment(random, 0.01)
    return mark(response, request)


def read(number: int) -> dict:
    done, wrong = Counter(), []
    answer = ProgrammeCacheMiddleware(view)
    while not select.select([sys.stdin], [], [], 0)[0]:
        committed = states()
        response = answer(RequestFactory().get("/"))
        how, shown = response["X-Ehrenamt-Cache"], json.loads(response.content)
        done[how] += 1
        if any(shown[name] < state for name, state in committed.items()):
            wrong.append(f"{how}: said {shown} when {committed} was committed")
        reset_queries()
    return {"done": done, "wrong": wrong}


if __name__ == "__main__":
    role, number = {"publish": publish, "read": read}[sys.argv[1]], int(sys.argv[2])
    print("ready", flush=True)
    sys.stdin.readline()
    report = role(number)
    connection.close()
    print(json.dumps(report))
