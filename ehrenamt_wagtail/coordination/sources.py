"""What planned dates are derived from, read for many offerings with a fixed number of queries."""

import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.contrib.contenttypes.models import ContentType
from django.db.models import Min
from modelcluster.models import get_all_child_m2m_relations, get_all_child_relations, model_from_serializable_data
from wagtail.models import Page, Revision, WorkflowState

from ehrenamt_wagtail.directory.models import Municipality, Organisation, Topic, Venue
from ehrenamt_wagtail.programme.models import Cancellation, Occurrence, OfferingPage
from ehrenamt_wagtail.programme.models.written import Written
from ehrenamt_wagtail.programme.reading import read_written
from ehrenamt_wagtail.programme.translations import is_multilingual

from .models import JoinProposal
from .plans import Plan, plan_of


@dataclass
class Version:
    """An offering as its row or a revision says it, apart from what is stored beside it."""

    page: OfferingPage
    dates: list[Occurrence]
    topics: frozenset[int]

    def plan(self) -> Plan:
        """Without co-hosts, which no row of the table says."""
        return plan_of(self.page, topics=self.topics, dates=self.dates, co_hosts=())


@dataclass
class Source:
    """All that the planned dates of one offering follow from.

    ``newest`` is what ``get_latest_revision_as_object()`` would give, and ``public`` itself where nothing is pending.
    ``cancelled`` holds uids of dates, and ``None`` when the whole offering is cancelled. ``counts`` is false for an alias
    and a translation, whose original is planned already, and for an offering that was given up to join another one.
    """

    public: Version
    newest: Version
    review_status: str | None
    cancelled: frozenset[uuid.UUID | None]
    counts: bool


def load_sources(page_ids: Iterable[int]) -> list[Source]:
    """The sources of those offerings that exist, by primary key. Reads only; places are known to the dates and pages."""
    pages = list(OfferingPage.objects.filter(pk__in=list(page_ids)).order_by("pk").specific())
    ids = [page.pk for page in pages]
    dates, topics = stored_dates(ids), stored_topics(ids)
    cancelled, reviews, joined = cancelled_dates(ids), review_statuses(ids), joined_elsewhere(ids)
    contents, repeated = pending_contents(pages), ids_of_translations(pages)
    sources = []
    for page in pages:
        public = Version(page, dates[page.pk], frozenset(topics[page.pk]))
        newest = version_from(page, contents[page.pk], public.dates) if page.pk in contents else public
        counts = page.alias_of_id is None and page.pk not in joined and page.pk not in repeated
        sources.append(Source(public, newest, reviews.get(page.pk), frozenset(cancelled[page.pk]), counts))
    give_places([version for source in sources for version in {id(v): v for v in (source.public, source.newest)}.values()])
    return sources


def source_of_written(written: Written) -> Source:
    """The source of an offering that was just written, in the same transaction."""
    page = read_written(written)
    topics = frozenset(topic.pk for topic in page.topics.all())
    public = newest = Version(page, list(page.occurrences.all()), topics)
    if content := pending_contents([page]).get(page.pk):
        newest = version_from(page, content, public.dates)
        give_places([newest])
    return Source(
        public,
        newest,
        review_statuses([page.pk]).get(page.pk),
        frozenset(row.occurrence_uid for row in page.all_cancellations()),
        counts=page.alias_of_id is None and not joined_elsewhere([page.pk]) and not ids_of_translations([page]),
    )


def ids_of_translations(pages: Iterable[OfferingPage]) -> set[int]:
    """Those that say the same as an older page does in another language; nothing is asked where a site has only one."""
    if not is_multilingual():
        return set()
    same = OfferingPage.objects.filter(translation_key__in={page.translation_key for page in pages}).order_by()
    first = dict(same.values("translation_key").annotate(first=Min("pk")).values_list("translation_key", "first"))
    return {page.pk for page in pages if first.get(page.translation_key, page.pk) != page.pk}


def pending_contents(pages: Iterable[OfferingPage]) -> dict[int, dict]:
    """By primary key of the page: what the newest revision says, where the row does not say it already."""
    pending = {page.latest_revision_id: page.pk for page in pages if page.has_unpublished_changes and page.latest_revision_id}
    revisions = Revision.objects.filter(pk__in=list(pending)).values_list("pk", "content")
    return {pending[pk]: content for pk, content in revisions}


def version_from(page: OfferingPage, content: dict, stored: list[Occurrence]) -> Version:
    """A revision read without asking the database for every key that it names, which may be gone by now."""
    model = type(page)
    left_out = {relation.get_accessor_name() for relation in get_all_child_relations(model)}
    left_out |= {field.name for field in get_all_child_m2m_relations(model)}
    own = {name: value for name, value in content.items() if name not in left_out}
    newest = model_from_serializable_data(model, own | {"pk": page.pk}, check_fks=False)
    dates = dates_in(content)
    page.match_dates(dates, content, stored)
    return Version(newest, dates, frozenset(content.get("topics", [])))


def dates_in(content: dict) -> list[Occurrence]:
    return [model_from_serializable_data(Occurrence, row, check_fks=False) for row in content.get("occurrences", [])]


# What is stored beside the pages, by their primary keys


def stored_dates(ids: Collection[int]) -> dict[int, list[Occurrence]]:
    found = defaultdict(list)
    for date in Occurrence.objects.filter(page__in=ids):
        found[date.page_id].append(date)
    return found


def stored_topics(ids: Collection[int]) -> dict[int, set[int]]:
    found = defaultdict(set)
    through = OfferingPage.topics.through
    for page_id, topic_id in through.objects.filter(offeringpage__in=ids).values_list("offeringpage_id", "topic_id"):
        found[page_id].add(topic_id)
    return found


def cancelled_dates(ids: Collection[int]) -> dict[int, set[uuid.UUID | None]]:
    found = defaultdict(set)
    for page_id, uid in Cancellation.objects.filter(offering__in=ids).values_list("offering_id", "occurrence_uid"):
        found[page_id].add(uid)
    return found


def review_statuses(ids: Collection[int]) -> dict[int, str]:
    """Asked of the rows: a page in memory may remember a review that has ended."""
    active = WorkflowState.objects.active().filter(
        base_content_type=ContentType.objects.get_for_model(Page), object_id__in=[str(pk) for pk in ids]
    )
    return {int(pk): status for pk, status in active.values_list("object_id", "status")}


def joined_elsewhere(ids: Collection[int]) -> set[int]:
    joined = JoinProposal.objects.filter(joining__in=ids, status=JoinProposal.Status.JOINED)
    return set(joined.values_list("joining_id", flat=True))


# Places


def give_places(versions: list[Version]) -> None:
    """Set venues and towns; what a revision names and nobody has any more is left out, organisations and topics too."""
    named = [thing for version in versions for thing in (version.page, *version.dates)]
    venues = Venue.objects.select_related("municipality").in_bulk({thing.venue_id for thing in named} - {None})
    towns = Municipality.objects.in_bulk({version.page.municipality_id for version in versions} - {None})
    organisations = present(Organisation, {version.page.organisation_id for version in versions} - {None})
    topics = present(Topic, {topic for version in versions for topic in version.topics})
    for thing in named:
        thing.venue = venues.get(thing.venue_id)
    for version in versions:
        version.page.municipality = towns.get(version.page.municipality_id)
        if version.page.organisation_id not in organisations:
            version.page.organisation = None
        version.topics &= topics


def present(model, keys: set[int]) -> set[int]:
    return set(model.objects.filter(pk__in=keys).values_list("pk", flat=True)) if keys else set()
