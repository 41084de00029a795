"""What changes a brochure besides its editing: files are made, everybody may read it or no longer."""

from django.db import transaction
from django.utils import timezone
from wagtail.log_actions import log

from ehrenamt_wagtail.exceptions import ensure
from ehrenamt_wagtail.reporting import long_jobs
from ehrenamt_wagtail.reporting.models import Brochure, LongJob

from . import rules


def make(brochure: Brochure, *, format: str, actor) -> LongJob:
    """Have the file of this format made anew by the job cluster; gives the job. Of each format one is under way at a time.

    Raises ``NotAllowed`` for who does not keep brochures, and where no PDF can be made.
    """
    ensure(rules.MAKE, brochure=brochure, actor=actor)
    params = {"brochure": brochure.pk, "format": format}
    return long_jobs.start(LongJob.Kind.BROCHURE, subject=subject_of(brochure, format), params=params, actor=actor)


def subject_of(brochure: Brochure, format: str) -> str:
    return f"brochure:{brochure.pk}:{format}"


@transaction.atomic
def publish(brochure: Brochure, *, actor) -> None:
    """From now on everybody reads it as a page, and fetches its newest files. Raises ``NotAllowed``, also if it is published."""
    locked = Brochure.objects.select_for_update().get(pk=brochure.pk)
    ensure(rules.PUBLISH, brochure=locked, actor=actor)
    set_published(brochure, timezone.now())
    log(instance=brochure, action="ehrenamt.publish_brochure", user=actor)


@transaction.atomic
def withdraw(brochure: Brochure, *, actor) -> None:
    """Nobody finds it any more; files stay for those who keep it. Raises ``NotAllowed``, also if it is not published."""
    locked = Brochure.objects.select_for_update().get(pk=brochure.pk)
    ensure(rules.WITHDRAW, brochure=locked, actor=actor)
    set_published(brochure, None)
    log(instance=brochure, action="ehrenamt.withdraw_brochure", user=actor)


def set_published(brochure: Brochure, moment) -> None:
    brochure.published_at = moment
    # The programme's pages link to it; what was kept of them ends with the save.
    brochure.save(update_fields=["published_at"])
