"""200 people want 50 seats through the demonstration site: two web workers, two job workers, eight clients at once."""

from __future__ import annotations

import http.cookiejar
import re
import statistics
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

from django.db import connection
from django.db.models import Sum

from benchmarks.processes import free_port, gunicorn, running
from ehrenamt_wagtail.models import OfferingPage, OutgoingMail, Participant, SeatPlan, SignUp
from ehrenamt_wagtail.signups.tokens import token_of

CLIENTS = 8
PEOPLE = 200
CAPACITY = 50
# At most this long for a hundredth of the requests.
SLOWEST = 2.0  # seconds
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
UID = re.compile(r'name="uid" value="([^"]+)"')


@contextmanager
def running_site() -> Iterator[str]:
    """gunicorn with two workers and the job cluster with two, on a free port of this machine; yields the address."""
    port = free_port()
    web = gunicorn("example_site.wsgi", workers=2, port=port)
    jobs = [sys.executable, "manage.py", "qcluster"]
    with running(web, jobs, port=port, environment={"PORT": str(port)}):
        yield f"http://127.0.0.1:{port}"


class Person:
    """One visitor with a browser of their own."""

    def __init__(self, base: str, number: int, seconds: list[float]) -> None:
        self.base, self.number, self.seconds = base, number, seconds
        self.browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()))

    def ask(self, path: str, data: dict | None = None) -> str:
        body = urllib.parse.urlencode(data).encode() if data else None
        started = time.perf_counter()
        with self.browser.open(self.base + path, body, timeout=60) as response:
            text = response.read().decode()
        self.seconds.append(time.perf_counter() - started)
        return text

    def sign_up(self, path: str) -> str:
        """Fill in the form; whoever finds no seat joins the waiting list. Clicks twice, as impatient people do."""
        page = self.ask(path)
        data = {
            "csrfmiddlewaretoken": TOKEN.search(page)[1],
            "uid": UID.search(page)[1],
            "name": f"Person {self.number}",
            "email": f"person{self.number}@post.example",
            "action": "sign-up",
        }
        page = self.ask(path, data)
        if "csrfmiddlewaretoken" in page:
            data["action"] = "wait"
            page = self.ask(path, data)
        self.ask(path, data)
        return page

    def press(self, path: str, action: str) -> str:
        return self.ask(path, {"csrfmiddlewaretoken": TOKEN.search(self.ask(path))[1], "action": action})


def rush(plan: SeatPlan, page: OfferingPage) -> list[str]:
    """Sign up, confirm, cancel and take offers, all at once, while the capacity changes. Gives the promises that were missed."""
    print(f"\n== {PEOPLE} people for {CAPACITY} seats by HTTP, {CLIENTS} clients, 2 web workers, 2 job workers", flush=True)
    seconds: list[float] = []
    misses: list[str] = []
    form = f"/anmeldung/neu/{page.occurrences.get().uid}/"
    with running_site() as base:
        people = [Person(base, number, seconds) for number in range(PEOPLE)]
        with ThreadPoolExecutor(CLIENTS) as clients:
            misses += failures(clients, lambda person: person.sign_up(form), people)
        misses += exactness(plan, "after signing up", expected=CAPACITY)
        misses += each_once()
        with ThreadPoolExecutor(CLIENTS) as clients:
            misses += failures(clients, lambda person: person.press(own_path(person), "confirm"), people)
        # Ten leave while others look: the ten who waited longest are asked.
        first = [person for person in people if status_of(person) == SignUp.Status.CONFIRMED][:10]
        with ThreadPoolExecutor(CLIENTS) as clients:
            misses += failures(clients, lambda person: person.press(own_path(person), "cancel"), first)
        misses += exactness(plan, "after cancelling", expected=CAPACITY)
        misses += in_order(plan)
        offered = [person for person in people if status_of(person) == SignUp.Status.OFFERED]
        with ThreadPoolExecutor(CLIENTS) as clients:
            misses += failures(clients, lambda person: person.press(own_path(person), "accept"), offered)
        misses += exactness(plan, "after accepting", expected=CAPACITY)
        misses += mails_arrive()
    seconds.sort()
    slowest = seconds[int(len(seconds) * 0.99)]
    print(f"{len(seconds)} requests: median {1000 * statistics.median(seconds):.0f} ms, 99th percentile {1000 * slowest:.0f} ms")
    if slowest > SLOWEST:
        misses.append(f"99th percentile {slowest:.2f} s; at most {SLOWEST} s")
    return misses


def failures(clients: ThreadPoolExecutor, function, people: list[Person]) -> list[str]:
    """Run ``function`` for all people at once; a sentence for each failed request."""
    found = []
    for person, future in [(person, clients.submit(function, person)) for person in people]:
        try:
            future.result()
        except (urllib.error.URLError, OSError, TypeError) as error:
            found.append(f"person {person.number}: {error!r}")
    return found


def sign_up_of(person: Person) -> SignUp:
    try:
        return SignUp.objects.get(email=f"person{person.number}@post.example")
    finally:
        # These are read in threads of their own.
        connection.close()


def own_path(person: Person) -> str:
    return f"/anmeldung/{token_of(sign_up_of(person))}/"


def status_of(person: Person) -> str:
    return sign_up_of(person).status


def exactness(plan: SeatPlan, when: str, *, expected: int) -> list[str]:
    held = SignUp.objects.filter(plan=plan).aggregate(held=Sum("seats_held"))["held"]
    states = dict(Counter(SignUp.objects.filter(plan=plan).values_list("status", flat=True)))
    print(f"{when}: {held} of {plan.capacity} seats held, {states}", flush=True)
    return [] if held == expected else [f"{when}: {held} seats are held, not {expected}"]


def each_once() -> list[str]:
    """Everybody has one sign-up, although all clicked twice."""
    number = Participant.objects.exclude(active_key=None).count()
    return [] if number == PEOPLE else [f"{number} active people, not {PEOPLE}"]


def in_order(plan: SeatPlan) -> list[str]:
    """Nobody who waits came before somebody who was offered a seat."""
    offered = SignUp.objects.filter(plan=plan, status=SignUp.Status.OFFERED).order_by("-created_at").first()
    waiting_before = plan.sign_ups.in_line().filter(created_at__lt=offered.created_at) if offered else []
    return [f"{row} waited longer than {offered} and was not asked" for row in waiting_before]


def mails_arrive() -> list[str]:
    """The job cluster delivers everything that is due; nothing is given up."""
    deadline = time.monotonic() + 120
    while OutgoingMail.objects.filter(status__in=OutgoingMail.OPEN).exists():
        if time.monotonic() > deadline:
            return [f"{OutgoingMail.objects.filter(status__in=OutgoingMail.OPEN).count()} mails were not delivered"]
        time.sleep(0.5)
    states = Counter(OutgoingMail.objects.values_list("template", "status"))
    print("mails: " + ", ".join(f"{template} {status} {number}" for (template, status), number in sorted(states.items())))
    wrong = [key for key in states if key[1] not in ("sent", "dropped")]
    return [f"mails ended as {wrong}"] if wrong else []
