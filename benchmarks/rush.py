"""200 people want 50 seats through the demonstration site: two web workers, two job workers, eight clients at once."""

from __future__ import annotations

import http.cookiejar
import re
import statistics
import sys
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

from django.contrib.auth import get_user_model
from django.db import connection
from django.db.models import Sum
from django.utils import timezone
from django_q.tasks import async_task

from benchmarks.processes import free_port, gunicorn, running
from ehrenamt_wagtail.models import Membership, OfferingPage, OutgoingMail, Participant, PrivacyNotice, SeatPlan, SignUp
from ehrenamt_wagtail.signups.tokens import token_of

CLIENTS = 8
PEOPLE = 200
CAPACITY = 50
# What the organiser sets one after the other while people come and go: fewer seats than are taken are refused.
CAPACITIES, MOST = (46, 52, 48, 54, 50), 54
LEAVE, LATE = 10, 5
ACCOUNT, PASSWORD = "veranstalterin", "ehrenamt-demo"
# At most this long for a hundredth of the requests.
SLOWEST = 2.0  # seconds
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
UID = re.compile(r'name="uid" value="([^"]+)"')
HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)"(?: value="([^"]*)")?')
HELD = """
    SELECT capacity, (SELECT COALESCE(SUM(seats_held), 0) FROM ehrenamt_wagtail_signup WHERE plan_id = plan.id)
    FROM ehrenamt_wagtail_seatplan plan WHERE id = %s
"""


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


class Organiser(Person):
    """Changes the number of seats in the portal."""

    def sign_in(self) -> None:
        token = TOKEN.search(self.ask("/partner/login/"))[1]
        self.ask("/partner/login/", {"csrfmiddlewaretoken": token, "username": ACCOUNT, "password": PASSWORD})

    def set_capacity(self, page: OfferingPage, capacity: int) -> None:
        path = f"/partner/angebote/{page.pk}/anmeldungen/einrichten/"
        data = dict(HIDDEN.findall(self.ask(path)))
        self.ask(path, {**data, "mode": "here", "capacity": capacity, "has_waiting_list": "on", "action": "save"})


def organiser_of(page: OfferingPage) -> None:
    """Whoever acts for the offering's organisation, which may take sign-ups here."""
    user = get_user_model().objects.create_user(ACCOUNT, email=f"{ACCOUNT}@post.example", password=PASSWORD)
    Membership.objects.create(user=user, organisation=page.organisation)
    PrivacyNotice.objects.create(organisation=page.organisation, controller="Volkshochschule")


class Watcher(threading.Thread):
    """Looks all the while: more seats held than there are, at one and the same moment, are a miss."""

    def __init__(self, plan: SeatPlan) -> None:
        super().__init__(daemon=True)
        self.plan, self.looks, self.misses, self.done = plan, 0, [], threading.Event()

    def run(self) -> None:
        with connection.cursor() as cursor:
            while not self.done.is_set():
                cursor.execute(HELD, [self.plan.pk])
                capacity, held = cursor.fetchone()
                self.looks += 1
                if held > capacity:
                    self.misses.append(f"{held} seats were held of {capacity}")
                time.sleep(0.02)
        connection.close()

    def stop(self) -> list[str]:
        self.done.set()
        self.join()
        print(f"looked {self.looks} times meanwhile", flush=True)
        return self.misses[:3]


def rush(plan: SeatPlan, page: OfferingPage) -> list[str]:
    """Sign up and confirm; then cancel, lapse, take and decline offers, all at once, while the capacity changes.

    Gives the promises that were missed.
    """
    print(f"\n== {PEOPLE} people for {CAPACITY} seats by HTTP, {CLIENTS} clients, 2 web workers, 2 job workers", flush=True)
    seconds: list[float] = []
    misses: list[str] = []
    form = f"/anmeldung/neu/{page.occurrences.get().uid}/"
    organiser_of(page)
    with running_site() as base:
        people = [Person(base, number, seconds) for number in range(PEOPLE)]
        watcher = Watcher(plan)
        watcher.start()
        misses += at_once(people, lambda person: person.sign_up(form))
        misses += exactness(plan, "after signing up", expected=CAPACITY)
        misses += each_once()
        late = in_state(people, SignUp.Status.PENDING)[:LATE]
        others = [person for person in people if person not in late]
        misses += at_once(others, lambda person: person.press(own_path(person), "confirm"))
        line = list(plan.sign_ups.in_line().values_list("pk", flat=True))
        misses += come_and_go(people, late, page, Organiser(base, -1, seconds))
        misses += exactness(plan, "after all of it", expected=MOST)
        misses += in_order(line)
        misses += mails_arrive()
        misses += watcher.stop()
    seconds.sort()
    slowest = seconds[int(len(seconds) * 0.99)]
    print(f"{len(seconds)} requests: median {1000 * statistics.median(seconds):.0f} ms, 99th percentile {1000 * slowest:.0f} ms")
    if slowest > SLOWEST:
        misses.append(f"99th percentile {slowest:.2f} s; at most {SLOWEST} s")
    return misses


def come_and_go(people: list[Person], late: list[Person], page: OfferingPage, organiser: Organiser) -> list[str]:
    """Ten leave, five have not confirmed in time, seats are offered, taken and declined, and the organiser changes the capacity."""
    organiser.sign_in()
    leave = in_state(people, SignUp.Status.CONFIRMED)[:LEAVE]
    SignUp.objects.filter(pk__in=[sign_up_of(person).pk for person in late]).update(expires_at=timezone.now())
    # Both job workers at the same time.
    for _worker in range(2):
        async_task("ehrenamt_wagtail.signups.jobs.look_after_seats")
    changes = [lambda: [organiser.set_capacity(page, capacity) for capacity in CAPACITIES]]
    misses = all_at_once(changes + [lambda person=person: person.press(own_path(person), "cancel") for person in leave])
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        offered = in_state(people, SignUp.Status.OFFERED)
        misses += at_once(offered, lambda person: person.press(own_path(person), "accept" if person.number % 4 else "decline"))
        if not offered and in_state(late, SignUp.Status.EXPIRED) == late:
            return misses
    return [*misses, "offers, or sign-ups that nobody confirmed, were left over"]


def at_once(people: list[Person], function) -> list[str]:
    return all_at_once([lambda person=person: function(person) for person in people])


def all_at_once(functions: list) -> list[str]:
    """Run all, as many at a time as there are clients; a sentence for each request that failed."""
    found = []
    with ThreadPoolExecutor(CLIENTS) as clients:
        for future in [clients.submit(function) for function in functions]:
            try:
                future.result()
            except (urllib.error.URLError, OSError, TypeError) as error:
                found.append(f"a request failed: {error!r}")
    return found


def sign_up_of(person: Person) -> SignUp:
    try:
        return SignUp.objects.get(email=f"person{person.number}@post.example")
    finally:
        # These are read in threads of their own.
        connection.close()


def own_path(person: Person) -> str:
    return f"/anmeldung/{token_of(sign_up_of(person))}/"


def in_state(people: list[Person], status: str) -> list[Person]:
    addresses = set(SignUp.objects.filter(status=status).values_list("email", flat=True))
    return [person for person in people if f"person{person.number}@post.example" in addresses]


def exactness(plan: SeatPlan, when: str, *, expected: int) -> list[str]:
    plan.refresh_from_db(fields=["capacity"])
    held = SignUp.objects.filter(plan=plan).aggregate(held=Sum("seats_held"))["held"]
    states = dict(Counter(SignUp.objects.filter(plan=plan).values_list("status", flat=True)))
    print(f"{when}: {held} of {plan.capacity} seats held, {states}", flush=True)
    return [] if held == expected else [f"{when}: {held} seats are held, not {expected}"]


def each_once() -> list[str]:
    """Everybody has one sign-up, although all clicked twice."""
    number = Participant.objects.exclude(active_key=None).count()
    return [] if number == PEOPLE else [f"{number} active people, not {PEOPLE}"]


def in_order(line: list[int]) -> list[str]:
    """``line`` as it stood when seats became free: nobody was asked while somebody before them still waits."""
    states = dict(SignUp.objects.filter(pk__in=line).values_list("pk", "status"))
    waits = [states[pk] == SignUp.Status.WAITING for pk in line]
    asked = waits.count(False)
    print(f"{asked} of {len(line)} in line were offered a seat", flush=True)
    misses = [] if waits == sorted(waits) else ["somebody was asked before others who waited longer"]
    return misses if asked else [*misses, "nobody in line was offered a seat"]


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
