"""The includes with the least and the most that docs/components.md promises they take."""

import re
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django import forms
from django.core.paginator import Paginator
from django.template import engines
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils import timezone

BASE_DIR = Path(__file__).resolve().parent.parent
INCLUDES = BASE_DIR / "ehrenamt_wagtail/templates/ehrenamt_wagtail/includes"
START = datetime(2027, 3, 14, 19, tzinfo=ZoneInfo("Europe/Berlin"))


def render(name: str, /, query: str = "", **context: object) -> str:
    request = RequestFactory().get(f"/programm/{query}")
    return render_to_string(f"ehrenamt_wagtail/includes/{name}.html", context, request)


def render_source(source: str, query: str = "", **context: object) -> str:
    template = engines["django"].from_string("{% load ehrenamt_tags %}" + source)
    return template.render(context, RequestFactory().get(f"/programm/{query}"))


def words(html: str) -> str:
    """The text of some HTML, with single spaces."""
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


MISSING = {"required": "Fehlt noch."}


class TitleForm(forms.Form):
    title = forms.CharField(label="Titel", help_text="Kurz und klar.", error_messages=MISSING)
    subtitle = forms.CharField(label="Untertitel", required=False)
    kind = forms.ChoiceField(label="Art", choices=[("a", "A"), ("b", "B")], widget=forms.RadioSelect, error_messages=MISSING)
    image = forms.FileField(label="Bild", required=False, help_text="JPEG.")
    free = forms.BooleanField(label="Kostenlos", required=False)


class DateForm(forms.Form):
    date = forms.DateField(label="Datum")


DateFormSet = forms.formset_factory(DateForm, extra=1, can_delete=True)

LEAST = {
    "breadcrumbs": {"items": [{"title": "Start", "url": "/"}, {"title": "Programm", "url": ""}]},
    "messages": {"messages": []},
    "message": {"level": "info", "text": "Gespeichert."},
    "offering_list": {"rows": [{"url": "/a/", "title": "Asylrecht"}]},
    "offering_row": {"row": {"url": "/a/", "title": "Asylrecht", "start": START}},
    "result_count": {"count": 1},
    "empty_state": {"title": "Noch nichts"},
    "facts": {"facts": [{"term": "Wo", "value": "Herrenberg"}]},
    "pagination": {"page_obj": Paginator(range(100), 20).page(2)},
    "month": {
        "month": {
            "title": "März 2027",
            "weekdays": ["Mo"],
            "weeks": [[{"date": START.date(), "entries": [{"url": "/a/", "title": "A"}]}]],
        }
    },
    "timetable": {"rows": [{"url": "/a/", "title": "A", "start": START}]},
    "map": {
        "map": {
            "view_box": "0 0 9 9",
            "dots": [{"town": {"name": "A", "words": "A: 1", "url": "/a/"}, "x": "1", "y": "2", "radius": "3"}],
        },
        "name": "Karte",
    },
    "periods": {"periods": [{"label": "Diese Woche", "url": "?von=2027-03-14"}]},
    "circle_cards": {"circles": [{"url": "/a/", "title": "A"}]},
    "circle_card": {"circle": {"url": "/a/", "title": "A"}},
    "icon": {"name": "online"},
    "subnav": {"items": [{"url": "/a/", "label": "A"}]},
    "own_offerings": {"rows": [{"url": "/a/", "title": "A", "state": "draft"}]},
    "holds": {"rows": [{"url": "/a/", "title": "A", "when": "Donnerstag, 14. März 2027", "state": "hold", "state_label": "V"}]},
    "needs": {"rows": [{"url": "/a/", "title": "A", "organisation": "Caritas", "state": "draft", "state_label": "Offen"}]},
    "state": {"state": "returned"},
    "history": {"entries": [{"when": START, "what": "Eingereicht"}]},
    "diff": {"rows": [{"label": "Titel", "before": "", "after": "A"}]},
    "fold": {"title": "Mehr", "fields": []},
}


@pytest.mark.parametrize("name", LEAST)
def test_component_needs_no_more_than_documented(name):
    text = words(render(name, **LEAST[name]))
    for value in re.findall(r"'(?:title|text|label|what|value)': '([^']+)'", str(LEAST[name])):
        assert value in text


def test_documentation_names_every_include_and_no_other():
    table = (BASE_DIR / "docs/components.md").read_text()
    named = set(re.findall(r"^\| `(\w+)\.html` \|", table, re.MULTILINE))
    assert named == {path.stem for path in INCLUDES.glob("*.html")} - {"field", "error_summary", "formset_row"}


def test_offering_row_says_every_state_and_mark_in_words():
    row = {
        "url": "/a/",
        "title": "Asyl & Recht",
        "kind": "Fortbildung",
        "start": START,
        "end": START + timedelta(hours=2),
        "town": "Herrenberg",
        "organiser": "Caritas",
        "seats": "noch 6 Plätze",
        "online": "both",
        "free": True,
        "step_free": True,
        "cancelled": True,
    }
    html = render("offering_row", row=row)
    day = "14. März" if timezone.localdate().year == 2027 else "14. März 2027"
    assert words(html) == (
        f"So {day} , 19 Uhr Abgesagt Fortbildung Asyl &amp; Recht Herrenberg · Caritas "
        "noch 6 Plätze auch online kostenlos stufenlos"
    )
    assert html.count("<a ") == 1


def test_offering_row_says_today_beside_the_date():
    html = render("offering_row", row={"url": "/a/", "title": "A", "start": timezone.localdate(), "all_day": True})
    assert "heute" in words(html)
    html = render("offering_row", row={"url": "/a/", "title": "A", "start": date(2020, 1, 2), "past": True})
    assert words(html) == "Do 2. Januar 2020 Vergangen A"


def test_markup_in_values_is_escaped():
    evil = "<script>x</script>"
    row = {
        "url": "/a/",
        "title": evil,
        "town": evil,
        "organiser": evil,
        "note": evil,
        "state": "draft",
        "before": evil,
        "after": evil,
        "label": evil,
    }
    for name, context in {
        "offering_row": {"row": row},
        "own_offerings": {"rows": [row]},
        "holds": {"rows": [row | {"state_label": evil, "when": evil, "kept_for": evil, "may_use": True}]},
        "needs": {"rows": [row | {"state_label": evil, "organisation": evil, "facts": [evil], "text": evil}]},
        "diff": {"rows": [row]},
        "history": {"entries": [{"when": START, "what": evil, "who": evil, "why": evil, "reasons": [evil]}]},
        "message": {"level": "error", "text": evil},
        "facts": {"facts": [{"term": evil, "value": evil, "note": evil}, {"term": evil, "lines": [evil]}]},
    }.items():
        html = render(name, **context)
        assert "<script" not in html
        assert "&lt;script&gt;" in html


def test_field_says_what_is_optional_and_what_is_wrong():
    html = render_source("{% for field in form %}{% ehrenamt_field field %}{% endfor %}", form=TitleForm({}))
    assert words(html) == (
        "Titel Kurz und klar. Fehler: Fehlt noch. Untertitel (freiwillig) "
        "Art Fehler: Fehlt noch. A B Bild (freiwillig) JPEG. Kostenlos"
    )
    assert '<label class="ehrenamt-field__label" for="id_image">' in html
    described = re.findall(r'aria-describedby="([^"]+)"', html)
    assert described == ["id_title_helptext id_title_error", "id_kind_error", "id_image_helptext"]
    for identifier in " ".join(described).split():
        assert f'id="{identifier}"' in html


def test_error_summary_links_to_fields_of_forms_and_formsets():
    dates = DateFormSet({"form-TOTAL_FORMS": "1", "form-INITIAL_FORMS": "0", "form-0-date": "gestern"})
    html = render_source("{% ehrenamt_errors form dates None %}", form=TitleForm({"kind": "a"}), dates=dates)
    assert re.findall(r'href="#(\w[^"]*)"', html) == ["id_title", "id_form-0-date"]
    assert words(html).startswith("2 Angaben fehlen noch oder passen nicht Ihre Eingaben sind erhalten geblieben.")
    assert "data-ehrenamt-focus" in html


def test_error_summary_is_silent_without_errors():
    assert render_source("{% ehrenamt_errors form %}", form=TitleForm()).strip() == ""


def test_formset_rows_can_be_added_without_a_script():
    html = render("formset_rows", formset=DateFormSet(), row_title="Termin", add_name="action", add_value="add_date")
    assert 'name="form-TOTAL_FORMS"' in html
    assert "Termin 1" in words(html)
    button = re.search(r"<button[^>]*>", html).group()
    assert 'type="submit" name="action" value="add_date" formnovalidate' in button
    template = html.split("<template>")[1]
    assert 'name="form-__prefix__-date"' in template


def test_pagination_keeps_the_other_parameters():
    html = render("pagination", "?thema=a&thema=b&seite=2", page_obj=Paginator(range(100), 20).page(2))
    assert 'rel="next" href="?thema=a&amp;thema=b&amp;seite=3"' in html
    assert "1 2 3" in words(html).replace("Seite ", "")


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("{% query_with seite=3 %}", "?q=x&amp;thema=a&amp;thema=b&amp;seite=3"),
        ("{% query_with q=None %}", "?thema=a&amp;thema=b&amp;seite=2"),
        ("{% query_with thema=chosen %}", "?q=x&amp;thema=c&amp;thema=d&amp;seite=2"),
        ("{% query_without 'thema' 'a' %}", "?q=x&amp;thema=b"),
        ("{% query_without 'thema' %}", "?q=x"),
    ],
)
def test_query_tags_change_only_what_they_are_told(source, expected):
    assert render_source(source, "?q=x&thema=a&thema=b&seite=2", chosen=["c", "d"]) == expected


def test_filter_form_shows_the_number_of_active_filters():
    class FilterForm(forms.Form):
        q = forms.CharField(label="Suche", required=False)
        von = forms.DateField(label="Von", required=False)

    html = render(
        "filter_form",
        form=FilterForm({"q": '"Asyl"', "von": ""}),
        active_count=2,
        chips=[{"label": "Herrenberg", "remove_url": "?x"}],
        reset_url="?",
        notices=["„von“ ist kein Datum."],
    )
    assert 'value="&quot;Asyl&quot;"' in html
    assert "Filter (2 aktiv)" in html
    assert "Filter entfernen: Herrenberg" in words(html)
    assert "Bitte beachten: „von“ ist kein Datum." in words(html)


def test_login_offers_password_and_mailed_link():
    class Password(forms.Form):
        username = forms.CharField(label="Benutzername")
        password = forms.CharField(label="Passwort", widget=forms.PasswordInput)

    class Link(forms.Form):
        email = forms.EmailField(label="E-Mail-Adresse")

    html = render("login", password_form=Password(), link_form=Link(), csrf_token="token", next="/partner/")
    assert html.count('<form method="post"') == 2
    assert html.count('name="next" value="/partner/"') == 2
    assert "Mit Passwort einloggen" in words(html)


def test_base_template_is_a_whole_page_without_a_host():
    source = (BASE_DIR / "ehrenamt_wagtail/templates/ehrenamt_wagtail/base.html").read_text()
    html = engines["django"].from_string(source).render({}, RequestFactory().get("/"))
    assert html.startswith("<!doctype html>")
    assert '<html lang="de">' in html
    assert 'href="#content"' in html and 'id="content"' in html
    assert not re.search(r"(?:src|href)=\"(?:https?:)?//", html)


@pytest.mark.parametrize("template", ["404.html", "403.html", "403_csrf.html", "500.html"])
def test_error_pages_say_what_to_do_next(template):
    html = render_to_string(template)
    assert 'href="/"' in html
    assert words(html).count("Startseite") == 1
