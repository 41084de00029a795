"""Equal parts of pages are written once, and anew as soon as anything that they show is another."""

import datetime as dt

import pytest
from django.template import Context, Engine
from django.utils import timezone, translation

from ehrenamt_wagtail import fragments
from ehrenamt_wagtail.programme.presentation import OfferingRow

COUNT = "ehrenamt_wagtail/includes/result_count.html"
ROW = OfferingRow("/a/", "Asylrecht", "Fortbildung", dt.date(2027, 3, 14), None, True, "", "", "", "", False, False, False, False)


@pytest.fixture
def writings(monkeypatch):
    """The templates that are really written."""
    names = []

    def render(template, context):
        names.append(template)
        return original(template, context)

    original = fragments.render_to_string
    monkeypatch.setattr(fragments, "render_to_string", render)
    fragments._part.cache_clear()
    fragments._row.cache_clear()
    return names


def test_equal_parts_are_written_once(writings):
    first = fragments.written(COUNT, count=17, has_more=False)
    assert "17 Angebote" in first
    assert fragments.written(COUNT, count=17, has_more=False) == first
    assert writings == [COUNT]
    assert "18 Angebote" in fragments.written(COUNT, count=18, has_more=False)
    assert writings == [COUNT, COUNT]


def test_another_language_or_day_or_zone_is_another_part(writings, monkeypatch):
    fragments.written(COUNT, count=17, has_more=False)
    with translation.override("en"):
        assert "17 offerings" in fragments.written(COUNT, count=17, has_more=False)
    with timezone.override("America/New_York"):
        fragments.written(COUNT, count=17, has_more=False)
    tomorrow = timezone.localdate() + dt.timedelta(days=1)
    monkeypatch.setattr(timezone, "localdate", lambda: tomorrow)
    fragments.written(COUNT, count=17, has_more=False)
    assert len(writings) == 4


def test_rows_are_written_once_for_each_level(writings):
    (two,), (again,), (three,) = (fragments.written_rows([ROW], level) for level in (2, 2, 3))
    assert two == again and "<h2" in two and "<h3" in three
    assert len(writings) == 2
    assert "Wohnen" in fragments.written_rows([ROW._replace(title="Wohnen")], 2)[0]


def test_who_works_on_templates_sees_each_change(writings, monkeypatch):
    monkeypatch.setattr(Engine.get_default(), "debug", True)
    for _time in range(2):
        fragments.written(COUNT, count=17, has_more=False)
        fragments.written_rows([ROW], 2)
    assert len(writings) == 4


def test_tag_refuses_what_cannot_be_compared():
    template = Engine.get_default().from_string(
        '{% load ehrenamt_tags %}{% fragment "ehrenamt_wagtail/includes/result_count.html" count=rows has_more=False %}'
    )
    with pytest.raises(TypeError):
        template.render(Context({"rows": [1]}))
