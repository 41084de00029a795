"""What a page shows, links, loads and asks, read in one pass: parsers that build a tree take several times longer."""

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = frozenset("area base br col embed hr img input link meta source track wbr".split())
UNSEEN = frozenset({"pre", "script", "style"})
# Attributes that people read or hear.
SPOKEN = ("alt", "aria-description", "aria-label", "aria-roledescription", "label", "placeholder", "title")
# Attributes that name elements of the same page.
NAMING = ("aria-activedescendant", "aria-controls", "aria-describedby", "aria-labelledby", "aria-owns", "for", "headers", "list")
LOADING_LINKS = frozenset({"apple-touch-icon", "icon", "manifest", "modulepreload", "preload", "prefetch", "stylesheet"})
STYLE_URL = re.compile(r"""url\(\s*["']?([^"')]+)|@import\s+["']([^"']+)""")
WORDS = re.compile(r"\s+")


@dataclass
class Field:
    """``value`` is what stands in it, ``others`` what else it lets choose from; ``is_sent`` as it stands."""

    name: str
    kind: str
    value: str = ""
    is_sent: bool = True
    others: list[str] = field(default_factory=list)


@dataclass
class Form:
    method: str
    action: str
    fields: list[Field] = field(default_factory=list)


class Document(HTMLParser):
    """``texts`` are what can be read in it in its own language, ``links`` addresses to follow, ``loads`` what a browser fetches."""

    def __init__(self, html: str):
        super().__init__(convert_charrefs=True)
        self.language = ""
        self.texts: list[str] = []
        self.links: list[str] = []
        self.loads: list[str] = []
        self.ids: set[str] = set()
        self.doubled: set[str] = set()
        self.named: set[str] = set()
        self.alternates: dict[str, str] = {}
        self.canonical = ""
        self.forms: list[Form] = []
        self.languages: set[str] = set()
        self._open: list[tuple[str, str]] = []
        self._form: Form | None = None
        self._select: Field | None = None
        self._pieces: list[str] = []
        self.feed(html)
        self.close()
        self._end_text()

    # Reading

    def handle_starttag(self, tag: str, attributes: list) -> None:
        values = {name: value or "" for name, value in attributes}
        self._end_text()
        if tag not in VOID:
            language = values.get("lang") or (self._open[-1][1] if self._open else "")
            self._open.append((tag, language))
            if values.get("lang"):
                self.languages.add(values["lang"])
        if tag == "html":
            self.language = values.get("lang", "")
        if identifier := values.get("id"):
            (self.doubled if identifier in self.ids else self.ids).add(identifier)
        if tag == "a" and values.get("name"):
            self.ids.add(values["name"])
        for name in NAMING:
            self.named.update(values.get(name, "").split())
        self._read_texts(tag, values)
        self._read_addresses(tag, values)
        self._read_form(tag, values)

    def handle_startendtag(self, tag: str, attributes: list) -> None:
        self.handle_starttag(tag, attributes)
        if tag not in VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        self._end_text()
        for position in range(len(self._open) - 1, -1, -1):
            if self._open[position][0] == tag:
                del self._open[position:]
                break
        if tag == "form":
            self._form = None
        elif tag == "select":
            self._select = None

    def handle_data(self, data: str) -> None:
        if self._open and self._open[-1][0] == "style":
            self._load_style(data)
        elif not self._is_unseen():
            self._pieces.append(data)

    def _end_text(self) -> None:
        text, self._pieces = "".join(self._pieces), []
        self._say(text)

    def _say(self, text: str) -> None:
        text = WORDS.sub(" ", text).strip()
        if text and not self._is_foreign():
            self.texts.append(text)

    def _is_unseen(self) -> bool:
        return any(tag in UNSEEN for tag, _language in self._open)

    def _is_foreign(self) -> bool:
        """Whether it is said to be in another language than the page."""
        return bool(self._open) and self._open[-1][1].split("-")[0] != self.language.split("-")[0]

    # Attributes

    def _read_texts(self, tag: str, values: dict) -> None:
        for name in SPOKEN:
            self._say(values.get(name, ""))
        if tag == "meta" and values.get("name") == "description":
            self._say(values.get("content", ""))
        if tag == "input" and values.get("type") in ("button", "reset", "submit"):
            self._say(values.get("value", ""))

    def _read_addresses(self, tag: str, values: dict) -> None:
        href = values.get("href")
        if tag in ("a", "area") and href is not None:
            self.links.append(href)
        elif tag == "link" and href is not None:
            kinds = set(values.get("rel", "").lower().split())
            if kinds & LOADING_LINKS:
                self.loads.append(href)
            else:
                self.links.append(href)
            if values.get("hreflang"):
                self.alternates[values["hreflang"]] = href
            if "canonical" in kinds:
                self.canonical = href
        elif tag in ("image", "use") and href is not None:
            self.loads.append(href)
        for name in ("src", "poster", "data", "xlink:href", "background"):
            if values.get(name) and not name.startswith("data-"):
                self.loads.append(values[name])
        for part in values.get("srcset", "").split(","):
            if part.strip():
                self.loads.append(part.split()[0])
        self._load_style(values.get("style", ""))

    def _load_style(self, style: str) -> None:
        self.loads += styles_load(style)

    def _read_form(self, tag: str, values: dict) -> None:
        kind = values.get("type", "text").lower()
        if tag == "form":
            self._form = Form(values.get("method", "get").lower() or "get", values.get("action", ""))
            self.forms.append(self._form)
        elif self._form is None:
            return
        elif tag == "select":
            self._select = Field(values.get("name", ""), "select")
            self._form.fields.append(self._select)
        elif tag == "option" and self._select is not None:
            value = values.get("value", "")
            if "selected" in values:
                self._select.value = value
            else:
                self._select.others.append(value)
        elif tag == "textarea" or (tag == "input" and kind not in ("submit", "button", "reset", "image", "file")):
            is_sent = kind not in ("checkbox", "radio") or "checked" in values
            self._form.fields.append(Field(values.get("name", ""), kind, values.get("value", ""), is_sent))


def styles_load(style: str) -> list[str]:
    """The addresses that a style sheet makes a browser fetch."""
    return [first or second for first, second in STYLE_URL.findall(style)]
