"""A district in which a supervision has secrets, and everything that an account can fetch of it."""

import io
import re
import uuid
import zipfile
from decimal import Decimal

from django.db import connection
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from wagtail.models import Page, Revision

from ehrenamt_wagtail import models
from ehrenamt_wagtail.signups import session_records, signing, supervision, supervision_requests
from ehrenamt_wagtail.signups.supervision_mails import write_to_people
from tests import factories
from tests.coordination.secrets import Secrets, SecretsCrawl, combinations, patterns

# Tables that hold secrets, and nothing else may.
KEPT_IN = {
    "ehrenamt_wagtail_accessneeds",
    "ehrenamt_wagtail_answer",
    "ehrenamt_wagtail_notice",
    "ehrenamt_wagtail_outgoingmail",
    "ehrenamt_wagtail_participant",
    "ehrenamt_wagtail_requestmessage",
    "ehrenamt_wagtail_signup",
    "ehrenamt_wagtail_supervisionrequest",
}
WORD = re.compile(r"geheim\d{3}x")


class World:
    """Three supervisions of one organisation, one of each form, people in every state, and everybody who might ask."""

    def __init__(self):
        self.secrets = Secrets()
        self.programme, self.circles = factories.make_site()
        self.organisation = factories.OrganisationFactory(name="Diakonie", kind="welfare")
        self.manager = self.manager_of(self.organisation)
        self.member = factories.member_of(self.organisation)
        self.supervisor = factories.member_of(self.organisation, last_name="Morgenroth", email="frank@post.example")
        self.circle = factories.OrganisationFactory(name="AK Renningen", kind="circle")
        self.asker = factories.member_of(self.circle)
        district = factories.OrganisationFactory(name="Landkreis", kind="district")
        self.coordinator = factories.coordinator_user()
        other = factories.OrganisationFactory(name="Stadt")
        for user, organisation in ((self.coordinator, district), (self.coordinator, self.organisation)):
            factories.MembershipFactory(user=user, organisation=organisation)
        superuser = factories.UserFactory(is_superuser=True, is_staff=True)
        for organisation in (district, self.organisation, self.circle):
            models.Membership.objects.create(user=superuser, organisation=organisation, role="manager")
        other_supervisor = factories.UserFactory()
        supervision.name_supervisor(other_supervisor, actor=self.coordinator)
        # Everybody but the supervisor; the one who asked reads the request and is looked at by itself.
        self.others = {
            "visitor": None,
            "member": self.member,
            "manager": self.manager,
            "other organisation": self.manager_of(other),
            "coordinator": self.coordinator,
            "superuser": superuser,
            "others of the circle": self.manager_of(self.circle),
            "other supervisor": other_supervisor,
        }
        self.words_of: dict[str, set[str]] = {}
        self.add_supervisions()
        self.add_people()
        self.add_request()
        self.own_page = factories.draft_offering(organisation=other, title="Anderes")

    def manager_of(self, organisation):
        return factories.MembershipFactory(user=factories.UserFactory(), organisation=organisation, role="manager").user

    def add_supervisions(self) -> None:
        def supervision_page(title, form, dates):
            page = factories.published_offering(model=models.SupervisionPage, organisation=self.organisation, title=title, dates=dates)
            supervision.setup_supervision(page, form=form, supervisor=self.supervisor, actor=self.manager)
            return page

        past = models.Occurrence(start=factories.in_days(-3), end=factories.in_days(-3, hour=21))
        self.single = supervision_page("Supervision einzeln", "single", [past, factories.in_days(10)])
        self.group = supervision_page("Supervision als Gruppe", "group", [factories.in_days(12), factories.in_days(26)])
        self.on_request = supervision_page("Supervision für Teams", "on_request", [factories.in_days(40)])
        self.plans = [
            models.SeatPlan.objects.create(
                offering_id=self.single.pk, occurrence_uid=date.uid, mode="here", capacity=5, seats_per_sign_up=2, asks_phone=True
            )
            for date in models.Occurrence.objects.filter(page=self.single.pk).order_by("starts_at")
        ]
        self.group_plan = models.SeatPlan.objects.create(
            offering_id=self.group.pk, mode="here", capacity=5, seats_per_sign_up=2, asks_phone=True
        )
        self.questions = {
            plan.pk: models.Question.objects.create(plan=plan, text="Erfahrung?", purpose="Gruppe")
            for plan in (*self.plans, self.group_plan)
        }
        session_records.record_date(
            self.single, uid=self.plans[0].occurrence_uid, hours=Decimal("1.5"), head_count=4, actor=self.supervisor
        )

    def words(self, what: str, email: str, *kinds: str) -> list[str]:
        words = [self.secrets.word(f"{kind} of {what}") for kind in kinds]
        self.words_of.setdefault(email, set()).update(self.secrets.meanings[word] for word in words)
        return words

    def sign_up(self, plan, what: str, *, confirmed: bool) -> models.SignUp:
        address = f"{self.secrets.word(f'mail of {what}')}@post.example"
        self.words_of[address] = {f"mail of {what}"}
        first, second, phone, answer, needs = self.words(what, address, "name", "second name", "phone", "answer", "needs")
        uid = uuid.uuid4()
        signing.sign_up(
            plan, names=[first, second], email=address, uid=uid, would_wait=True, phone=phone,
            answers={self.questions[plan.pk]: answer}, needs=needs,
        )  # fmt: skip
        row = models.SignUp.objects.get(uid=uid)
        return signing.confirm(row) if confirmed else row

    def add_people(self) -> None:
        address = f"{self.secrets.word('mail of hand')}@post.example"
        self.words_of[address] = {"mail of hand"}
        name, phone = self.words("hand", address, "name", "phone")
        supervision.add_person(self.group_plan, name=name, email=address, phone=phone, actor=self.supervisor)
        for plan, name in ((self.plans[1], "single"), (self.group_plan, "group")):
            gone = self.sign_up(plan, f"cancelled in {name}", confirmed=True)
            signing.cancel_sign_up(gone)
            self.sign_up(plan, f"confirmed in {name}", confirmed=True)
            self.sign_up(plan, f"pending in {name}", confirmed=False)
            # One seat is left at single dates: they are offered it.
            self.sign_up(plan, f"waiting in {name}", confirmed=True)
        subject, text = self.secrets.word("subject of message"), self.secrets.word("text of message")
        write_to_people(self.group, subject=subject, text=text, actor=self.supervisor, uid=uuid.uuid4())

    def add_request(self) -> None:
        text = self.secrets.word("question of request")
        self.request = supervision_requests.ask(self.on_request, organisation=self.circle, text=text, actor=self.asker)
        supervision_requests.write_message(self.request, text=self.secrets.word("answer of request"), actor=self.supervisor)
        place = self.secrets.word("place of request")
        supervision_requests.agree(self.request, start=factories.in_days(30), end=None, place=place, actor=self.supervisor)
        session_records.record_request(self.request, day=timezone.localdate(), hours=Decimal(2), head_count=7, actor=self.supervisor)


# Asking for everything


class WholeCrawl(SecretsCrawl):
    """Looks into tables for Excel as well."""

    def look_at(self, what: str, response) -> None:
        super().look_at(what, response)
        content = b"" if getattr(response, "streaming", False) else response.content
        if content[:2] == b"PK":
            with zipfile.ZipFile(io.BytesIO(content)) as table:
                text = "\n".join(table.read(name).decode("utf-8", "replace") for name in table.namelist())
            if found := self.district.secrets.found_in(text):
                self.leaks.setdefault(what, set()).update(found)


# What other keys in an address may belong to.
KEYED = [models.Organisation, models.SupervisionRequest]

PUBLIC = [
    "/", "/programm/", "/arbeitskreise/", "/api/angebote/", "/programm/kalender.ics", "/programm/feed.atom",
]  # fmt: skip


def portal_addresses(world: World) -> list[str]:
    """Every address of the app with the keys that exist here, and all pages of the site."""
    pages = [world.single.pk, world.group.pk, world.on_request.pk]
    revisions = dict(Revision.objects.filter(object_id__in=map(str, pages)).values_list("pk", "object_id"))
    keys = [model.objects.values_list("pk", flat=True) for model in KEYED]
    everything = sorted({pk for some in keys for pk in some})
    found = list(PUBLIC)
    for name, arguments in patterns(("ehrenamt:",)):
        if "token" in arguments:
            # Nobody guesses a signed token.
            continue
        for values in combinations(arguments, pages, revisions, world.single.pk, everything):
            try:
                found.append(reverse(name, kwargs=values))
            except NoReverseMatch:
                continue
    for page in Page.objects.filter(depth__gt=2):
        path = page.url or f"/programm/{page.slug}/"
        found += [path, f"{path}termin.ics"]
    return found


def admin_addresses(world: World) -> list[str]:
    """Where the administration shows what was done, stored or written; the crawl goes on from there by its links."""
    pages = [world.single.pk, world.group.pk, world.on_request.pk]
    registers = [reverse(name) for name, arguments in patterns(("ehrenamt_",)) if not arguments]
    reports = [
        reverse(f"wagtailadmin_reports:{name}")
        for name in ("site_history", "locked_pages", "workflow", "workflow_tasks", "aging_pages", "page_types_usage")
    ]
    exports = [f"{path}?export={kind}" for path in [*reports, *registers] for kind in ("csv", "xlsx")]
    mails = list(models.OutgoingMail.objects.values_list("pk", flat=True))
    keyed = [reverse(f"ehrenamt_mails_modeladmin_{action}", args=[pk]) for action in ("inspect", "resend", "edit") for pk in mails]
    per_page = [
        reverse(f"wagtailadmin_pages:{name}", args=[pk]) for name in ("edit", "history", "usage", "delete", "copy") for pk in pages
    ]
    return [
        "/verwaltung/", "/verwaltung/users/", *registers, *reports, *exports, *keyed, *per_page,
        *(reverse("wagtailadmin_explore", args=[pk]) for pk in (*pages, world.programme.pk)),
    ]  # fmt: skip


def searches() -> list[str]:
    """Addresses that search, waiting for a word."""
    registers = [reverse(name) for name, _arguments in patterns(("ehrenamt_",)) if name.endswith("_index")]
    admin = ["/verwaltung/pages/search/", "/verwaltung/users/", "/verwaltung/images/", "/verwaltung/documents/"]
    return [
        *(f"{path}?q=" for path in (*registers, *admin)),
        *(f"{path}?q=" for path in ("/programm/", "/api/angebote/", "/arbeitskreise/", "/partner/termine/", "/suche/")),
        "/verwaltung/reports/site-history/?label=",
    ]


def tables_with_secrets(secrets: Secrets) -> dict[str, set[str]]:
    """Which tables of the database hold which secrets, those of the search index among them."""
    found: dict[str, set[str]] = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            if words := secrets.found_in(" ".join(map(str, cursor.fetchall()))):
                found[table] = words
    return found


def neutral(content: bytes, word: str) -> str:
    """An answer without the word asked for and without what is new in each answer."""
    text = content.decode("utf-8", "replace").replace(word, "WORD")
    text = re.sub(r'(csrfmiddlewaretoken" value="|csrf[Tt]oken"?: ?"|nonce=")[^"]+', "", text)
    return re.sub(r"[0-9a-zA-Z]{64}", "", text)
