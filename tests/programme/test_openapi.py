"""The description of the API, against what the API answers: field by field, and by what schemathesis thinks up."""

import re
from pathlib import Path

import hypothesis
import jsonschema_rs
import pytest
import schemathesis
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from schemathesis import GenerationMode
from schemathesis.specs.openapi.checks import negative_data_rejection

from ehrenamt_wagtail.models import SupervisionPage, VolunteerDayPage
from ehrenamt_wagtail.programme import filters
from ehrenamt_wagtail.programme.actions import cancel
from ehrenamt_wagtail.programme.filters import kind_choices
from ehrenamt_wagtail.programme.parameters import NAMES
from tests import factories
from tests.testapp.models import ConcertPage

pytestmark = pytest.mark.django_db

ADDRESS, LIST = "/api/openapi.json", "/api/angebote/"
EXAMPLES = 40
# A value that does not fit is left out and the rest applied, as the description says.
LENIENT = [negative_data_rejection]


@pytest.fixture
def offerings(live_offering, date, settings):
    """Every kind, more than a page, with dates of every form."""
    settings.EHRENAMT = {**settings.EHRENAMT, "ITEMS_PER_PAGE": 3}
    facts = {
        "topics": [factories.TopicFactory(name="Wohnen")],
        "organisation": factories.OrganisationFactory(name="Caritas"),
        "municipality": factories.MunicipalityFactory(name="Herrenberg"),
    }
    live_offering("Workshop", dates=[date(1), date(4)], training_format="workshop", **facts)
    live_offering("Supervision", model=SupervisionPage, dates=[date(1, hours=2)], mode="online", **facts)
    live_offering("Tag", model=VolunteerDayPage, dates=[date(2, all_day=True)], organisation=None)
    live_offering("Konzert", model=ConcertPage, dates=[date(3, all_day=True, length=3)], municipality=None)
    cancel(live_offering("abgesagt", dates=[date(4)], **facts), actor=factories.member_of(facts["organisation"]))
    live_offering("vorbei", dates=[date(-4)], **facts)


@pytest.fixture
def document(client, programme):
    response = client.get(ADDRESS)
    assert response["Content-Type"] == "application/json"
    return response.json()


def validator(document: dict, name: str):
    schema = {"$ref": f"#/components/schemas/{name}", "components": document["components"]}
    return jsonschema_rs.Draft202012Validator(schema, validate_formats=True)


def test_document_describes_exactly_the_fields_of_each_answer(client, offerings, document):
    page_is_valid, address, seen = validator(document, "Page"), LIST, []
    while address:
        content = client.get(address).json()
        page_is_valid.validate(content)
        seen += content["results"]
        address = content["next"]
    schemas = document["components"]["schemas"]
    assert set(content) == set(schemas["Page"]["properties"])
    assert len(seen) == content["count"] == 5
    for offering in seen:
        assert set(offering) == set(schemas["Offering"]["properties"])
        assert all(set(date) == set(schemas["Date"]["properties"]) for date in offering["dates"])
    assert {offering["kind"] for offering in seen} <= set(schemas["Offering"]["properties"]["kind"]["enum"])
    assert any(date["cancelled"] for offering in seen for date in offering["dates"])


def test_document_refuses_what_the_api_never_says(client, offerings, document):
    offering = client.get(LIST).json()["results"][0]
    is_valid = validator(document, "Offering").is_valid
    assert is_valid(offering)
    for change in (
        {"kind": "party"}, {"url": "not an address"}, {"updated": "yesterday"}, {"topics": [""]}, {"dates": [{}]}, {"id": None},
        {"title": 7}, {"organiser": ""},
    ):  # fmt: skip
        assert not is_valid(offering | change), change
    for missing in offering:
        assert not is_valid({name: value for name, value in offering.items() if name != missing}), missing


def test_document_lists_every_parameter_and_kind(document):
    parameters = {parameter["name"]: parameter for parameter in document["paths"][LIST]["get"]["parameters"]}
    assert set(parameters) == NAMES
    # Whatever the parser asks for by name.
    source = Path(filters.__file__).read_text()
    read = set(re.findall(r'self\.\w+\("(\w+)"', source)) | {"q"}
    assert read == NAMES
    assert set(parameters["art"]["schema"]["items"]["enum"]) == set(kind_choices()) >= {"fortbildung", "supervision", "concert"}
    repeated = {name for name, parameter in parameters.items() if parameter["schema"]["type"] == "array"}
    assert repeated == {"gemeinde", "thema", "traeger", "art", "ort", "tag", "zeit", "sprache"}


def test_document_is_german_here_and_may_be_asked_again(client, document):
    operation = document["paths"][LIST]["get"]
    assert operation["summary"] == "Liste der Angebote"
    assert document["servers"] == [{"url": "http://testserver"}]
    first = client.get(ADDRESS)
    again = client.get(ADDRESS, headers={"if-none-match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert first["Access-Control-Allow-Origin"] == client.get(LIST)["Access-Control-Allow-Origin"] == "*"
    assert client.post(ADDRESS).status_code == 405 and client.post(ADDRESS)["Allow"] == "GET, HEAD"


@pytest.fixture
def application(settings):
    """The site as a WSGI server calls it, in the transaction of the test: its connection must stay, as Django's client takes care."""
    settings.ALLOWED_HOSTS = ["*"]
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield WSGIHandler()
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


# The same in every run, and no traces on the disk. What the database holds stays the same.
SETTINGS = hypothesis.settings(
    max_examples=EXAMPLES, derandomize=True, deadline=None, database=None, suppress_health_check=list(hypothesis.HealthCheck)
)


@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE])
def test_schemathesis_finds_no_answer_that_is_not_described(offerings, application, mode):
    operation = schemathesis.openapi.from_wsgi(ADDRESS, application)[LIST]["GET"]
    asked = set()

    @SETTINGS
    @hypothesis.given(case=operation.as_strategy(generation_mode=mode))
    def ask(case):
        asked.update(case.query)
        case.call_and_validate(excluded_checks=LENIENT)

    ask()
    assert asked >= NAMES
