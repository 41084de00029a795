"""The system checks: wrong settings are named at start."""

import pytest
from django.core import checks
from django.urls import include, path
from django.utils.translation import gettext_lazy
from wagtail import urls as wagtail_urls

from ehrenamt_wagtail.conf import DEFAULTS

OURS = path("", include("ehrenamt_wagtail.urls"))
WAGTAILS = path("", include(wagtail_urls))


def messages() -> list[checks.CheckMessage]:
    return [message for message in checks.run_checks(tags=["ehrenamt"]) if not message.is_silenced()]


def found() -> list[str]:
    return [message.id for message in messages()]


def test_demonstration_site_passes():
    assert found() == []


def test_unknown_setting_is_named_with_the_known_ones(settings):
    settings.EHRENAMT = {"ITEMS_PER_PAEG": 10}
    message = messages()[0]
    assert message.id == "ehrenamt.E002"
    assert "ITEMS_PER_PAEG" in message.msg
    assert "ITEMS_PER_PAGE" in message.hint


@pytest.mark.parametrize("value", [None, "x", ["ITEMS_PER_PAGE"]])
def test_settings_that_are_no_dict_are_refused(settings, value):
    settings.EHRENAMT = value
    assert found() == ["ehrenamt.E001"]


PER_PROCESS = "django.core.cache.backends.locmem.LocMemCache"
NONE = "django.core.cache.backends.dummy.DummyCache"
IN_DATABASE = "django.core.cache.backends.db.DatabaseCache"
SHARED = "django.core.cache.backends.redis.RedisCache"


@pytest.mark.parametrize(
    ("backend", "one_process", "expected"),
    [
        (PER_PROCESS, False, ["ehrenamt.W002"]),
        (PER_PROCESS, True, []),
        (NONE, True, ["ehrenamt.W002"]),
        (IN_DATABASE, True, ["ehrenamt.W002"]),
        (SHARED, False, []),
    ],
)
def test_cache_that_not_all_processes_share_is_named(settings, backend, one_process, expected):
    settings.SILENCED_SYSTEM_CHECKS = []
    settings.CACHES = {"default": {"BACKEND": backend, "LOCATION": "redis://127.0.0.1:1"}}
    settings.EHRENAMT = {"CACHE_ONE_PROCESS": one_process}
    assert found() == expected
    settings.MIDDLEWARE = []
    assert found() == []


def test_name_of_a_cache_that_does_not_exist_is_refused(settings):
    settings.EHRENAMT = {"CACHE_ALIAS": "pages"}
    assert found() == ["ehrenamt.E012"]


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("ITEMS_PER_PAGE", "20", ["ehrenamt.E003"]),
        ("ITEMS_PER_PAGE", True, ["ehrenamt.E003"]),
        ("ITEMS_PER_PAGE", 0, ["ehrenamt.E004"]),
        ("ITEMS_PER_PAGE", 50, []),
        ("DISTRICT_NAME", 5, ["ehrenamt.E003"]),
        ("DISTRICT_NAME", gettext_lazy("Organisation"), []),
        ("MAIL_RETRY_MINUTES", 5, ["ehrenamt.E003"]),
        ("MAIL_RETRY_MINUTES", [1, "5"], ["ehrenamt.E003"]),
        ("MAIL_RETRY_MINUTES", [1, -5], ["ehrenamt.E004"]),
        ("MAIL_RETRY_MINUTES", (1, 5), []),
        ("REVIEW_NEAR_DAYS", 0, []),
        ("CACHE_ONE_PROCESS", "yes", ["ehrenamt.E003"]),
    ],
)
def test_type_and_range_of_settings_are_checked(settings, name, value, expected):
    settings.EHRENAMT = {name: value}
    assert found() == expected


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"HOLIDAYS_COUNTRY": "XX"}, ["ehrenamt.E010"]),
        ({"HOLIDAYS_STATE": "ZZ"}, ["ehrenamt.E010"]),
        ({"HOLIDAYS_COUNTRY": "GB", "HOLIDAYS_STATE": ""}, []),
        ({"CLASH_WEIGHTS": {"topik": 20}}, ["ehrenamt.E011"]),
        ({"CLASH_WEIGHTS": {"topic": 120}}, ["ehrenamt.E011"]),
        ({"CLASH_WEIGHTS": {"topic": "20"}}, ["ehrenamt.E011"]),
        ({"CLASH_WEIGHTS": {"topic": 0, "overlap": 100}}, []),
        ({"CLASH_WEIGHTS": [20]}, ["ehrenamt.E003"]),
        ({"CLASH_STRONG": 40}, ["ehrenamt.E011"]),
        ({"CLASH_MEDIUM": 70, "CLASH_GAP_HOURS": 0, "CLASH_MENTIONED": 0}, []),
    ],
)
def test_settings_of_holidays_and_clashes_are_checked(settings, given, expected):
    settings.EHRENAMT = given
    assert found() == expected


def test_defaults_pass_their_own_check(settings):
    settings.EHRENAMT = dict(DEFAULTS)
    assert found() == []


def test_missing_app_is_named(monkeypatch):
    # Taking an app away for real would break Wagtail's own registries.
    monkeypatch.setattr("ehrenamt_wagtail.checks.apps.is_installed", lambda name: name != "wagtail_modeladmin")
    assert found() == ["ehrenamt.E006"]
    assert "wagtail_modeladmin" in messages()[0].hint


def test_links_that_are_valid_for_ever_are_refused(settings):
    del settings.SESAME_MAX_AGE
    settings.SESAME_ONE_TIME = False
    assert found() == ["ehrenamt.E007", "ehrenamt.W001"]


def test_naive_times_are_refused(settings):
    settings.USE_TZ = False
    assert found() == ["ehrenamt.E005"]


class Urls:
    def __init__(self, *patterns):
        self.urlpatterns = list(patterns)


@pytest.mark.parametrize(
    ("patterns", "expected"),
    [
        ([OURS, WAGTAILS], []),
        ([OURS], []),
        ([WAGTAILS, OURS], ["ehrenamt.E009"]),
        ([WAGTAILS], ["ehrenamt.E008"]),
        ([path("de/", include([WAGTAILS, OURS]))], ["ehrenamt.E009"]),
        ([path("de/", include([OURS, WAGTAILS]))], []),
    ],
)
def test_order_of_addresses_is_checked(settings, patterns, expected):
    settings.ROOT_URLCONF = Urls(*patterns)
    assert found() == expected


@pytest.mark.parametrize(
    "outline",
    [
        "x", {"a": 1}, [(8.7, 48.5), (9.2, 48.5), (9.0, 48.9)], [[(8.7, 48.5), (9.2, 48.5)]], [[(8.7, 48.5), (9.2, 48.5), (9.0,)]],
        [[(8.7, 48.5), (9.2, 48.5), ("9", "48")]], [[(48.5, 108.7), (48.5, 9.2), (48.9, 9.0)]],
    ],
)  # fmt: skip
def test_outline_that_is_no_list_of_rings_is_refused(settings, outline):
    settings.EHRENAMT = {"DISTRICT_OUTLINE": outline}
    assert found() == ["ehrenamt.E013"]


@pytest.mark.parametrize("outline", [[], (), [[(8.7, 48.5), (9.2, 48.5), (9.0, 48.9)]], [[[8, 48], [9, 48], [9, 49], [8, 48]]]])
def test_outline_of_rings_is_fine(settings, outline):
    settings.EHRENAMT = {"DISTRICT_OUTLINE": outline}
    assert found() == []
