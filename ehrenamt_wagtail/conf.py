"""Settings of the app: one dict ``EHRENAMT`` in the host's settings, read when used.

``from ehrenamt_wagtail.conf import conf`` and then ``conf.ITEMS_PER_PAGE``. The table in ``docs/settings.md`` explains each
name; ``checks.py`` refuses names that do not exist.
"""

from typing import Any

from django.conf import settings

DEFAULTS: dict[str, Any] = {
    # Words that differ between districts.
    "DISTRICT_NAME": "Landkreis",
    "CIRCLE_NAME": "Arbeitskreis",
    "CIRCLE_NAME_PLURAL": "Arbeitskreise",
    "FIELD_OF_WORK": "Flüchtlingshilfe",
    # The site as seen in mails, without trailing slash; empty: the default Wagtail site.
    "BASE_URL": "",
    # Group of the district's coordinators, made by ``ehrenamt_setup``.
    "COORDINATOR_GROUP": "Ehrenamtskoordination",
    # Group of the accounts that coordinators named as supervisors; every organisation may choose them.
    "SUPERVISOR_GROUP": "Supervision",
    # The district's border on maps: rings of (longitude, latitude) pairs in degrees (WGS 84); none: dots alone.
    "DISTRICT_OUTLINE": [],
    # Programme.
    "ITEMS_PER_PAGE": 20,
    "DEFAULT_DURATION_HOURS": 2,
    "MAX_OCCURRENCES": 100,
    # Answers of public pages that are kept for everybody: in which of CACHES; for so many seconds at most, should a change not reach
    # the cache; whether one process alone serves the site and runs its jobs, so that its own memory will do.
    "CACHE_ALIAS": "default",
    "CACHE_SECONDS": 600,
    "CACHE_ONE_PROCESS": False,
    # Review: a first date within so many days is marked as near.
    "REVIEW_NEAR_DAYS": 14,
    # Working days until an organisation has its answer; the queue's traffic light turns yellow so many working days before.
    "REVIEW_WORKING_DAYS": 5,
    "REVIEW_DUE_SOON_DAYS": 2,
    # Hours after which somebody who opened a submission and went away no longer counts as working on it.
    "REVIEW_CLAIM_HOURS": 24,
    # Holidays, as the library "holidays" names country and state; empty state: those of the whole country.
    "HOLIDAYS_COUNTRY": "DE",
    "HOLIDAYS_STATE": "BW",
    "HOLIDAYS_LANGUAGE": "de",
    # Clashes: points of each reason, see docs/coordination.md; a score from CLASH_STRONG on needs a reason to submit.
    "CLASH_STRONG": 70,
    # From these scores on a clash is medium, or is mentioned at all.
    "CLASH_MEDIUM": 45,
    "CLASH_MENTIONED": 30,
    # What takes place on site and farther away does not compete.
    "CLASH_DISTANCE_KM": 30,
    # So many hours between two dates still count.
    "CLASH_GAP_HOURS": 3,
    # What lasts longer (an exhibition) competes with nothing.
    "CLASH_LONGEST_DAYS": 14,
    # So many days before and after a date are searched for a free one.
    "CLASH_FREE_DAYS": 42,
    "CLASH_WEIGHTS": {
        "overlap": 35,
        "same_part": 30,
        "all_day": 25,
        "gap": 10,
        "same_venue": 45,
        "same_town": 25,
        "distance": 25,
        "place_unknown": 6,
        "online_both": 10,
        "online": 5,
        "topic": 28,
        "audience": 8,
        "kind": 6,
        "blocked_avoid": 80,
        "public_holiday": 60,
        "blocked_hint": 35,
        "school_holiday": 35,
    },
    # Similar offerings: compared are those so many weeks before and after a date, and so many kilometres around it.
    "SIMILAR_WEEKS": 8,
    "SIMILAR_KM": 30,
    # From this score on an offering is mentioned as similar; points of each reason, see docs/coordination.md.
    "SIMILAR_MENTIONED": 60,
    "SIMILAR_WEIGHTS": {"title": 60, "text": 20, "topic": 10, "kind": 10},
    # Holds: days until one expires, days that it can be prolonged once, days before the end on which the owner is told.
    "HOLD_DAYS": 21,
    "HOLD_PROLONG_DAYS": 14,
    "HOLD_REMINDER_DAYS": 2,
    # Sign-ups: hours that an unconfirmed one keeps its seat, hours that an offered seat is kept at most.
    "SIGNUP_HOLD_HOURS": 24,
    "SIGNUP_OFFER_HOURS": 48,
    # Mails that ask for confirmation, to one address and day.
    "SIGNUP_MAILS_PER_DAY": 10,
    # Days before a date on which those who have a seat are reminded.
    "SIGNUP_REMINDER_DAYS": 2,
    # Months after the last date until personal data of sign-ups are deleted.
    "SIGNUP_KEPT_MONTHS": 6,
    # Reports of barriers: so many weeks until an answer is promised, so many are taken an hour, so many months they are kept.
    "BARRIER_ANSWER_WEEKS": 4,
    "BARRIER_REPORTS_PER_HOUR": 20,
    "BARRIER_REPORTS_KEPT_MONTHS": 6,
    # Uploads of partners, in bytes; larger pictures are scaled down to this many pixels on the longer side.
    "IMAGE_MAX_BYTES": 10 * 1024 * 1024,
    "IMAGE_MAX_PIXELS": 2400,
    "DOWNLOAD_MAX_BYTES": 10 * 1024 * 1024,
    # Mailed sign-in: minutes a link is valid, links per address and hour, days an invitation is valid.
    "LOGIN_LINK_MINUTES": 60,
    "LOGIN_LINKS_PER_HOUR": 5,
    "INVITATION_DAYS": 14,
    # Mail: sender (empty: DEFAULT_FROM_EMAIL) and pauses between attempts in minutes; given up after the last. Together more
    # than a day, so that a mail server may be down for one.
    "MAIL_FROM": "",
    "MAIL_RETRY_MINUTES": [1, 5, 30, 120, 240, 240, 240, 240, 240, 240],
    # Minutes after which a mail that a job took up and never finished counts as abandoned.
    "MAIL_CLAIM_MINUTES": 10,
    # Seconds until a mail server that does not answer counts as down, unless the backend sets a time limit itself.
    "MAIL_TIMEOUT_SECONDS": 15,
    # Seconds after which the minutely job starts no further mail; well below the time limit of jobs.
    "MAIL_JOB_SECONDS": 30,
    # Minutes that one attempt of a long job, such as carrying a period over, may take.
    "LONG_JOB_MINUTES": 30,
}


class Conf:
    """Attribute access to ``settings.EHRENAMT`` with the defaults above; nothing is cached."""

    def __getattr__(self, name: str) -> Any:
        if name not in DEFAULTS:
            raise AttributeError(f"EHRENAMT has no setting {name!r}")
        return getattr(settings, "EHRENAMT", {}).get(name, DEFAULTS[name])


conf = Conf()
