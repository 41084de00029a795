"""Everything that a client gets by links and forms, from some addresses on; derived classes say what they look for in the answers."""

import re
from collections import deque
from urllib.parse import parse_qs, urljoin, urlsplit

from bs4 import BeautifulSoup, SoupStrainer
from django.db import transaction
from django.test import Client

# Nothing else is followed or sent.
LINKS_AND_FORMS = SoupStrainer(["a", "link", "form"])


class Crawl:
    """All addresses that it begins with, all links, all forms sent as they stand.

    Each address is asked for once. A form is sent once for each of its buttons; the same form of another page, which has the same
    fields and the same buttons, is not sent again. ``forms=False`` sends none.
    """

    def __init__(self, user, *, start: list[str], most: int = 700, forms: bool = True):
        self.user, self.most, self.sends_forms = user, most, forms
        self.client = Client()
        if user is not None:
            self.client.force_login(user)
        self.seen: set[str] = set()
        self.statuses: dict[int, int] = {}
        self.forms: set[tuple] = set()
        self.waiting = deque(dict.fromkeys(start))

    def run(self):
        while self.waiting and len(self.seen) < self.most:
            path = self.waiting.popleft()
            if path in self.seen or "/logout/" in path:
                continue
            self.seen.add(path)
            response = self.client.get(path)
            self.look_at(f"GET {path}", response)
            if response.status_code == 200 and response.get("Content-Type", "").startswith("text/html"):
                self.read(path, response.content)
        return self

    def look_at(self, what: str, response) -> None:
        self.statuses[response.status_code] = self.statuses.get(response.status_code, 0) + 1

    def read(self, path: str, content: bytes) -> None:
        soup = BeautifulSoup(content, "html.parser", parse_only=LINKS_AND_FORMS)
        self.follow(path, soup)
        if self.sends_forms:
            self.send_forms(path, soup)

    def follow(self, path: str, soup: BeautifulSoup) -> None:
        for link in soup.select("a[href], link[href]"):
            target = urlsplit(urljoin(path, link["href"]))
            if target.netloc in ("", "localhost", "testserver") and target.path.startswith("/") and "/static/" not in target.path:
                address = f"{target.path}?{target.query}" if target.query else target.path
                if address not in self.seen and address not in self.waiting:
                    self.waiting.append(address)

    def send_forms(self, path: str, soup: BeautifulSoup) -> None:
        for form in soup.select("form"):
            if form.get("method", "get").lower() != "post":
                continue
            buttons = form.select("button[type=submit], button:not([type])")
            buttons = [button for button in buttons if button.find_parent("template") is None]
            names = frozenset(field.get("name") for field in form.select("input, select, textarea"))
            looks = frozenset((button.get("name"), without_keys(button.get("value", ""))) for button in buttons)
            for button in buttons or [None]:
                action = (button.get("formaction") if button else "") or form.get("action") or path
                action = urljoin(path, action).split("#")[0]
                what = (button.get("name"), without_keys(button.get("value", ""))) if button else None
                key = (without_values(action), what, names, looks)
                if key in self.forms or "/logout/" in action:
                    continue
                self.forms.add(key)
                self.send(action, fields_of(form, button))

    def send(self, action: str, data: dict) -> None:
        """Post, look at what comes of it, and undo it."""
        with transaction.atomic():
            self.post(action, data)
            transaction.set_rollback(True)
        if self.user is not None:
            self.client.force_login(self.user)

    def post(self, action: str, data: dict) -> None:
        response = self.client.post(action, data, follow=True)
        self.look_at(f"POST {action} {data.get('action', '')}", response)


def without_keys(text: str) -> str:
    return re.sub(r"\d+", "0", text)


def without_values(address: str) -> tuple:
    parts = urlsplit(address)
    return without_keys(parts.path), frozenset(parse_qs(parts.query, keep_blank_values=True))


def fields_of(form, button) -> dict:
    """What a browser would send of the form as it stands."""
    data: dict = {}
    for field in form.select("input, select, textarea"):
        name, kind = field.get("name"), field.get("type", "text")
        if not name or field.find_parent("template") is not None or kind in ("file", "submit"):
            continue
        if kind in ("checkbox", "radio") and not field.has_attr("checked"):
            continue
        if field.name == "textarea":
            value = field.get_text().removeprefix("\n")
        elif field.name == "select":
            chosen = field.select_one("option[selected]") or field.select_one("option")
            value = chosen.get("value", "") if chosen else ""
        else:
            value = field.get("value", "on" if kind in ("checkbox", "radio") else "")
        data.setdefault(name, []).append(value)
    if button is not None and button.get("name"):
        data[button["name"]] = [button.get("value", "")]
    return data
