"""The read model of the programme: what the public may read, ready to be listed.

Derived, and written by ``programme/listed.py`` alone. It holds nothing that is not public; what is planned besides stands in
coordination's ``PlannedDate``.
"""

import datetime as dt
import uuid

from django.db import models
from django.utils import timezone

# Where the first date of an offering is listed from: earlier than any visit.
EVER_BEFORE = dt.datetime(1900, 1, 1, tzinfo=dt.UTC)


class ListedOffering(models.Model):
    """One offering that everybody may read, below the programme that lists it.

    ``address`` is its path below the programme's, whose own with scheme and host is ``base_url``. ``facts`` is what rows, month
    view, feeds and API show (``facts.OfferingFacts``), ``details`` what its page shows besides (``details.details_of``).
    ``ends_at`` is when its last date is over. ``title_words``, ``name_words`` and ``text_words`` are the plain words that the search
    finds it by, divided by spaces; those of the title weigh most.
    """

    offering = models.OneToOneField("ehrenamt_wagtail.OfferingPage", primary_key=True, on_delete=models.CASCADE, related_name="listed")
    programme = models.ForeignKey("ehrenamt_wagtail.ProgrammePage", on_delete=models.CASCADE, related_name="+")
    address = models.CharField(max_length=1000)
    base_url = models.CharField(max_length=1000, blank=True)
    art = models.CharField(max_length=50, blank=True)
    ends_at = models.DateTimeField(null=True)
    updated_at = models.DateTimeField()
    facts = models.JSONField()
    details = models.JSONField(default=dict)
    title_words = models.TextField(blank=True)
    name_words = models.TextField(blank=True)
    text_words = models.TextField(blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["programme", "ends_at"], name="ehrenamt_listed_ends"),
            models.Index(fields=["programme", "address"], name="ehrenamt_listed_address"),
        ]

    def __str__(self) -> str:
        return self.address


class ListedSeats(models.Model):
    """What providers say of the free seats of a listed offering; each has one such row.

    Apart from what else is listed, since each sign-up writes it: a narrow row without indexes on what changes. ``is_free`` says
    whether somebody can still get a seat, whatever the time is (``SeatsProvider.is_free``).
    """

    offering = models.OneToOneField(ListedOffering, primary_key=True, on_delete=models.CASCADE, related_name="listed_seats")
    seats = models.JSONField(default=dict)
    is_free = models.BooleanField(default=False)

    class Meta:
        indexes = [models.Index(fields=["offering"], condition=models.Q(is_free=True), name="ehrenamt_listed_free")]

    def __str__(self) -> str:
        return str(self.offering_id)


class ListedTag(models.Model):
    """What filters find an offering by: ``name`` is the address parameter, ``value`` one of its values."""

    offering = models.ForeignKey(ListedOffering, on_delete=models.CASCADE, related_name="tags")
    name = models.CharField(max_length=20)
    value = models.CharField(max_length=255)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["name", "value", "offering"], name="ehrenamt_listed_tag_once")]

    def __str__(self) -> str:
        return f"{self.name}={self.value}"


class ListedChange(models.Model):
    """That an offering is listed in another way since a moment, or no longer; ``programme/changes.py`` says who reads it.

    ``offering_id`` is the key of its page, which may be gone. ``written_by`` is the number of the transaction, on SQLite 0.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    offering_id = models.IntegerField()
    written_by = models.BigIntegerField()
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = [
            models.Index(fields=["written_by"], name="ehrenamt_listed_change"),
            models.Index(fields=["at"], name="ehrenamt_listed_change_at"),
        ]

    def __str__(self) -> str:
        return str(self.offering_id)


class ListedDate(models.Model):
    """One date of a listed offering.

    From ``listed_from`` on, before ``listed_until``, it is the date that its offering is listed by: the next one that is neither
    cancelled nor over, else the next cancelled one. ``archived_from`` is set on the date that the archive lists it by. Thus what
    is next is known at any moment without a nightly job. ``is_long`` says that it lasts longer than ``LONG``, so that others are
    found by their start alone. ``event`` is its entry of a calendar as RFC 5545 writes it, with addresses below the offering's
    ``base_url`` and in the site's language; ``town`` the slug of where it takes place,
    ``slots`` the parts of weekdays that it touches, see ``slots.py``.
    """

    LONG = dt.timedelta(days=2)

    offering = models.ForeignKey(ListedOffering, on_delete=models.CASCADE, related_name="dates")
    programme = models.ForeignKey("ehrenamt_wagtail.ProgrammePage", on_delete=models.CASCADE, related_name="+")
    uid = models.UUIDField()
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    is_cancelled = models.BooleanField(default=False)
    is_long = models.BooleanField(default=False)
    town = models.CharField(max_length=255, blank=True)
    slots = models.PositiveIntegerField(default=0)
    listed_from = models.DateTimeField(null=True)
    listed_until = models.DateTimeField(null=True)
    archived_from = models.DateTimeField(null=True)
    event = models.TextField(blank=True)
    shown = models.JSONField(default=dict)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["offering", "uid"], name="ehrenamt_listed_date_once")]
        indexes = [
            models.Index(fields=["programme", "starts_at", "offering", "listed_from", "listed_until"], name="ehrenamt_listed_start"),
            models.Index(
                fields=["programme", "starts_at", "offering", "archived_from"],
                condition=models.Q(archived_from__isnull=False),
                name="ehrenamt_listed_archive",
            ),
            models.Index(fields=["programme", "ends_at"], condition=models.Q(is_long=True), name="ehrenamt_listed_long"),
        ]

    def __str__(self) -> str:
        return str(self.uid)


class ListedWord(models.Model):
    """A word that offerings of a programme are found by, in how many of them, in how many titles, and how one of them writes it.

    What is typed is compared with these words: misspelt ones, beginnings, parts of compounds. ``programme/words.py`` counts them.
    """

    programme = models.ForeignKey("ehrenamt_wagtail.ProgrammePage", on_delete=models.CASCADE, related_name="+")
    word = models.CharField(max_length=100)
    written = models.CharField(max_length=100)
    number = models.IntegerField(default=0)
    titles = models.IntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["programme", "word"], name="ehrenamt_listed_word_once")]

    def __str__(self) -> str:
        return self.word


class ListedVocabulary(models.Model):
    """``version`` is another one whenever a word of the programme came or went; whoever counts words locks this row first."""

    programme = models.OneToOneField("ehrenamt_wagtail.ProgrammePage", primary_key=True, on_delete=models.CASCADE, related_name="+")
    version = models.UUIDField(default=uuid.uuid4)

    def __str__(self) -> str:
        return f"{self.programme_id}: {self.version}"
