"""The description of the API as OpenAPI 3.1, at a fixed address beside it."""

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from ehrenamt_wagtail.conf import conf

from .filters import kind_choices
from .freshness import cacheable
from .models import Mode
from .models.pages import TrainingPage, offering_models
from .parameters import PARAMETERS, Parameter

MAX_AGE = 3600  # seconds
JSON = "application/json"


@csrf_exempt
@require_safe
def openapi(request: HttpRequest) -> HttpResponse:
    """``/api/openapi.json``, in the language of the reader."""
    response = JsonResponse(description(request.build_absolute_uri("/")), json_dumps_params={"ensure_ascii": False, "indent": 1})
    # Browsers of other sites may read it, as they may read the API.
    response["Access-Control-Allow-Origin"] = "*"
    return cacheable(request, response, seconds=MAX_AGE)


def description(base_url: str) -> dict[str, Any]:
    """The document; ``base_url`` is where the addresses of the app begin."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": _("Programme for volunteers") + f" – {conf.DISTRICT_NAME}",
            "version": "1",
            "description": _(
                "What the public may read, nothing else; only to be read, without a key. "
                "Fields may be added, none is taken away or changes its meaning."
            ),
        },
        "servers": [{"url": base_url.rstrip("/")}],
        "paths": {reverse("ehrenamt:api_offerings"): {"get": operation()}},
        "components": {
            "schemas": {"Page": page_schema(), "Offering": offering_schema(), "Date": date_schema()},
            "headers": {
                "ETag": {"description": _("Send it back as If-None-Match."), "schema": {"type": "string"}},
                "Last-Modified": {
                    "description": _("Since when the answer is this one. Missing for some seconds after a change."),
                    "schema": {"type": "string"},
                },
            },
        },
    }


def operation() -> dict[str, Any]:
    headers = {name: {"$ref": f"#/components/headers/{name}"} for name in ("ETag", "Last-Modified")}
    return {
        "operationId": "offerings",
        "summary": _("List of offerings"),
        "description": _(
            "Values of one parameter are one or the other, different parameters go together. A value that is unknown or cannot be "
            "read is left out; the answer is 200 all the same, also for parameters with other names. "
            "Without von, bis and archiv only what is not over."
        ),
        "parameters": [parameter_object(parameter) for parameter in PARAMETERS],
        "responses": {
            "200": {
                "description": _("A page of the list."),
                "headers": headers,
                "content": {JSON: {"schema": {"$ref": "#/components/schemas/Page"}}},
            },
            "304": {"description": _("It is still what you have."), "headers": {"ETag": headers["ETag"]}},
        },
    }


def parameter_object(parameter: Parameter) -> dict[str, Any]:
    schema = parameter.schema | ({"enum": list(kind_choices())} if parameter.has_kinds else {})
    values: dict[str, Any] = {"schema": schema}
    if parameter.repeats:
        values = {"schema": {"type": "array", "items": schema}, "style": "form", "explode": True}
    return {"name": parameter.name, "in": "query", "required": False, "description": str(parameter.description)} | values


# Schemas


def fields(properties: dict[str, Any]) -> dict[str, Any]:
    """An object that has all of these."""
    return {"type": "object", "required": list(properties), "properties": properties}


def or_null(schema: dict[str, Any]) -> dict[str, Any]:
    return schema | {"type": [schema["type"], "null"]}


def page_schema() -> dict[str, Any]:
    return fields({
        "count": {"type": "integer", "minimum": 0, "description": _("How many there are on all pages.")},
        "next": or_null({"type": "string", "format": "uri", "description": _("The next page; null on the last one.")}),
        "results": {
            "type": "array",
            "maxItems": conf.ITEMS_PER_PAGE,
            "items": {"$ref": "#/components/schemas/Offering"},
        },
    })  # fmt: skip


def offering_schema() -> dict[str, Any]:
    slug = {"type": "string", "minLength": 1}
    return fields({
        "id": {"type": "integer"},
        "url": {"type": "string", "format": "uri", "description": _("The page of the offering.")},
        "title": {"type": "string"},
        "kind": {"type": "string", "enum": sorted({model.kind for model in offering_models()})},
        "format": or_null({
            "type": "string",
            "description": _("The form of a training; null for other kinds."),
            "examples": list(TrainingPage.Format.values),
        }),
        "organiser": or_null(slug | {"description": _("Slug of the organisation, as in the parameter traeger.")}),
        "municipality": or_null(slug | {"description": _("Slug of the town, as in the parameter gemeinde.")}),
        "topics": {"type": "array", "items": slug, "description": _("Slugs, as in the parameter thema.")},
        "dates": {"type": "array", "items": {"$ref": "#/components/schemas/Date"}},
        "updated": {
            "type": "string",
            "format": "date-time",
            "description": _("When it was last published or cancelled."),
        },
    })  # fmt: skip


def date_schema() -> dict[str, Any]:
    moment: dict[str, Any] = {"anyOf": [{"type": "string", "format": "date-time"}, {"type": "string", "format": "date"}]}
    end = {"anyOf": [*moment["anyOf"], {"type": "null"}]}
    return fields({
        "uid": {"type": "string", "format": "uuid", "description": _("The same in calendars; it stays when the date is moved.")},
        "start": moment | {"description": _("Local time with its offset; a plain date if all_day.")},
        "end": end | {"description": _("As start; for whole days the last of them. Null if nobody said it.")},
        "all_day": {"type": "boolean"},
        "mode": {"type": "string", "enum": list(Mode.values)},
        "cancelled": {"type": "boolean"},
    })  # fmt: skip
