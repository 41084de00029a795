"""What was measured, judged by the goals and put into one table."""

from __future__ import annotations

import statistics
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from benchmarks.goals import GOALS, ROUND, SMALL, Goal
from benchmarks.load import Load

PUBLISH = "publish"


@dataclass
class Results:
    """Values by request, by floor where there is one, and by number of offerings; lists hold one a round.

    ``publishing`` holds the seconds of each publish, by what was published. ``wrong`` says what was not measured
    because the answer was another than expected, ``absent`` why a floor was not.
    """

    sizes: tuple[int, ...]
    rates: dict[tuple[str, int], list[float]] = field(default_factory=lambda: defaultdict(list))
    ratios: dict[tuple[str, str, int], list[float]] = field(default_factory=lambda: defaultdict(list))
    medians: dict[tuple[str, int], list[float]] = field(default_factory=lambda: defaultdict(list))
    queries: dict[tuple[str, int], int] = field(default_factory=dict)
    publishing: dict[int, dict[str, list[float]]] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)
    absent: dict[str, str] = field(default_factory=dict)

    def add(self, name: str, size: int, load: Load, floors: dict[str, float]) -> None:
        self.rates[name, size].append(load.rate)
        self.medians[name, size].append(load.median)
        for floor, rate in floors.items():
            self.ratios[name, floor, size].append(load.rate / rate)

    def values(self, goal: Goal, size: int) -> list[float]:
        """What a goal is judged by, of each round; empty where it was not measured."""
        if goal.what == "ratio":
            return self.ratios.get((goal.request, goal.floor, size), [])
        if goal.what == "growth":
            smallest = self.ratios.get((goal.request, goal.floor, SMALL))
            grown = self.ratios.get((goal.request, goal.floor, size))
            return [statistics.median(smallest) / ratio for ratio in grown] if smallest and grown and size != SMALL else []
        if goal.what == "milliseconds":
            return [1000 * median for median in self.medians.get((goal.request, size), [])]
        if goal.what == "queries":
            key, floor = (goal.request, size), (goal.floor, size)
            return [self.queries[key] - self.queries[floor]] if key in self.queries else []
        if size not in self.publishing:
            return []
        medians = {name: statistics.median(seconds) for name, seconds in self.publishing[size].items()}
        return [medians[goal.request] / medians[goal.floor]]


# Judging


def misses(results: Results, *, quick: bool) -> list[str]:
    """Sentences about goals that were missed; in a quick run about those of which not even ``QUICK_SHARE`` was reached."""
    found = list(results.wrong)
    for goal in GOALS:
        values = {size: results.values(goal, size) for size in results.sizes}
        for size, rounds in values.items():
            is_met = goal.is_nearly_met if quick else goal.is_met
            if size in goal.sizes and rounds and not is_met(statistics.median(rounds)):
                found.append(f"{goal.request}, {size:,} offerings: {title(goal)} {number(goal, rounds)}, wanted {goal}")
        numbers = {rounds[0] for rounds in values.values() if rounds}
        if goal.what == "queries" and len(numbers) > 1:
            found.append(f"{goal.request}: the number of queries depends on the number of offerings: {sorted(numbers)}")
    return found


def title(goal: Goal) -> str:
    return {
        "ratio": f"× {goal.floor}",
        "growth": f"time against {SMALL:,} offerings",
        "milliseconds": "milliseconds, one client",
        "queries": f"SQL queries beyond the {goal.floor}",
        PUBLISH: f"× time of {goal.floor}",
    }[goal.what]


def number(goal: Goal, rounds: Sequence[float]) -> str:
    median = statistics.median(rounds)
    if goal.what == "queries":
        return f"{median:.0f}"
    if len(rounds) == 1:
        return short(median)
    return f"{short(median)} ({short(min(rounds))}–{short(max(rounds))})"


def short(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.1f}" if value >= 10 else f"{value:.2f}"


# The table


def table(results: Results) -> str:
    """All that was measured as one table in Markdown."""
    head = ["what", "measured as", *(f"{size:,}" for size in results.sizes), "goal", ""]
    rows = [head, ["-" * len(cell) for cell in head], *floor_rows(results), *goal_rows(results)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(head))]
    rows[1] = ["-" * width for width in widths]
    return "\n".join("| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) + " |" for row in rows)


def floor_rows(results: Results) -> list[list[str]]:
    """What others are compared with, in answers a second."""
    names = dict.fromkeys(name for name, _size in results.rates)
    floors = {floor for _name, floor, _size in results.ratios} | {request.name for request in ROUND if not request.floors}
    own = {goal.request for goal in GOALS}
    return [
        [name, "answers a second", *(rate_cell(results, name, size) for size in results.sizes), "", ""]
        for name in names
        if name in floors and name not in own
    ]


def rate_cell(results: Results, name: str, size: int) -> str:
    rates = results.rates.get((name, size), [])
    return f"{short(statistics.median(rates))} ({short(min(rates))}–{short(max(rates))})" if rates else ""


def goal_rows(results: Results) -> list[list[str]]:
    """One row a goal; those of the same request and measure that differ by size only stand in one."""
    rows = []
    for goal in GOALS:
        cells, verdicts = [], []
        for size in results.sizes:
            rounds = results.values(goal, size)
            cells.append(cell(results, goal, size, rounds) if rounds else "")
            if rounds and size in goal.sizes and goal.is_judged:
                verdicts.append(goal.is_met(statistics.median(rounds)))
        if goal.floor in results.absent:
            cells[-1] = results.absent[goal.floor]
        if any(cells):
            verdict = "" if not verdicts else "ok" if all(verdicts) else "missed"
            everywhere = set(results.sizes) <= set(goal.sizes)
            sizes = "" if everywhere or not goal.is_judged else " at " + ", ".join(f"{size:,}" for size in goal.sizes)
            rows.append([goal.request, title(goal), *cells, f"{goal}{sizes}", verdict])
    return rows


def cell(results: Results, goal: Goal, size: int, rounds: list[float]) -> str:
    text = number(goal, rounds)
    if goal.what == "ratio":
        return f"{text}, {short(statistics.median(results.rates[goal.request, size]))}/s"
    if goal.what == PUBLISH:
        ours, theirs = (1000 * statistics.median(results.publishing[size][name]) for name in (goal.request, goal.floor))
        return f"{text}, {ours:.0f} : {theirs:.0f} ms"
    return text
