"""How visitors get along: with the mouse, by the keyboard alone, or with the mouse where no script runs."""

import datetime as dt

MOST_PRESSES = 400


class Mouse:
    """``page`` is the one that everything happens on; locators are given as selectors of it, of which the first counts."""

    def __init__(self, page):
        self.page = page

    def found(self, selector: str):
        return self.page.locator(selector).first

    def press(self, selector: str) -> None:
        self.found(selector).click()

    def tick(self, selector: str) -> None:
        self.found(selector).check()

    def choose(self, selector: str, value: str) -> None:
        self.found(selector).select_option(value)

    def enter_date(self, selector: str, day: dt.date) -> None:
        # What a calendar opens with cannot be pressed from here.
        self.found(selector).fill(day.isoformat())


class Keyboard(Mouse):
    """Every step begins where the last one left the focus."""

    def reach(self, selector: str) -> None:
        # Looked for each time: results that are shown in place are others soon.
        for _press in range(MOST_PRESSES):
            if self.found(selector).evaluate("element => element === document.activeElement"):
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"{selector} cannot be reached with the Tab key")

    def press(self, selector: str) -> None:
        self.reach(selector)
        self.page.keyboard.press("Enter")

    def tick(self, selector: str) -> None:
        self.reach(selector)
        self.page.keyboard.press("Space")

    def choose(self, selector: str, value: str) -> None:
        self.reach(selector)
        for _press in range(20):
            if self.found(selector).input_value() == value:
                return
            self.page.keyboard.press("ArrowDown")
        raise AssertionError(f"{selector} has no {value}")

    def enter_date(self, selector: str, day: dt.date) -> None:
        self.reach(selector)
        # The order of the language that Chromium itself is started in.
        self.page.keyboard.type(f"{day:%m%d%Y}")
        assert self.found(selector).input_value() == day.isoformat()


WAYS = {"mouse": Mouse, "keyboard": Keyboard, "without JavaScript": Mouse}


def press_until(page, key: str, selector: str, *, limit: int = 120) -> None:
    """Press ``key`` until the element of ``selector`` has the focus."""
    for _press in range(limit):
        page.keyboard.press(key)
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    raise AssertionError(f"{selector} cannot be reached with {key}")


def type_into(page, **texts: str) -> None:
    """Fill in fields by the keyboard alone, in the order in which they stand; a space ticks a box."""
    for name, text in texts.items():
        press_until(page, "Tab", f"[name={name}]")
        page.keyboard.type(text)
