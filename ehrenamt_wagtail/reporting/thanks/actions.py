"""Naming people and taking the name back, and having the letters written.

Names are personal data: Wagtail's log says which circle named somebody, never whom.
"""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from ehrenamt_wagtail.circles.models import CirclePage
from ehrenamt_wagtail.exceptions import NotAllowed, ensure
from ehrenamt_wagtail.reporting import long_jobs
from ehrenamt_wagtail.reporting.models import LongJob, ThankedPerson, ThanksRound

from . import rules

# More than any circle has; whoever names more pastes a list.
MOST_OF_CIRCLE = 200


@transaction.atomic
def name_person(
    round: ThanksRound, circle: CirclePage, *, name: str, since: int, has_consented: bool, actor=None, is_by_link: bool = False
) -> ThankedPerson:
    """``circle`` wants ``name``, who has volunteered since the year ``since``, to be thanked.

    Naming somebody again (a second click, the back button) changes the year if it is another one and gives the same row.
    ``has_consented``: the circle says that the person agrees; without it ``ValidationError``, as for a name or year that cannot be.
    Raises ``NotAllowed`` when the time is over or the circle has named ``MOST_OF_CIRCLE`` already.
    """
    locked = lock(round)
    ensure(rules.NAME, round=locked, actor=actor, is_by_link=is_by_link)
    name = " ".join(name.split())
    person = ThankedPerson(round=locked, circle=circle, name=name, since=since, named_by=actor)
    person.clean_fields(exclude={"named_by"})
    errors = {}
    if since > locked.day.year:
        errors["since"] = _("Please enter a year that has begun.")
    if not has_consented:
        errors["consent"] = _("Please confirm that the person agrees; without it the name must not be stored.")
    if errors:
        raise ValidationError(errors)
    named = ThankedPerson.objects.filter(round=locked, circle=circle)
    if present := named.filter(name=name).first():
        if present.since != since:
            present.since = since
            present.save(update_fields=["since"])
        return present
    if named.count() >= MOST_OF_CIRCLE:
        raise NotAllowed(
            _("More than %(number)s people cannot be named here. Please ask the coordinators.") % {"number": MOST_OF_CIRCLE}
        )
    person.save()
    log(instance=locked, action="ehrenamt.name_thanked", user=actor, data={"circle": circle.title})
    return person


@transaction.atomic
def remove_person(round: ThanksRound, circle: CirclePage, person_id: int, *, actor=None, is_by_link: bool = False) -> bool:
    """Delete the name; false if this circle named nobody of this id, as after a second click. Letters made before go, too."""
    locked = lock(round)
    ensure(rules.REMOVE, round=locked, actor=actor, is_by_link=is_by_link)
    number, _deleted = ThankedPerson.objects.filter(round=locked, circle=circle, pk=person_id).delete()
    if number:
        locked.letters_made().delete()
        log(instance=locked, action="ehrenamt.remove_thanked", user=actor, data={"circle": circle.title})
    return bool(number)


def lock(round: ThanksRound) -> ThanksRound:
    """What concerns one round comes one after the other. Held to the end of the transaction."""
    return ThanksRound.objects.select_for_update().get(pk=round.pk)


def write_letters(round: ThanksRound, *, actor) -> LongJob:
    """Have all letters written anew by the job cluster; gives the job.

    Raises ``NotAllowed`` for who is no coordinator, where nobody is named, and where no PDF can be made.
    """
    ensure(rules.WRITE, round=round, actor=actor)
    return long_jobs.start(LongJob.Kind.THANKS, subject=subject_of(round), params={"round": round.pk}, actor=actor)


def subject_of(round: ThanksRound) -> str:
    return f"thanks:{round.pk}"
