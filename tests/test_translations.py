"""Our German catalogue: complete, compiled, in step with the code, and at peace with those of Wagtail and Django."""

import ast
import re
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import polib
import pytest
from django.utils.translation.template import templatize

import ehrenamt_wagtail

APP = Path(ehrenamt_wagtail.__file__).parent
CATALOGUE = APP / "locale" / "de" / "LC_MESSAGES" / "django.po"

# Django merges all catalogues into one: what two of them say differently depends on the order of INSTALLED_APPS.
NEIGHBOURS = ["django", "wagtail", "wagtail_modeladmin", "django_q", "taggit", "modelcluster", "django_filters"]

# How many strings stand before the ones that count, and whether the first of these is a context.
TEXT_FUNCTIONS = {"_": "id", "gettext": "id", "ngettext": "id plural", "pgettext": "context id", "npgettext": "context id plural"}

# What Django's ``templatize`` leaves of a template: calls of gettext among characters that mean nothing.
LITERAL = r"""u?(?:'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*")"""
TEMPLATE_CALL = re.compile(rf"\b(_|n?p?gettext)\(({LITERAL}(?:\s*,\s*{LITERAL})*)")

Key = tuple[str | None, str]


@pytest.fixture(scope="module")
def catalogue() -> polib.POFile:
    return polib.pofile(str(CATALOGUE))


def key_of(entry) -> Key:
    return (entry.msgctxt or None, entry.msgid)


def german_of(entry) -> tuple[str, ...]:
    return tuple(text for _index, text in sorted(entry.msgstr_plural.items())) if entry.msgid_plural else (entry.msgstr,)


def key_of_call(function: str, texts: list[str]) -> Key:
    """The arguments of a call of gettext, as the catalogue names them."""
    kinds = TEXT_FUNCTIONS[function].split()
    given = dict(zip(kinds, texts, strict=False))
    return (given.get("context"), given["id"])


def python_calls(source: str) -> Iterator[tuple[str, list[str]]]:
    """The calls of gettext in Python code; those with a variable are left out."""
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
        function = name.removesuffix("_lazy").removesuffix("_noop")
        if function not in TEXT_FUNCTIONS:
            continue
        wanted = node.args[: len(TEXT_FUNCTIONS[function].split())]
        if wanted and all(isinstance(arg, ast.Constant) and isinstance(arg.value, str) for arg in wanted):
            yield function, [arg.value for arg in wanted]


def template_calls(source: str) -> Iterator[tuple[str, list[str]]]:
    for function, literals in TEMPLATE_CALL.findall(templatize(source)):
        yield function, [ast.literal_eval(text) for text in re.findall(LITERAL, literals)]


def keys_in_the_code() -> dict[Key, Path]:
    """What our code asks gettext for, and where."""
    found: dict[Key, Path] = {}
    for path in APP.rglob("*.py"):
        for function, texts in python_calls(path.read_text()):
            found[key_of_call(function, texts)] = path
    for path in [*APP.rglob("templates/**/*.html"), *APP.rglob("templates/**/*.txt")]:
        for function, texts in template_calls(path.read_text()):
            found[key_of_call(function, texts)] = path
    return found


def neighbours_german() -> Iterator[tuple[Key, tuple[str, ...], Path]]:
    for package in NEIGHBOURS:
        spec = find_spec(package)
        for place in spec.submodule_search_locations if spec else []:
            for path in sorted(Path(place).rglob("locale/de/LC_MESSAGES/django.mo")):
                for entry in polib.mofile(str(path)):
                    if all(german_of(entry)):
                        yield key_of(entry), german_of(entry), path


def test_every_string_has_its_german(catalogue):
    assert [entry.msgid for entry in catalogue if not entry.translated()] == []
    assert [entry.msgid for entry in catalogue if entry.fuzzy or entry.obsolete] == []


def test_german_keeps_the_names_of_placeholders(catalogue):
    placeholder = re.compile(r"%\(\w+\)[sd]|\{\w*\}")
    for entry in catalogue:
        allowed = set(placeholder.findall(entry.msgid + (entry.msgid_plural or "")))
        for text in german_of(entry):
            assert set(placeholder.findall(text)) <= allowed, entry.msgid
        # Only the singular may say "one" instead of the number.
        assert set(placeholder.findall(german_of(entry)[-1])) == set(placeholder.findall(entry.msgid_plural or entry.msgid))


def test_compiled_catalogue_is_in_step(catalogue):
    compiled = polib.mofile(str(CATALOGUE.with_suffix(".mo")))
    assert {key_of(entry): german_of(entry) for entry in compiled} == {key_of(entry): german_of(entry) for entry in catalogue}


def test_no_word_differs_from_a_neighbours_german(catalogue):
    ours = {key_of(entry): german_of(entry) for entry in catalogue}
    theirs = list(neighbours_german())
    assert len(theirs) > 1000
    differing = {
        f"{key[1]!r}: {ours[key][0]!r}, but {german[0]!r} in {path.parts[-5]}"
        for key, german, path in theirs
        if key in ours and ours[key] != german
    }
    assert sorted(differing) == []


def test_every_string_of_the_code_is_in_the_catalogue(catalogue):
    asked = keys_in_the_code()
    listed = {key_of(entry) for entry in catalogue}
    assert {key: str(path) for key, path in asked.items() if key not in listed} == {}
    assert [key for key in listed if key not in asked] == []


def test_scan_understands_all_our_ways_to_mark_a_string():
    python = 'f(_("a" "b"), pgettext_lazy("c", "d"), ngettext("%(n)s e", "%(n)s es", n), translation.gettext("g"), _(variable))'
    assert sorted(key_of_call(*call) for call in python_calls(python) if call[0] != "pgettext") == [
        (None, "%(n)s e"),
        (None, "ab"),
        (None, "g"),
    ]
    assert ("c", "d") in [key_of_call(*call) for call in python_calls(python)]
    template = """{% load i18n %}{% translate 'It\\'s' %}{% translate "h" context "i" as j %}{{ _("k")|upper }}
    {% blocktranslate trimmed count n=n context "l" %}
      {{ n }} date
    {% plural %}
      {{ n }} dates
    {% endblocktranslate %}"""
    assert {key_of_call(*call) for call in template_calls(template)} >= {("i", "h"), (None, "k"), ("l", "%(n)s date")}
