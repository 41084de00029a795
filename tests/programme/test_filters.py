"""The address parameters: what is understood, what is left out with a notice, what never does harm."""

import datetime as dt

import pytest
from django.http import QueryDict
from django.utils import timezone, translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ehrenamt_wagtail.programme.choices import Choices
from ehrenamt_wagtail.programme.filters import Filters, parse_filters
from tests import factories

pytestmark = pytest.mark.django_db


def parse(query: str) -> Filters:
    return parse_filters(QueryDict(query))


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", Filters()),
        ("q=&gemeinde=&von=&archiv=&seite=", Filters()),
        ("utm_source=mail", Filters()),
        ("frei=1", Filters(seats_left=True)),
        ("ort=online&ort=praesenz", Filters(places=("praesenz", "online"))),
        ("barrierefrei=1&kostenlos=1", Filters(step_free=True, free=True)),
        ("barrierefrei=0&kostenlos=", Filters()),
        ("sprache=uk&sprache=de-simple", Filters(languages=("de-simple", "uk"))),
        ("tag=so&tag=mo&zeit=abend", Filters(weekdays=("mo", "so"), times=("abend",))),
        ("q=Asyl++Recht", Filters(q="Asyl Recht", words=("Asyl", "Recht"))),
        ("q=a&q=b", Filters(q="a b", words=("a", "b"))),
        ("art=workshop&art=supervision&art=workshop", Filters(kinds=("workshop", "supervision"))),
        ("von=2027-03-14&bis=2027-03-14", Filters(from_date=dt.date(2027, 3, 14), to_date=dt.date(2027, 3, 14))),
        ("archiv=1", Filters(archive=True)),
        ("archiv=0", Filters()),
        ("sortierung=relevanz", Filters(by_relevance=True)),
        ("sortierung=datum", Filters()),
        ("seite=7", Filters(page=7)),
        ("seite=999999", Filters(page=999999)),
    ],
)
def test_parameters_are_understood_without_notice(query, expected):
    assert parse(query) == expected


def test_slugs_name_entries_of_the_registers():
    town, other = factories.MunicipalityFactory(), factories.MunicipalityFactory()
    topic, organisation = factories.TopicFactory(), factories.OrganisationFactory()
    found = parse(f"gemeinde={other.slug}&gemeinde={town.slug}&thema={topic.slug}&traeger={organisation.slug}")
    assert found == Filters(municipalities=(other, town), topics=(topic,), organisers=(organisation,))


@pytest.mark.parametrize(
    ("query", "named"),
    [
        ("gemeinde=nirgendwo", "nirgendwo"),
        ("thema=nichts", "nichts"),
        ("traeger=niemand", "niemand"),
        ("art=konferenz", "konferenz"),
        ("von=morgen", "morgen"),
        ("von=0000-00-00", "0000-00-00"),
        ("von=2027-02-30", "2027-02-30"),
        ("bis=99999-01-01", "99999-01-01"),
        ("bis=0001-01-01", "1"),
        ("von=9999-12-31", "9999"),
        ("von=2027-3-1", "2027-3-1"),
        ("von=２０２７-03-01", "２０２７-03-01"),
        ("von=2027-03-14&bis=2027-03-13", "Von"),
        ("archiv=ja", "archiv"),
        ("kostenlos=gern", "kostenlos"),
        ("barrierefrei=2", "barrierefrei"),
        ("frei=ja", "frei"),
        ("ort=herrenberg", "herrenberg"),
        ("tag=montag", "montag"),
        ("zeit=nachts", "nachts"),
        ("sprache=tlh", "tlh"),
        ("umkreis=5", "umkreis"),
        ("umkreis=0", "100"),
        ("umkreis=-5", "100"),
        ("umkreis=5000", "100"),
        ("umkreis=weit", "100"),
        ("sortierung=ort", "datum"),
        ("seite=0", "0"),
        ("seite=-1", "-1"),
        ("seite=abc", "abc"),
        ("seite=²", "²"),
        ("seite=" + "9" * 5000, "9" * 40),
        ("gemeinde=%00", None),
        ("gemeinde=a%00b", "a b"),
        ("gemeinde=" + "x" * 10000, "x" * 40 + "…"),
        ("q=" + "x" * 10000, "Suchtext"),
    ],
)
def test_unknown_values_are_named_and_left_out(query, named):
    filters = parse(f"{query}&art=vortrag")
    assert filters.notices if named else not filters.notices
    if named:
        assert named in filters.notices[0]
        assert len(filters.notices) == 1
        assert len(filters.notices[0]) < 200
    assert "vortrag" in filters.kinds
    assert (filters.municipalities, filters.topics, filters.organisers) == ((), (), ())
    assert (filters.from_date, filters.to_date, filters.archive, filters.page) == (None, None, False, 1)
    assert not (filters.places or filters.slots or filters.languages or filters.radius)
    assert (filters.step_free, filters.free, filters.seats_left) == (False, False, False)


def test_known_values_count_beside_unknown_ones():
    town = factories.MunicipalityFactory()
    filters = parse(f"gemeinde=nirgendwo&gemeinde={town.slug}")
    assert filters.municipalities == (town,)
    assert len(filters.notices) == 1


def test_surroundings_are_the_towns_within_so_many_kilometres():
    """Herrenberg and Nufringen lie 3.2 km apart, Herrenberg and Böblingen 14.0."""
    places = {"Herrenberg": (48.5967, 8.8711), "Nufringen": (48.6224, 8.8912), "Böblingen": (48.6821, 9.0117)}
    herrenberg, nufringen, boeblingen = (
        factories.MunicipalityFactory(name=name, latitude=latitude, longitude=longitude)
        for name, (latitude, longitude) in places.items()
    )
    nowhere = factories.MunicipalityFactory(name="Irgendwo", latitude=None, longitude=None)

    def near(query):
        found = parse(query)
        assert not found.notices
        return set(found.towns)

    assert near(f"gemeinde={herrenberg.slug}&umkreis=3") == {herrenberg}
    assert near(f"gemeinde={herrenberg.slug}&umkreis=5") == {herrenberg, nufringen}
    assert near(f"gemeinde={herrenberg.slug}&umkreis=15") == {herrenberg, nufringen, boeblingen}
    assert near(f"gemeinde={boeblingen.slug}&gemeinde={nufringen.slug}&umkreis=5") == {boeblingen, nufringen, herrenberg}
    assert near(f"gemeinde={nowhere.slug}&umkreis=100") == {nowhere}


def test_long_search_keeps_its_beginning():
    filters = parse("q=" + "+".join(f"wort{number}" for number in range(500)))
    assert filters.words == tuple(f"wort{number}" for number in range(10))


@given(query=st.dictionaries(st.sampled_from(["q", "gemeinde", "art", "von", "bis", "seite", "archiv"]), st.text()))
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_no_text_makes_the_parser_fail(query):
    parameters = QueryDict(mutable=True)
    parameters.update(query)
    filters = parse_filters(parameters)
    assert filters.page >= 1
    assert all("\x00" not in notice for notice in filters.notices)
    filters.window(timezone.now())


@pytest.mark.django_db
def test_notices_are_in_the_language_of_who_reads():
    choices = Choices([])
    for language, word in [("de", "Stadt"), ("en", "town"), ("de", "Stadt")]:
        with translation.override(language):
            (notice,) = parse_filters(QueryDict("gemeinde=nirgends"), choices).notices
            assert word in notice
