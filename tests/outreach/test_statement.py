"""The accessibility statement: what it says before anybody edits it, and that all of it is the host's."""

import pytest
from django.utils.translation import override
from wagtail.models import Page, Site

from ehrenamt_wagtail.models import AccessibilityStatementPage, ProgrammePage
from tests import factories

ADDRESS = "/barrierefreiheit/"


def text_of(response) -> str:
    return " ".join(response.content.decode().split())


def test_statement_has_all_parts_of_the_model_and_sets_no_cookie(client, statement):
    response = client.get(ADDRESS)
    text = text_of(response)
    parts = [
        "Wie barrierefrei diese Website ist", "teilweise vereinbar", "Unvereinbar mit den Vorgaben",
        "Nicht im Anwendungsbereich der Vorgaben", "Selbstbewertung", "zuletzt am", "Barriere melden",
        "innerhalb von 4 Wochen", "barriere@landkreis.example", "Schlichtungsverfahren",
        "Schlichtungsstelle nach dem Landes-Behindertengleichstellungsgesetz", "70173 Stuttgart",
    ]  # fmt: skip
    places = [text.find(part) for part in parts]
    assert -1 not in places
    assert "Unverhältnismäßige Belastung" not in text
    assert response.cookies == {}


@pytest.mark.parametrize(
    ("value", "words"), [("full", "vollständig vereinbar"), ("partial", "teilweise vereinbar"), ("none", "nicht vereinbar")]
)
def test_state_is_said_in_words(client, statement, value, words):
    statement.compatibility = value
    statement.save()
    assert words in text_of(client.get(ADDRESS))


def test_host_may_say_everything_in_its_own_words_and_markup_is_only_text(client, statement):
    for name in ("introduction", "scope", "not_compatible", "burden", "exempt", "method_text", "contact", "arbitration"):
        setattr(statement, name, f"Eigener Satz zu {name}. <b>fett</b>")
    statement.arbitration_contact = "schlichtung@amt.example"
    statement.save()
    text = text_of(client.get(ADDRESS))
    for name in ("introduction", "scope", "not_compatible", "burden", "exempt", "method_text", "contact", "arbitration"):
        assert f"Eigener Satz zu {name}. &lt;b&gt;fett&lt;/b&gt;" in text
    assert "Unverhältnismäßige Belastung" in text
    assert 'href="mailto:schlichtung@amt.example"' in text
    assert "Stuttgart" not in text


@pytest.mark.django_db
def test_new_statement_is_written_in_the_language_of_who_creates_it():
    with override("de"):
        assert "verantwortlich: Landkreis Böblingen" in AccessibilityStatementPage().introduction
    with override("en"):
        assert "Responsible for this website: Landkreis Böblingen" in AccessibilityStatementPage().introduction


def test_editor_finds_the_proposal_in_the_admin_and_publishes_it(client, ready_site):
    root = Site.objects.get(is_default_site=True).root_page
    client.force_login(factories.UserFactory(is_superuser=True, is_staff=True))
    form = client.get(f"/verwaltung/pages/add/ehrenamt_wagtail/accessibilitystatementpage/{root.pk}/").context["form"]
    data = {name: field.value() for name in form.fields if (field := form[name]).value() is not None and name != "comments"}
    data |= {"title": "Barrierefreiheit", "slug": "barrierefreiheit", "action-publish": "1"}
    data |= {"comments-TOTAL_FORMS": "0", "comments-INITIAL_FORMS": "0"}
    client.post(f"/verwaltung/pages/add/ehrenamt_wagtail/accessibilitystatementpage/{root.pk}/", data)
    page = AccessibilityStatementPage.objects.get()
    assert page.live
    assert "Schlichtungsstelle" in page.arbitration


def test_statement_goes_below_pages_of_the_host_and_not_below_the_programme(ready_site):
    assert AccessibilityStatementPage in Page.allowed_subpage_models()
    assert AccessibilityStatementPage not in ProgrammePage.allowed_subpage_models()
