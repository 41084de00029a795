"""A district in which one organisation has secrets everywhere, and a partner of another who asks for everything there is."""

import re
from collections.abc import Iterator
from itertools import product

from django.urls import NoReverseMatch, URLPattern, get_resolver, reverse
from wagtail.models import Page, Revision

from ehrenamt_wagtail import models
from ehrenamt_wagtail.circles.needs import report_need, take_up
from ehrenamt_wagtail.coordination.holds import hold_date
from ehrenamt_wagtail.mail.rendering import render
from ehrenamt_wagtail.programme.actions import save_draft
from ehrenamt_wagtail.review.actions import approve, return_to_organisation, submit_for_review
from tests import factories
from tests.crawl import Crawl

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


class SecretsCrawl(Crawl):
    """Looks for secrets in every answer, and in the mails that a form sends."""

    def __init__(self, district: District, user, *, start: list[str], most: int = 700, forms: bool = True):
        super().__init__(user, start=start, most=most, forms=forms)
        self.district = district
        self.leaks: dict[str, set[str]] = {}

    def look_at(self, what: str, response) -> None:
        super().look_at(what, response)
        content = b"".join(response.streaming_content) if getattr(response, "streaming", False) else response.content
        # Calendars fold long lines.
        text = content.decode("utf-8", "replace").replace("\r\n ", "")
        text += "".join(f"{name}: {value}\n" for name, value in response.items())
        if found := self.district.secrets.found_in(text):
            self.leaks.setdefault(what, set()).update(found)

    def post(self, action: str, data: dict) -> None:
        known = set(mails_to(self.user).values_list("pk", flat=True))
        super().post(action, data)
        self.look_at_mails(f"mail after POST {action}", known)

    def look_at_mails(self, what: str, known=frozenset()) -> None:
        for mail in mails_to(self.user).exclude(pk__in=known):
            if rendered := render(mail):
                if found := self.district.secrets.found_in(f"{rendered.subject}\n{rendered.text}\n{rendered.html}"):
                    self.leaks.setdefault(f"{what}: {mail.template}", set()).update(found)


def mails_to(user):
    return models.OutgoingMail.objects.filter(user=user) if user is not None else models.OutgoingMail.objects.none()


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
