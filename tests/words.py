"""Finds words of the interface that are not in the language of a page: those of our catalogue and of its neighbours'."""

import re
from collections.abc import Iterable, Iterator
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import polib

PACKAGES = ["ehrenamt_wagtail", "django", "wagtail", "wagtail_modeladmin", "django_q"]
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}")
# The quotation marks and other signs that stand around a text.
AROUND = " \t\n:.,;!?…*()„“”\"'«»–-·"
TOKEN = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
# So many words in a row are no accident.
TELLING = 3
# No German sentence has two of them.
ENGLISH = frozenset("and are been for has have not of please that the their this to was were which with you your".split())


class Foreign:
    """Texts that must not be seen, as ``allowed`` are: alone, with something in place of each placeholder, or inside a longer one."""

    def __init__(self, texts: Iterable[str], allowed: Iterable[str]):
        allowed = {text.strip(AROUND).casefold() for text in allowed}
        self.alone: set[str] = set()
        self.patterns: dict[str, list[re.Pattern]] = {}
        self.inside: dict[tuple[str, ...], list[tuple[str, ...]]] = {}
        for text in texts:
            plain = text.strip(AROUND)
            if not TOKEN.search(plain) or plain.casefold() in allowed:
                continue
            parts = PLACEHOLDER.split(plain)
            if len(parts) == 1:
                self.alone.add(plain)
            elif first := TOKEN.match(plain):
                pattern = re.compile(".+".join(map(re.escape, parts)), re.DOTALL)
                self.patterns.setdefault(first[0], []).append(pattern)
            for part in parts:
                words = tuple(TOKEN.findall(part))
                if len(words) >= TELLING:
                    self.inside.setdefault(words[:TELLING], []).append(words)

    def found_in(self, text: str) -> bool:
        plain = text.strip(AROUND)
        if plain in self.alone:
            return True
        words = TOKEN.findall(plain)
        if words and any(pattern.fullmatch(plain) for pattern in self.patterns.get(words[0], ())):
            return True
        for start in range(len(words) - TELLING + 1):
            for sought in self.inside.get(tuple(words[start : start + TELLING]), ()):
                if tuple(words[start : start + len(sought)]) == sought:
                    return True
        return False


def looks_english(text: str) -> bool:
    """Whether it reads like an English sentence, be it in a catalogue or not."""
    return len(ENGLISH.intersection(word.lower() for word in TOKEN.findall(text))) > 1


def entries(packages: Iterable[str]) -> Iterator[tuple[list[str], list[str]]]:
    """English and German of each entry of the German catalogues, singular and plural."""
    for package in packages:
        spec = find_spec(package)
        for place in spec.submodule_search_locations if spec else []:
            for path in sorted(Path(place).rglob("locale/de/LC_MESSAGES/django.mo")):
                for entry in polib.mofile(str(path)):
                    german = list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]
                    yield [text for text in (entry.msgid, entry.msgid_plural) if text], german


@cache
def untranslated(*packages: str) -> Foreign:
    """The English of all that has a German of its own; by default of all catalogues that public pages use."""
    pairs = list(entries(packages or PACKAGES))
    german = {text for _english, texts in pairs for text in texts}
    return Foreign((text for english, texts in pairs if english != texts for text in english), german)


@cache
def german() -> Foreign:
    """The German of all that our catalogue says otherwise in English."""
    pairs = list(entries(PACKAGES[:1]))
    english = {text for texts, _german in pairs for text in texts}
    return Foreign((text for texts, german in pairs if texts != german for text in german), english)
