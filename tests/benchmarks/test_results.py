"""Whether the serving benchmark tells what was missed."""

import pytest

from benchmarks import goals, report
from benchmarks.goals import EMPTY, LARGE, MIDDLE, SMALL, Goal
from benchmarks.load import Load
from benchmarks.results import Results, misses, table

LIST = goals.lists[0].name
RARE = goals.searches[1].name


def measured(name: str, *ratios: float, size: int = SMALL, floor: str = EMPTY) -> Results:
    """One round for each of the ratios to a floor that answers 100 times a second."""
    results = Results((SMALL, MIDDLE))
    for ratio in ratios:
        results.add(name, size, Load(rate=100 * ratio, median=1 / ratio), {floor: 100})
    return results


def row_of(results: Results, name: str, measure: str) -> list[str]:
    rows = [[cell.strip() for cell in line.split("|")[1:-1]] for line in table(results).splitlines()]
    return next(row for row in rows if row[:2] == [name, measure])


def test_the_median_of_the_rounds_is_judged():
    assert misses(measured(LIST, 0.2, 0.71, 0.72), quick=False) == []
    assert misses(measured(LIST, 0.2, 0.69, 0.72), quick=False) == [
        f"{LIST}, 1,000 offerings: × empty page 0.69 (0.20–0.72), wanted ≥ 0.7"
    ]


def test_a_quick_run_must_reach_a_share_of_each_ratio():
    assert misses(measured(LIST, 0.36), quick=True) == []
    assert len(misses(measured(LIST, 0.34), quick=True)) == 1


def test_a_goal_is_judged_at_its_own_sizes_only():
    slow_when_small = measured(RARE, 0.1, size=MIDDLE)
    assert misses(slow_when_small, quick=False) == []
    assert len(misses(measured(RARE, 0.1), quick=False)) == 1


@pytest.mark.parametrize(
    ("least", "most", "value", "nearly"),
    [(0.8, None, 0.41, True), (0.8, None, 0.39, False), (None, 1.2, 2.5, False), (None, 1.2, 2.3, True)],
)
def test_share_of_a_goal_depends_on_its_direction(least, most, value, nearly):
    goal = Goal("ratio", LIST, EMPTY, least=least, most=most)
    assert not goal.is_met(value)
    assert goal.is_nearly_met(value) is nearly


def test_growth_compares_the_ratios_of_two_sizes():
    results = measured(LIST, 0.9)
    results.add(LIST, MIDDLE, Load(rate=40, median=1), {EMPTY: 50})
    assert row_of(results, LIST, "time against 1,000 offerings")[2:4] == ["", "1.12"]
    assert misses(results, quick=False) == [f"{LIST}, 10,000 offerings: time against 1,000 offerings 1.12, wanted ≤ 1.1"]


def test_queries_count_beyond_those_of_the_empty_page_and_alike_at_any_size():
    results = Results((SMALL, MIDDLE))
    results.queries |= {(EMPTY, SMALL): 6, (EMPTY, MIDDLE): 6, (LIST, SMALL): 7, (LIST, MIDDLE): 8}
    assert misses(results, quick=True) == [f"{LIST}: the number of queries depends on the number of offerings: [1, 2]"]
    results.queries |= {(LIST, SMALL): 9, (LIST, MIDDLE): 9}
    assert [miss.split(": ")[0] for miss in misses(results, quick=True)] == [
        f"{LIST}, 1,000 offerings",
        f"{LIST}, 10,000 offerings",
    ]


def test_publishing_compares_medians():
    results = Results((LARGE,))
    results.publishing[LARGE] = {
        goals.OFFERING: [0.030, 0.039, 0.900],
        goals.EVENT: [0.010, 0.026, 0.030],
        goals.HOST_PAGE: [0.010, 0.010, 0.011],
    }
    assert misses(results, quick=False) == [
        f"publishing one offering, {LARGE:,} offerings: × time of {goals.EVENT} 1.50, wanted ≤ 1.3"
    ]
    assert row_of(results, goals.OFFERING, f"× time of {goals.EVENT}")[2] == "1.50, 39 : 26 ms"
    # Shown only.
    assert row_of(results, goals.OFFERING, f"× time of {goals.HOST_PAGE}")[2:] == ["3.90, 39 : 10 ms", "", ""]


def test_the_table_says_what_was_reached_and_what_was_missed():
    results = measured(LIST, 0.5)
    results.add(EMPTY, SMALL, Load(rate=330, median=0.02), {})
    assert row_of(results, EMPTY, "answers a second")[2] == "330 (330–330)"
    assert row_of(results, LIST, "× empty page")[2:] == ["0.50, 50.0/s", "", "≥ 0.7", "missed"]
    assert row_of(measured(LIST, 0.9), LIST, "× empty page")[2:] == ["0.90, 90.0/s", "", "≥ 0.7", "ok"]


def test_the_table_says_what_could_not_be_measured():
    results = Results((SMALL, MIDDLE))
    floor = goals.plain_of(goals.WITH_REDIS)
    results.absent[floor] = "no Redis here"
    name = goals.cached_name(goals.CACHED[0], goals.FROM_CACHE, goals.WITH_REDIS)
    assert row_of(results, name, f"× {floor}")[2:] == ["", "no Redis here", "≥ 0.6", ""]
    assert misses(results, quick=False) == []


def test_every_goal_names_requests_that_are_made():
    made = {request.name for request in goals.ROUND}
    ways = [(how, cache) for how in (goals.FROM_CACHE, goals.NOT_MODIFIED) for cache in goals.CACHED_GOALS]
    cached = {goals.of_cache(request, how, cache).name for request in goals.CACHED for how, cache in ways}
    floors = made | {goals.plain_of(cache) for cache in goals.CACHED_GOALS}
    for goal in goals.GOALS:
        if goal.what != "publish":
            assert goal.request in made | cached, goal
            assert goal.floor in floors | {""}, goal


def test_only_the_measured_part_of_the_page_is_written(tmp_path, monkeypatch):
    page = tmp_path / "performance.md"
    page.write_text(f"before\n{report.BEGIN}\nold\n{report.END}\nafter\n", encoding="utf-8")
    monkeypatch.setattr(report, "PAGE", page)
    report.write("new")
    assert page.read_text(encoding="utf-8") == f"before\n{report.BEGIN}\nnew\n{report.END}\nafter\n"
    page.write_text("no place", encoding="utf-8")
    with pytest.raises(ValueError):
        report.write("new")
    assert page.read_text(encoding="utf-8") == "no place"
