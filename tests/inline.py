"""What a Content Security Policy without ``unsafe-inline`` would stop."""

from html.parser import HTMLParser


class Inline(HTMLParser):
    """What a policy without ``unsafe-inline`` would stop in a page; data in a script element is none."""

    DATA = ("application/json", "application/ld+json")

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        facts = dict(attrs)
        if tag == "style" or (tag == "script" and "src" not in facts and facts.get("type") not in self.DATA):
            self.found.append(f"<{tag}>")
        for name, value in attrs:
            if name == "style" or name.startswith("on") or (value or "").strip().lower().startswith("javascript:"):
                self.found.append(f"<{tag} {name}={value!r}>")
