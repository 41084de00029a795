"""What the parameters of the programme may be, two by two, in the programme of ``scenes.make_mixture``."""

import datetime as dt
from itertools import combinations, product

from django.utils import timezone


def day(number):
    return (timezone.localdate() + dt.timedelta(days=number)).isoformat()


def choices():
    """What each parameter may be; nobody offers anything in town 3, about topic 3 and by organisation 3."""
    return {
        "gemeinde": [(), ("ort-0",), ("ort-1", "ort-2"), ("ort-3",)],
        "thema": [(), ("thema-0",), ("thema-1", "thema-2"), ("thema-3",)],
        "traeger": [(), ("verein-0",), ("verein-1", "verein-2"), ("verein-3",)],
        "art": [(), ("fortbildung",), ("supervision", "concert"), ("ehrenamtstag", "workshop")],
        "von": [(), (day(-40),), (day(3),)],
        "bis": [(), (day(-5),), (day(20),)],
        "archiv": [(), ("1",)],
        "umkreis": [(), ("10",), ("100",)],
        "tag": [(), ("sa",), ("mo", "di")],
        "zeit": [(), ("abend",), ("vormittag", "nachmittag")],
        "ort": [(), ("online",), ("praesenz",), ("online", "praesenz")],
        "sprache": [(), ("de",), ("en", "ar"), ("so",)],
        "barrierefrei": [(), ("1",)],
        "kostenlos": [(), ("1",)],
    }


def pairwise(options: dict[str, list]) -> list[dict]:
    """Few combinations in which each pair of values of two parameters occurs."""
    pairs = {
        ((first, a), (second, b))
        for first, second in combinations(options, 2)
        for a, b in product(range(len(options[first])), range(len(options[second])))
    }
    chosen = []
    while pairs:
        row: dict[str, int] = dict(min(pairs))
        for name in options:
            if name not in row:
                row[name] = max(range(len(options[name])), key=lambda value: len(covered(row | {name: value}, options) & pairs))
        pairs -= covered(row, options)
        chosen.append({name: options[name][row[name]] for name in options})
    return chosen


def covered(row: dict[str, int], options) -> set:
    names = [name for name in options if name in row]
    return {((first, row[first]), (second, row[second])) for first, second in combinations(names, 2)}
