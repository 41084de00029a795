"""What is wrong with a page in the widths and colours that people look at it with."""

from axe_playwright_python.sync_playwright import Axe

from example_site.screenshots import WIDTHS

AXE = Axe()
RULES = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]},
    "resultTypes": ["violations"],
}
# What takes longest, and all that differs in the dark. The narrow and the wide layout between them show everything.
COLOURED = ["color-contrast", "link-in-text-block"]
COLOURS = {
    "runOnly": {"type": "rule", "values": COLOURED},
    "resultTypes": ["violations"],
    "preload": False,
}
ALL_ELSE = {**RULES, "rules": {name: {"enabled": False} for name in COLOURED}}
# A small one.
PHONE = {"width": 320, "height": 720}
ENDS = (min(WIDTHS), max(WIDTHS))


def wrong_now(page, *, within: str | None = None) -> list[str]:
    """What axe finds at the width and in the colours that the page has now, and whether it is wider than the screen.

    ``within`` is a selector: the rest of the admin is Wagtail's.
    """
    found = ["wider than the screen"] if page.evaluate("document.documentElement.scrollWidth > window.innerWidth") else []
    violations = AXE.run(page, context=within, options=RULES).response["violations"]
    return found + [f"{entry['id']}: {node['html'][:160]}" for entry in violations for node in entry["nodes"]]


def wrong_with(page, *, says: str = "") -> list[str]:
    """What axe finds at 320, 768 and 1280 px, in light and dark, and whether anything is wider than the screen; best nothing.

    The page must be open; it is wide and light afterwards. ``says`` has to be part of its text.
    """
    text = page.inner_text("body")
    found = [] if says in text else [f"does not say {says!r}: {text[:600]}"]
    # Once into the page; it then looks at every width.
    page.evaluate(AXE.axe_script)
    # Colours that fade into each other have none of the contrasts meant.
    page.emulate_media(reduced_motion="reduce")
    for width, height in WIDTHS.items():
        page.set_viewport_size({"width": width, "height": height})
        if page.evaluate("document.documentElement.scrollWidth > window.innerWidth"):
            found.append(f"{width}: wider than the screen")
        for scheme, rules in (("dark", COLOURS), ("light", RULES)) if width in ENDS else (("light", ALL_ELSE),):
            page.emulate_media(color_scheme=scheme)
            violations = page.evaluate("options => axe.run(options)", rules)["violations"]
            found += [f"{width} {scheme} {entry['id']}: {node['html'][:160]}" for entry in violations for node in entry["nodes"]]
    return found
