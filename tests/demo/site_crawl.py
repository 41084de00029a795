"""All that one can reach on the demonstration site by links and forms that ask for something, and what is wrong there."""

import re
from collections import Counter
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit
from xml.etree import ElementTree

from django.conf import settings
from django.contrib.staticfiles import finders
from django.test import Client
from django.urls import Resolver404, resolve
from django.utils import timezone

from tests.crawl import Crawl
from tests.documents import Document, Field, Form, styles_load
from tests.words import looks_english, untranslated

ADMIN, PORTAL = "/verwaltung/", "/partner/"
# The app's own views in Wagtail's admin, and Wagtail's views of its pages.
OURS_IN_ADMIN = re.compile(r"ehrenamt|wagtailadmin_(home|explore$|pages:(edit|history|view_draft|usage|add_subpage|status)$)")
# Nothing links to where a crawl begins: it may be closed.
START = "start"
# Says who may ask for supervision to those who may not.
REFUSED_KINDLY = re.compile(r"/partner/supervision/\d+/anfragen/$")
# What differs in the addresses of pages that are alike.
KEYS = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}|(?<=/)[\w.:=-]{24,}(?=/)|[0-9a-f]{12,}|\d+")
PAGE = re.compile(r"^/(programm|arbeitskreise)/(?!kalender|einbetten|karte)(?:[\w-]+/)+")
MAIL = re.compile(r"/demo/post/[^/]+/html/")
# What the host calls its languages; Wagtail's button behind its icon; the field by which Wagtail's usage knows a figure.
NAMES = {*(name for _code, name in settings.LANGUAGES), "Search", "Offering"}
# What is typed into an empty field, by its kind.
TYPED = {"date": lambda: timezone.localdate().isoformat(), "number": lambda: "1", "time": lambda: "18:00", "url": lambda: "https://x.example/"}
NOT_TYPED = ("hidden", "password")
ELSEWHERE = ("mailto:", "tel:", "webcal:")


class SiteCrawl(Crawl):
    """Asks for each address once, of those that are alike for a few, and for each parameter of an address in one of its values.

    ``most_alike`` counts those that differ in keys alone. What does not begin with one of ``in_full`` is looked at in two examples of
    each kind, without parameters. A form is asked for as it stands and with each of its fields filled in or changed. ``wrong`` says
    what was found, by kind; each is named once.
    """

    def __init__(self, user, *, start: list[str], most_alike: int = 5, in_full: tuple[str, ...] = ("/",)):
        super().__init__(user, start=[], most=5000)
        self.client = Client(raise_request_exception=False)
        if user is not None:
            self.client.force_login(user)
        self.most_alike, self.in_full = most_alike, in_full
        self.alike: Counter = Counter()
        self.asked: set[tuple] = set()
        self.came_from: dict[str, str] = {}
        self.ids: dict[str, set[str]] = {}
        self.wanted: dict[str, tuple[str, str]] = {}
        self.loaded: set[str] = set()
        self.known_texts: set[str] = set()
        self.wrong: dict[str, dict[str, str]] = {}
        for address in start:
            self.add(address, START)

    def run(self):
        super().run()
        for target, (address, source) in self.wanted.items():
            path, _hash, name = target.partition("#")
            if path in self.ids and name not in self.ids[path]:
                self.note("broken anchors", f"{address}#{name}", source)
        return self

    def note(self, kind: str, what: str, where: str) -> None:
        self.wrong.setdefault(kind, {}).setdefault(what, where)

    # Where to go

    def link(self, href: str, source: str) -> None:
        """Follow a link of the page ``source``, an address on this site."""
        if not href.strip():
            self.note("empty links", href, source)
            return
        if href.startswith(ELSEWHERE):
            return
        target = urlsplit(urljoin(settings.EHRENAMT["BASE_URL"] + source, href))
        if target.scheme not in ("http", "https"):
            self.note("strange links", href, source)
        elif is_ours(target):
            address = f"{target.path}?{target.query}" if target.query else target.path
            if target.fragment:
                self.wanted.setdefault(f"{target.path}#{target.fragment}", (address, source))
            self.add(address, source)

    def add(self, address: str, source: str) -> None:
        """Ask for it later, if it is not like those that were asked for."""
        parts = urlsplit(address)
        if address in self.came_from or not self.is_wanted(parts.path):
            return
        is_example = not parts.path.startswith(self.in_full)
        shape = KEYS.sub("0", PAGE.sub(r"/\1/page/", parts.path) if is_example else parts.path)
        names = {name for name, value in parse_qsl(parts.query) if value.strip()}
        if names and not is_example:
            new = {(shape, name) for name in names} - self.asked
            if not new:
                return
            self.asked |= new
        else:
            key = (shape, bool(parts.query))
            self.alike[key] += 1
            is_short = is_example or parts.path.startswith(ADMIN)
            if self.alike[key] > (1 if parts.query else 2 if is_short else self.most_alike):
                return
        self.came_from[address] = source
        self.waiting.append(address)

    def is_wanted(self, path: str) -> bool:
        if path.startswith(settings.STATIC_URL):
            return False
        if not path.startswith(ADMIN):
            return "/logout/" not in path
        try:
            name = resolve(path).view_name
        except Resolver404:
            return True
        return bool(OURS_IN_ADMIN.match(name)) and "delete" not in name

    # What came

    def look_at(self, what: str, response) -> None:
        super().look_at(what, response)
        address = what.removeprefix("GET ")
        source = self.came_from.get(address, START)
        if response.status_code >= (500 if source == START else 400) and not REFUSED_KINDLY.match(address):
            self.note("broken", f"{response.status_code} {address}", source)
        elif location := response.get("Location"):
            self.link(location, address)
        kind = response.get("Content-Type", "")
        if response.status_code == 200 and not response.streaming:
            if "json" in kind and isinstance(found := response.json(), dict) and found.get("next"):
                self.link(found["next"], address)
            # Spreadsheets are XML in a parcel.
            elif "xml" in kind and "openxmlformats" not in kind:
                self.read_xml(address, response.content)

    def read_xml(self, address: str, content: bytes) -> None:
        """A sitemap or a feed: their addresses are whole ones."""
        for element in ElementTree.fromstring(content).iter():
            name = element.tag.rpartition("}")[2]
            if name == "loc":
                self.link(element.text or "", address)
            elif name == "link":
                self.link(element.get("href", ""), address)

    def read(self, path: str, content: bytes) -> None:
        page = Document(content.decode())
        in_admin = path.startswith(ADMIN)
        for href in page.links:
            # Wagtail fills some in by script.
            if href or not in_admin:
                self.link(href, path)
        for form in page.forms:
            if form.method == "get":
                self.ask(form, path)
        for href in page.loads:
            self.load(href, path)
        if not in_admin:
            self.ids[urlsplit(path).path] = self.ids.get(urlsplit(path).path, set()) | page.ids
            for name in page.named - page.ids:
                self.note("names of nothing", name, path)
            for name in page.doubled:
                self.note("doubled ids", name, path)
        if MAIL.match(path):
            # In the language of who gets it.
            return
        if page.language != "de":
            self.note("wrong languages", page.language, path)
        self.read_texts(page.texts, path, in_admin=in_admin)

    def read_texts(self, texts: list[str], path: str, *, in_admin: bool) -> None:
        """In Wagtail's admin all but what Wagtail itself leaves in English."""
        foreign = untranslated("ehrenamt_wagtail") if in_admin else untranslated()
        for text in set(texts) - self.known_texts:
            if text not in NAMES and (foreign.found_in(text) or (not in_admin and looks_english(text))):
                self.note("not translated", text, path)
        self.known_texts.update(texts)

    # Forms

    def ask(self, form: Form, path: str) -> None:
        """As it stands, then with each of its fields in another value."""
        action = urljoin(path, form.action or path).split("?")[0]
        stands = [(field.name, field.value) for field in form.fields if field.name and field.is_sent]
        self.add(f"{action}?{urlencode(stands)}", path)
        for field in form.fields:
            value = other_value(field)
            if field.name and value:
                others = [pair for pair in stands if pair[0] != field.name]
                self.add(f"{action}?{urlencode([*others, (field.name, value)])}", path)

    # What a browser would load

    def load(self, href: str, source: str) -> None:
        if href.startswith("data:") or href in self.loaded:
            return
        self.loaded.add(href)
        target = urlsplit(urljoin(settings.EHRENAMT["BASE_URL"] + source, href))
        if not is_ours(target):
            self.note("loaded from elsewhere", href, source)
        elif target.path.startswith(settings.STATIC_URL):
            self.load_static(target.path, source)
        elif target.path != urlsplit(source).path:
            self.add(target.path + (f"?{target.query}" if target.query else ""), source)

    def load_static(self, path: str, source: str) -> None:
        file = finders.find(path.removeprefix(settings.STATIC_URL))
        if file is None:
            self.note("broken", path, source)
        elif path.endswith(".css") and not source.startswith(ADMIN):
            with open(file) as style:
                for href in styles_load(style.read()):
                    self.load(urljoin(path, href), path)


def is_ours(target) -> bool:
    return target.netloc in (urlsplit(settings.EHRENAMT["BASE_URL"]).netloc, "testserver", "localhost")


def other_value(field: Field) -> str:
    """What somebody might choose or type instead; nothing where there is nothing else."""
    if field.kind == "select":
        return next((value for value in reversed(field.others) if value), "")
    if field.kind in ("checkbox", "radio"):
        return "" if field.is_sent else field.value or "on"
    if field.kind in NOT_TYPED:
        return ""
    return TYPED.get(field.kind, lambda: "asyl")()
