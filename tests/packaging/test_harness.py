"""The test set-up keeps its own promises: it fails on logged errors and undefined variables."""

import logging

import pytest
from django.db import connection
from django.template import Context, Template, engines
from django.template.base import Origin
from wagtail.models import Locale, Page, Site

from tests import conftest


def render(source: str, origin_name: str) -> str:
    engine = engines["django"].engine
    template = Template(source, origin=Origin(origin_name), engine=engine)
    return template.render(Context({}))


def test_undefined_variable_in_own_template_is_noted() -> None:
    name = conftest.OWN_TEMPLATES[0] / "ehrenamt_wagtail" / "x.html"
    try:
        assert render("{{ missing.name }}", str(name)) == ""
        assert conftest._undefined_variables == [
            "ehrenamt_wagtail/templates/ehrenamt_wagtail/x.html:1: missing.name"
        ]
    finally:
        conftest._undefined_variables.clear()


def test_undefined_variable_is_noted_after_settings_changed(settings) -> None:
    settings.DEBUG = True
    try:
        render("{{ missing }}", str(conftest.OWN_TEMPLATES[0] / "x.html"))
        assert conftest._undefined_variables == ["ehrenamt_wagtail/templates/x.html:1: missing"]
    finally:
        conftest._undefined_variables.clear()


def test_undefined_variable_with_default_or_elsewhere_is_not_noted() -> None:
    name = conftest.OWN_TEMPLATES[0] / "ehrenamt_wagtail" / "x.html"
    assert render('{{ missing|default:"x" }}', str(name)) == "x"
    assert render('{{ missing|upper|default:"x" }}', "/elsewhere/x.html") == "x"
    assert conftest._undefined_variables == []


@pytest.mark.expected_errors("boiler")
def test_expected_errors_are_allowed() -> None:
    logging.getLogger("somewhere").error("the boiler is cold")
    assert conftest._recorder.messages == ["somewhere: the boiler is cold"]


@pytest.mark.django_db
def test_database_is_migrated_and_own_copy() -> None:
    assert "wagtailcore_page" in connection.introspection.table_names()
    assert "demo" not in str(connection.settings_dict["NAME"])


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("attempt", [1, 2])
def test_transactional_tests_find_wagtails_own_rows(attempt: int) -> None:
    root = Page.objects.get(depth=1)
    assert (root.get_children().count(), Site.objects.count(), Locale.objects.count()) == (1, 1, 1)
    root.get_children().get().delete()


@pytest.mark.postgres
@pytest.mark.django_db
def test_postgres_tests_run_on_postgres() -> None:
    assert connection.vendor == "postgresql"
    with connection.cursor() as cursor:
        cursor.execute("SHOW listen_addresses")
        assert cursor.fetchone() == ("",)


@pytest.mark.browser
def test_browser_opens_the_live_server(live_server, page) -> None:
    page.goto(live_server.url + "/verwaltung/login/")
    assert "Wagtail" in page.content()
