"""The files of a brochure: complete ones alone, the newest of each format."""

import datetime as dt
import logging
from collections.abc import Mapping
from contextlib import suppress
from pathlib import PurePosixPath

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models.signals import post_delete
from django.dispatch import receiver
from django.utils import timezone
from django.utils.translation import gettext as _

from ehrenamt_wagtail.exceptions import NotAllowed
from ehrenamt_wagtail.reporting.long_jobs import ABANDONED_AFTER
from ehrenamt_wagtail.reporting.models import Brochure, BrochureFile
from ehrenamt_wagtail.reporting.models.brochure import file_name

from .rendering import Made

logger = logging.getLogger(__name__)

# A file without a row may be one whose row is not committed yet; that takes a moment. Shorter than the time after which the job of a
# dead process is taken up: so its next attempt finds what it left.
ORPHAN_AFTER = ABANDONED_AFTER / 2


def newest_files(brochure: Brochure) -> list[BrochureFile]:
    """The newest file of each format, in the order of the formats; one query."""
    newest: dict[str, BrochureFile] = {}
    for file in brochure.files.all():
        newest.setdefault(file.format, file)
    return [newest[format] for format in BrochureFile.Format.values if format in newest]


def keep(brochure_id: int, made: Mapping[str, Made], *, offerings: int, made_by) -> list[BrochureFile]:
    """Store what was made, format by format, in place of the brochure's older files of these formats: all of it or nothing.

    Locks the brochure. Raises ``NotAllowed`` if it was deleted meanwhile. What was written before something fails is removed again;
    if the process dies, ``remove_orphans`` does so.
    """
    written: list[str] = []
    try:
        with transaction.atomic():
            brochure = Brochure.objects.select_for_update().filter(pk=brochure_id).first()
            if brochure is None:
                raise NotAllowed(_("The brochure was deleted meanwhile."))
            older = list(brochure.files.filter(format__in=made).values_list("pk", flat=True))
            files = []
            for format, one in made.items():
                file = BrochureFile(brochure=brochure, format=format, pages=one.pages, offerings=offerings, made_by=made_by)
                file.file.save("", ContentFile(one.content), save=False)
                written.append(file.file.name)
                file.save()
                files.append(file)
            BrochureFile.objects.filter(pk__in=older).delete()
            return files
    except BaseException:
        for name in written:
            remove(name)
        raise


@receiver(post_delete, sender=BrochureFile, dispatch_uid="ehrenamt_brochure_file_deleted")
def remove_file(sender, instance: BrochureFile, **kwargs) -> None:
    """The file goes when its row is gone for good."""
    if name := instance.file.name:
        transaction.on_commit(lambda: remove(name), robust=True)


def remove(name: str) -> None:
    try:
        default_storage.delete(name)
    except OSError:
        logger.warning("The file %s of a brochure could not be deleted", name)


def remove_orphans(now: dt.datetime | None = None) -> int:
    """Remove files of brochures that no row names, left behind by a process that died; gives their number. Any number of times."""
    now = now or timezone.now()
    folder = PurePosixPath(file_name(None, "")).parent
    # A storage that cannot list, or has no such folder yet.
    names: list[str] = []
    with suppress(NotImplementedError, OSError):
        names = [str(folder / name) for name in default_storage.listdir(str(folder))[1]]
    known = set(BrochureFile.objects.filter(file__in=names).values_list("file", flat=True)) if names else set()
    orphans = [name for name in names if name not in known and is_old(name, now)]
    for name in orphans:
        remove(name)
    return len(orphans)


def is_old(name: str, now: dt.datetime) -> bool:
    try:
        return default_storage.get_modified_time(name) < now - ORPHAN_AFTER
    except (OSError, NotImplementedError):
        return False
