"""System checks: what is wrong with the settings is said at start, not at the first click."""

from typing import Any

import holidays
from django.apps import apps
from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning, register
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils.functional import Promise

from .conf import DEFAULTS, conf

TAG = "ehrenamt"

REQUIRED_APPS = (
    "django_q",
    "wagtail_modeladmin",
    "wagtail.admin",
    "wagtail.documents",
    "wagtail.images",
)


# Near means today then.
MAY_BE_ZERO = frozenset({"REVIEW_NEAR_DAYS", "REVIEW_DUE_SOON_DAYS", "CLASH_GAP_HOURS", "CLASH_MENTIONED"})
# Lists of other things than whole numbers have a check of their own.
OTHER_LISTS = frozenset({"DISTRICT_OUTLINE"})


@register(TAG)
def check_settings(app_configs, **kwargs) -> list[CheckMessage]:
    """E001: ``EHRENAMT`` is no dict; E002: unknown name; E003: wrong type; E004: a number that makes no sense."""
    given = getattr(settings, "EHRENAMT", {})
    if not isinstance(given, dict):
        return [Error("The setting EHRENAMT must be a dict.", id="ehrenamt.E001")]
    found: list[CheckMessage] = []
    for name, value in given.items():
        if name not in DEFAULTS:
            known = ", ".join(sorted(DEFAULTS))
            found.append(Error(f"EHRENAMT has no setting {name!r}.", hint=f"Known are: {known}.", id="ehrenamt.E002"))
        elif name in OTHER_LISTS:
            continue
        elif not has_type_of(DEFAULTS[name], value):
            wanted = "a list of whole numbers" if isinstance(DEFAULTS[name], list) else type(DEFAULTS[name]).__name__
            found.append(Error(f"EHRENAMT[{name!r}] must be {wanted}, not {value!r}.", id="ehrenamt.E003"))
        elif name not in MAY_BE_ZERO and any(number <= 0 for number in numbers_in(value)):
            found.append(Error(f"EHRENAMT[{name!r}] must be more than 0, not {value!r}.", id="ehrenamt.E004"))
    return found


def are_readable() -> bool:
    return isinstance(getattr(settings, "EHRENAMT", {}), dict)


def has_type_of(default: Any, value: Any) -> bool:
    if isinstance(default, str):
        # A name of the district may be translated lazily.
        return isinstance(value, str | Promise)
    if isinstance(default, bool):
        return isinstance(value, bool)
    if isinstance(default, int | float):
        return isinstance(value, int | float) and not isinstance(value, bool)
    if isinstance(default, list):
        return isinstance(value, list | tuple) and all(has_type_of(0, item) for item in value)
    return isinstance(value, type(default))


def numbers_in(value: Any) -> list[float]:
    items = value if isinstance(value, list | tuple) else [value]
    return [item for item in items if isinstance(item, int | float) and not isinstance(item, bool)]


@register(TAG)
def check_holidays(app_configs, **kwargs) -> list[CheckMessage]:
    """E010: the library knows no such country or state."""
    if not are_readable():
        return []
    country, state = str(conf.HOLIDAYS_COUNTRY), str(conf.HOLIDAYS_STATE)
    try:
        holidays.country_holidays(country, subdiv=state or None, years=2027)
    except NotImplementedError:
        place = "/".join(filter(None, [country, state]))
        hint = "Set HOLIDAYS_COUNTRY and HOLIDAYS_STATE as the library “holidays” names them, for example DE and BW."
        return [Error(f"No holidays are known for {place!r}.", hint=hint, id="ehrenamt.E010")]
    return []


@register(TAG)
def check_clashes(app_configs, **kwargs) -> list[CheckMessage]:
    """E011: weights that nothing reads, no points, or thresholds in the wrong order."""
    if not are_readable() or not isinstance(conf.CLASH_WEIGHTS, dict):
        return []
    weights, known = conf.CLASH_WEIGHTS, DEFAULTS["CLASH_WEIGHTS"]
    found = []
    for name, points in weights.items():
        if name not in known:
            found.append(Error(f"CLASH_WEIGHTS has no reason {name!r}.", hint=f"Known are: {', '.join(known)}.", id="ehrenamt.E011"))
        elif not isinstance(points, int) or isinstance(points, bool) or not 0 <= points <= 100:
            message = f"CLASH_WEIGHTS[{name!r}] must be a whole number from 0 to 100, not {points!r}."
            found.append(Error(message, id="ehrenamt.E011"))
    thresholds = [conf.CLASH_MENTIONED, conf.CLASH_MEDIUM, conf.CLASH_STRONG]
    if all(has_type_of(0, value) for value in thresholds) and thresholds != sorted(thresholds):
        message = "CLASH_MENTIONED, CLASH_MEDIUM and CLASH_STRONG must not fall in this order."
        found.append(Error(message, id="ehrenamt.E011"))
    return found


@register(TAG)
def check_outline(app_configs, **kwargs) -> list[CheckMessage]:
    """E013: the outline of the district is no list of rings."""
    if not are_readable():
        return []
    rings = conf.DISTRICT_OUTLINE
    if isinstance(rings, list | tuple) and all(is_ring(ring) for ring in rings):
        return []
    message = "EHRENAMT['DISTRICT_OUTLINE'] must be a list of rings, each at least three pairs (longitude, latitude) in degrees."
    hint = "For example [[(8.7, 48.5), (9.2, 48.5), (9.0, 48.9)]]: longitude first, as in GeoJSON."
    return [Error(message, hint=hint, id="ehrenamt.E013")]


def is_ring(ring: Any) -> bool:
    return isinstance(ring, list | tuple) and len(ring) >= 3 and all(is_place(place) for place in ring)


def is_place(place: Any) -> bool:
    if not isinstance(place, list | tuple) or len(place) != 2 or not all(has_type_of(0.0, number) for number in place):
        return False
    longitude, latitude = place
    return -180 <= longitude <= 180 and -90 <= latitude <= 90


@register(TAG)
def check_time_zones(app_configs, **kwargs) -> list[CheckMessage]:
    if settings.USE_TZ:
        return []
    return [Error("The app stores times in UTC.", hint="Set USE_TZ = True and TIME_ZONE.", id="ehrenamt.E005")]


@register(TAG)
def check_apps(app_configs, **kwargs) -> list[CheckMessage]:
    return [
        Error("An app that ehrenamt_wagtail needs is missing.", hint=f"Add {name!r} to INSTALLED_APPS.", id="ehrenamt.E006")
        for name in REQUIRED_APPS
        if not apps.is_installed(name)
    ]


@register(TAG)
def check_mailed_links(app_configs, **kwargs) -> list[CheckMessage]:
    """E007: links would be valid for ever. W001: a link could be used twice."""
    found: list[CheckMessage] = []
    if getattr(settings, "SESAME_MAX_AGE", None) is None:
        found.append(
            Error(
                "Mailed links to sign in would be valid for ever.",
                hint="Set SESAME_MAX_AGE to a number of seconds, for example 14 * 24 * 60 * 60.",
                id="ehrenamt.E007",
            )
        )
    if not getattr(settings, "SESAME_ONE_TIME", False):
        found.append(Warning("A mailed link could sign in more than once.", hint="Set SESAME_ONE_TIME = True.", id="ehrenamt.W001"))
    return found


@register(TAG)
def check_cache(app_configs, **kwargs) -> list[CheckMessage]:
    """E012: ``CACHE_ALIAS`` names no cache. W002: answers are not cached, since not all processes would hear of a change in time."""
    from .programme import versions

    if not are_readable() or not versions.is_installed():
        return []
    if conf.CACHE_ALIAS not in settings.CACHES:
        hint = f"CACHES has: {', '.join(sorted(settings.CACHES))}."
        return [Error(f"EHRENAMT['CACHE_ALIAS'] is {conf.CACHE_ALIAS!r}, which is no cache.", hint=hint, id="ehrenamt.E012")]
    if versions.store() is None:
        hint = (
            "Use Redis or Memcached, see docs/caching.md. If one process alone serves the site and runs its jobs, set "
            'EHRENAMT["CACHE_ONE_PROCESS"] = True and use the cache in local memory.'
        )
        return [Warning("Public pages are not cached in this kind of cache.", hint=hint, id="ehrenamt.W002")]
    return []


@register(TAG)
def check_urls(app_configs, **kwargs) -> list[CheckMessage]:
    """E008: our addresses are missing. E009: Wagtail's pattern comes first and takes them all."""
    if not getattr(settings, "ROOT_URLCONF", None):
        return []
    order = list(landmarks(get_resolver().url_patterns))
    line = 'path("", include("ehrenamt_wagtail.urls"))'
    if "ehrenamt" not in order:
        return [Error("The app's addresses are missing.", hint=f"Add {line} to the URLs.", id="ehrenamt.E008")]
    if "wagtail" in order[: order.index("ehrenamt")]:
        hint = f'Move {line} above path("", include("wagtail.urls")).'
        return [Error("Wagtail's pattern hides the app's addresses.", hint=hint, id="ehrenamt.E009")]
    return []


def landmarks(patterns):
    """``"ehrenamt"`` and ``"wagtail"`` in the order in which addresses are tried."""
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            if pattern.app_name == "ehrenamt":
                yield "ehrenamt"
            else:
                yield from landmarks(pattern.url_patterns)
        elif isinstance(pattern, URLPattern) and pattern.name == "wagtail_serve":
            yield "wagtail"
