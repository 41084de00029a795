"""A district in which one organisation has secrets everywhere, and a partner of another who asks for everything there is."""

import re
from collections import deque
from collections.abc import Iterator
from itertools import product
from urllib.parse import parse_qs, urljoin, urlsplit

from bs4 import BeautifulSoup, SoupStrainer
from django.db import transaction
from django.test import Client
from django.urls import NoReverseMatch, URLPattern, get_resolver, reverse
from wagtail.models import Page, Revision

from ehrenamt_wagtail import models
from ehrenamt_wagtail.circles.needs import report_need, take_up
from ehrenamt_wagtail.coordination.holds import hold_date
from ehrenamt_wagtail.mail.rendering import render
from ehrenamt_wagtail.programme.actions import save_draft
from ehrenamt_wagtail.review.actions import approve, return_to_organisation, submit_for_review
from tests import factories

DAY = 20
# May be read where the organisation shares its plans.
SHARED = ("title", "summary", "contents")
TEXTS = (
    *SHARED, "subtitle", "series_title", "audience", "prior_knowledge", "what_to_bring", "child_care", "costs", "simple_text",
    "place", "room", "contact_name", "contact_phone", "image_credit",
)  # fmt: skip


class Secrets:
    """Words that stand nowhere else, each with what it would give away."""

    def __init__(self):
        self.meanings: dict[str, str] = {}

    def word(self, meaning: str) -> str:
        word = f"geheim{len(self.meanings):03d}x"
        self.meanings[word] = meaning
        return word

    def found_in(self, text: str) -> set[str]:
        return {self.meanings[word] for word in re.findall(r"geheim\d{3}x", text.lower())}


class District:
    """``owner`` has the secrets, ``partner`` asks, both plan on the same evening in the same town."""

    def __init__(self):
        self.secrets = Secrets()
        self.programme, self.circles = factories.make_site()
        self.reviewer = factories.coordinator_user(last_name=self.secrets.word("reviewer's name"))
        self.town = factories.MunicipalityFactory(name="Herrenberg")
        self.topic = factories.TopicFactory(name="Asylrecht")
        self.owner = factories.OrganisationFactory(name="Evang. Kirchenbezirk", kind="church", municipality=self.town)
        self.insider = factories.member_of(
            self.owner, last_name=self.secrets.word("person"), email=f"{self.secrets.word('person')}@post.example"
        )
        self.partner = factories.OrganisationFactory(name="Caritasverband", municipality=self.town)
        self.asker = factories.MembershipFactory(
            user=factories.UserFactory(), organisation=self.partner, role=models.Membership.Role.MANAGER
        ).user
        self.pages: dict[str, models.OfferingPage] = {}
        self.add_plans_of_owner()
        self.add_plans_of_partner()

    # What nobody else may read

    def facts(self, state: str) -> dict:
        words = {name: f"{self.secrets.word(f'{name} of {state}')} Wort" for name in TEXTS}
        return words | {
            "contact_email": f"{self.secrets.word(f'contact_email of {state}')}@post.example",
            "online_url": f"https://{self.secrets.word(f'online_url of {state}')}.example/",
        }

    def draft(self, state: str, **facts):
        page = factories.build_offering(
            organisation=self.owner,
            municipality=self.town,
            dates=[models.Occurrence(start=factories.in_days(DAY), room=f"{self.secrets.word(f'room of date of {state}')}")],
            topics=[self.topic],
            **{**self.facts(state), **facts},
        )
        page.trainers.add(models.Trainer(name=self.secrets.word(f"trainer of {state}")))
        page.live, page.has_unpublished_changes, page.owner = False, True, self.insider
        Page.objects.get(pk=self.programme.pk).add_child(instance=page)
        page.save_revision(clean=False, user=self.insider)
        self.pages[state] = page
        return page

    def submit(self, page, state: str):
        return submit_for_review(page, actor=self.insider, reason=self.secrets.word(f"reason of {state}"))

    def give_back(self, page, state: str) -> None:
        comment = self.secrets.word(f"comment of {state}")
        return_to_organisation(self.submit(page, state), actor=self.reviewer, reasons=["date_clash"], comment=comment)

    def changed(self, state: str):
        """A published offering without secrets, whose pending change has some, another date among them."""
        page = factories.published_offering(
            organisation=self.owner, title="Öffentlicher Abend", municipality=self.town, dates=[factories.in_days(DAY + 7)]
        )
        change = page.get_latest_revision_as_object()
        for name, value in self.facts(state).items():
            setattr(change, name, value)
        change.occurrences.add(models.Occurrence(start=factories.in_days(DAY), room=self.secrets.word(f"room of date of {state}")))
        change.trainers.add(models.Trainer(name=self.secrets.word(f"trainer of {state}")))
        save_draft(change, base_revision_id=page.latest_revision_id, actor=self.insider)
        self.pages[state] = page
        return page

    def add_plans_of_owner(self) -> None:
        self.draft("draft")
        self.submit(self.draft("in review"), "in review")
        self.give_back(self.draft("returned"), "returned")
        self.changed("change")
        self.submit(self.changed("change in review"), "change in review")
        self.give_back(self.changed("change returned"), "change returned")
        approved = self.submit(self.changed("approved change"), "approved change")
        approve(approved, actor=self.reviewer, comment=self.secrets.word("comment"))
        self.forget("approved change")
        self.hold = hold_date(
            organisation=self.owner,
            actor=self.insider,
            start=factories.in_days(DAY),
            title=self.secrets.word("title of hold"),
            municipality=self.town,
            topic=self.topic,
        )
        self.need_of_owner = report_need(organisation=self.owner, actor=self.insider, title="Wir suchen einen Abend", topic=self.topic)

    def forget(self, state: str) -> None:
        """What was approved is public, apart from the online address and who submitted it why."""
        for word, meaning in list(self.secrets.meanings.items()):
            if meaning.endswith(f"of {state}") and not meaning.startswith(("online_url", "reason")):
                self.secrets.meanings[word] = "public"

    # What the partner has

    def add_plans_of_partner(self) -> None:
        plan = {"organisation": self.partner, "municipality": self.town, "topics": [self.topic], "dates": [factories.in_days(DAY)]}
        self.own_draft = factories.draft_offering(title="Eigener Abend", **plan)
        factories.submitted_offering(title="Eingereichter Abend", actor=self.asker, **plan)
        returned, task_state = factories.submitted_offering(title="Zurückgegebener Abend", actor=self.asker, **plan)
        return_to_organisation(task_state, actor=factories.coordinator_user(), reasons=["date_clash"], comment="Bitte anderer Tag.")
        factories.published_offering(title="Veröffentlichter Abend", **plan)
        factories.published_offering(title="Tag", model=models.VolunteerDayPage, **plan)
        factories.circle_page(organisation=self.partner)
        by = {"organisation": self.partner, "actor": self.asker, "municipality": self.town, "topic": self.topic}
        hold_date(start=factories.in_days(DAY), title="Eigene Vormerkung", **by)
        need = report_need(title="Eigener Bedarf", **by)
        take_up(need, organisation=self.owner, actor=self.insider, offering=self.pages["draft"])


# Asking for everything


# Nothing else is followed or sent.
LINKS_AND_FORMS = SoupStrainer(["a", "link", "form"])


class Crawl:
    """Everything a client can get: all addresses of the resolver with all keys, all links, all forms sent as they stand.

    Each address is asked for once. A form is sent once for each of its buttons; the same form of another page, which has the same
    fields and the same buttons, is not sent again. ``forms=False`` sends none.
    """

    def __init__(self, district: District, user, *, start: list[str], most: int = 700, forms: bool = True):
        self.district, self.user, self.most, self.sends_forms = district, user, most, forms
        self.client = Client()
        if user is not None:
            self.client.force_login(user)
        self.leaks: dict[str, set[str]] = {}
        self.seen: set[str] = set()
        self.statuses: dict[int, int] = {}
        self.forms: set[tuple] = set()
        self.waiting = deque(dict.fromkeys(start))

    def run(self) -> "Crawl":
        while self.waiting and len(self.seen) < self.most:
            path = self.waiting.popleft()
            if path in self.seen or "/logout/" in path:
                continue
            self.seen.add(path)
            response = self.client.get(path)
            self.look_at(f"GET {path}", response)
            if response.status_code == 200 and response.get("Content-Type", "").startswith("text/html"):
                soup = BeautifulSoup(response.content, "html.parser", parse_only=LINKS_AND_FORMS)
                self.follow(path, soup)
                if self.sends_forms:
                    self.send_forms(path, soup)
        return self

    def look_at(self, what: str, response) -> None:
        self.statuses[response.status_code] = self.statuses.get(response.status_code, 0) + 1
        content = b"".join(response.streaming_content) if getattr(response, "streaming", False) else response.content
        # Calendars fold long lines.
        text = content.decode("utf-8", "replace").replace("\r\n ", "")
        text += "".join(f"{name}: {value}\n" for name, value in response.items())
        if found := self.district.secrets.found_in(text):
            self.leaks.setdefault(what, set()).update(found)

    def follow(self, path: str, soup: BeautifulSoup) -> None:
        for link in soup.select("a[href], link[href]"):
            target = urlsplit(urljoin(path, link["href"]))
            if target.netloc in ("", "localhost", "testserver") and target.path.startswith("/") and "/static/" not in target.path:
                address = f"{target.path}?{target.query}" if target.query else target.path
                if address not in self.seen and address not in self.waiting:
                    self.waiting.append(address)

    def send_forms(self, path: str, soup: BeautifulSoup) -> None:
        for form in soup.select("form"):
            if form.get("method", "get").lower() != "post":
                continue
            buttons = form.select("button[type=submit], button:not([type])")
            buttons = [button for button in buttons if button.find_parent("template") is None]
            names = frozenset(field.get("name") for field in form.select("input, select, textarea"))
            looks = frozenset((button.get("name"), without_keys(button.get("value", ""))) for button in buttons)
            for button in buttons or [None]:
                action = (button.get("formaction") if button else "") or form.get("action") or path
                action = urljoin(path, action).split("#")[0]
                what = (button.get("name"), without_keys(button.get("value", ""))) if button else None
                key = (without_values(action), what, names, looks)
                if key in self.forms or "/logout/" in action:
                    continue
                self.forms.add(key)
                self.send(action, fields_of(form, button))

    def send(self, action: str, data: dict) -> None:
        """Post, look at every answer on the way and at the mails it queued, and undo it."""
        with transaction.atomic():
            known = set(mails_to(self.user).values_list("pk", flat=True))
            response = self.client.post(action, data, follow=True)
            self.look_at(f"POST {action} {data.get('action', '')}", response)
            self.look_at_mails(f"mail after POST {action}", known)
            transaction.set_rollback(True)
        if self.user is not None:
            self.client.force_login(self.user)

    def look_at_mails(self, what: str, known=frozenset()) -> None:
        for mail in mails_to(self.user).exclude(pk__in=known):
            if rendered := render(mail):
                if found := self.district.secrets.found_in(f"{rendered.subject}\n{rendered.text}\n{rendered.html}"):
                    self.leaks.setdefault(f"{what}: {mail.template}", set()).update(found)


def without_keys(text: str) -> str:
    return re.sub(r"\d+", "0", text)


def without_values(address: str) -> tuple:
    parts = urlsplit(address)
    return without_keys(parts.path), frozenset(parse_qs(parts.query, keep_blank_values=True))


def mails_to(user):
    return models.OutgoingMail.objects.filter(user=user) if user is not None else models.OutgoingMail.objects.none()


def fields_of(form, button) -> dict:
    """What a browser would send of the form as it stands."""
    data: dict = {}
    for field in form.select("input, select, textarea"):
        name, kind = field.get("name"), field.get("type", "text")
        if not name or field.find_parent("template") is not None or kind in ("file", "submit"):
            continue
        if kind in ("checkbox", "radio") and not field.has_attr("checked"):
            continue
        if field.name == "textarea":
            value = field.get_text().removeprefix("\n")
        elif field.name == "select":
            chosen = field.select_one("option[selected]") or field.select_one("option")
            value = chosen.get("value", "") if chosen else ""
        else:
            value = field.get("value", "on" if kind in ("checkbox", "radio") else "")
        data.setdefault(name, []).append(value)
    if button is not None and button.get("name"):
        data[button["name"]] = [button.get("value", "")]
    return data


def addresses(district: District, prefixes: tuple[str, ...]) -> Iterator[str]:
    """Every address of these namespaces with every key there is, and all pages of the site."""
    pages = list(Page.objects.filter(depth__gt=2))
    revisions = dict(Revision.objects.filter(object_id__in=[str(page.pk) for page in pages]).values_list("pk", "object_id"))
    everything = sorted({pk for model in KEYED for pk in model.objects.values_list("pk", flat=True)})
    for name, arguments in patterns(prefixes):
        for values in combinations(arguments, [page.pk for page in pages], revisions, district.own_draft.pk, everything):
            try:
                yield reverse(name, kwargs=values)
            except NoReverseMatch:
                continue
    for page in pages:
        yield (path := page.url or f"/programm/{page.slug}/")
        yield f"{path}termin.ics"


KEYED = [
    models.Organisation, models.Membership, models.DateHold, models.Need, models.DayRequest, models.JoinProposal,
    models.Cancellation, models.PlannedDate, models.ReviewDecision, models.ReviewRequest, models.OutgoingMail,
]  # fmt: skip


def patterns(prefixes: tuple[str, ...], resolver=None, namespace="", known=()) -> Iterator[tuple[str, list[str]]]:
    """Names of the addresses and of their arguments."""
    for pattern in (resolver or get_resolver()).url_patterns:
        arguments = [*known, *pattern.pattern.regex.groupindex]
        if isinstance(pattern, URLPattern):
            if pattern.name and f"{namespace}{pattern.name}".startswith(prefixes):
                yield f"{namespace}{pattern.name}", arguments
        else:
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from patterns(prefixes, pattern, inner, arguments)


# What the keys in an address belong to; others are tried with all keys there are.
OWNERS = {"sign_up_id": models.SignUp, "plan_id": models.SeatPlan, "participant_id": models.Participant}


def combinations(names: list[str], pages: list[int], revisions: dict[int, str], own: int, everything: list[int]) -> Iterator[dict]:
    """Arguments to try: all keys of the kind; of a page and a revision or date those that fit, and an own page with all of them."""
    if not names:
        yield {}
    elif names == ["page_id", "revision_id"]:
        for revision, page in revisions.items():
            yield {"page_id": int(page), "revision_id": revision}
            yield {"page_id": own, "revision_id": revision}
    elif names == ["page_id", "uid"]:
        for page, uid in models.Occurrence.objects.values_list("page", "uid"):
            yield {"page_id": page, "uid": uid}
            yield {"page_id": own, "uid": uid}
    else:
        choices = [values_of(name, pages, everything) for name in names]
        yield from (dict(zip(names, values, strict=True)) for values in product(*choices))


def values_of(name: str, pages: list[int], everything: list[int]) -> list:
    if name == "page_id":
        return pages
    if name == "uid":
        return list(models.Occurrence.objects.values_list("uid", flat=True))
    if name == "file_format":
        return ["csv", "xlsx"]
    if name in OWNERS:
        return list(OWNERS[name].objects.values_list("pk", flat=True)) or [1]
    return everything if name.endswith("_id") or name == "pk" else ["x"]
