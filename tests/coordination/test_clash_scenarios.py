"""What competes how strongly: one line for each situation that a coordinator knows.

Own and other dates are written as in ``scenarios``: an own training in the home town on Thursday, 15 April 2027, 19–21
o'clock, about asylum law; another organisation's published lecture in the next town, 4 km away, on another topic.
"""

import datetime as dt

import pytest

from .scenarios import AUDIENCE, Day, Other, Own, outcome, weekly

pytestmark = pytest.mark.django_db

MORNING, AFTERNOON, EVENING = "15.4. 9-11", "15.4. 14-16", "15.4. 19-21"
IN_APRIL = dt.datetime(2027, 4, 15, 18, 0, tzinfo=dt.UTC)

SCENARIOS = [
    # label, own date, other date or day, level, score and reasons
    # Time
    ("same evening, next town, same topic", Own(), Other("15.4. 17-18:30", topic=True), "strong 80: same_part distance topic"),
    ("same evening, 20 km, other topic", Own(), Other("15.4. 17-18:30", km=20), "weak 38: same_part distance"),
    ("same time, next town, other topic", Own(), Other(), "medium 57: overlap distance"),
    ("same time, next town, same topic", Own(), Other(topic=True), "strong 85: overlap distance topic"),
    ("one begins when the other ends", Own(), Other("15.4. 21-22:30"), "medium 52: same_part distance"),
    ("afternoon that reaches into the evening", Own(), Other("15.4. 14-18"), "medium 52: same_part distance"),
    ("both in the morning, one after the other", Own(MORNING), Other("15.4. 11:30-12"), "medium 52: same_part distance"),
    ("both in the afternoon", Own(AFTERNOON), Other("15.4. 16:15-17"), "medium 52: same_part distance"),
    ("afternoon, then an evening soon after", Own(AFTERNOON), Other("15.4. 17:30-19"), "weak 32: gap distance"),
    ("afternoon and evening, five hours apart", Own("15.4. 12-14"), Other(), "none"),
    ("morning against evening", Own(MORNING), Other(), "none"),
    ("the evening before", Own(), Other("14.4. 19-21"), "none"),
    ("a week later", Own(), Other("22.4. 19-21"), "none"),
    ("all day against an evening", Own(), Other("15.4."), "medium 47: all_day distance"),
    ("an evening against all day", Own("15.4."), Other(), "medium 47: all_day distance"),
    ("all day against all day", Own("15.4."), Other("15.4."), "medium 57: overlap distance"),
    ("all day, the day after", Own(), Other("16.4."), "none"),
    ("three whole days against an evening", Own(), Other("14.4.–16.4."), "medium 47: all_day distance"),
    ("weekend seminar against Saturday evening", Own("17.4. 19-21"), Other("16.4. 18–18.4. 12"), "medium 57: overlap distance"),
    ("exhibition of two months", Own(), Other("5.4.–31.5.", topic=True), "none"),
    ("own exhibition of two months", Own("5.4.–31.5."), Other(topic=True), "none"),
    ("a week of lectures", Own(), Other("10.4.–17.4."), "medium 47: all_day distance"),
    ("overnight against early next morning", Own("15.4. 22-2"), Other("16.4. 1-3"), "medium 57: overlap distance"),
    ("overnight against the same evening", Own("15.4. 22-2"), Other("15.4. 18-20"), "medium 52: same_part distance"),
    ("overnight against the next morning", Own("15.4. 22-2"), Other("16.4. 9-11"), "none"),
    ("overnight against the next evening", Own("15.4. 22-2"), Other("16.4. 19-21"), "none"),
    ("no end given, within the two hours counted", Own("15.4. 19"), Other("15.4. 20:30-22"), "medium 57: overlap distance no_end"),
    ("no end given, after the two hours counted", Own(), Other("15.4. 17"), "medium 52: same_part distance no_end"),
    ("night of the change to summer time", Own("27.3. 22-3:30"), Other("28.3. 3-5"), "medium 57: overlap distance"),
    ("evening after the change to summer time", Own("28.3. 19-21"), Other("28.3. 20-22"), "medium 57: overlap distance"),
    ("series across the change to summer time", Own(weekly("18.3. 19-21", 3)), Other("1.4. 17-18"), "medium 52: same_part distance"),
    ("night of the change to winter time", Own("30.10. 23-2:30"), Other("31.10. 4-6"), "medium 52: same_part distance"),
    # Place
    ("same town", Own(), Other(town="home"), "medium 60: overlap same_town"),
    ("same building at the same time", Own(venue=True), Other(town="home", venue=True), "strong 80: overlap same_venue"),
    (
        "same building, later that evening",
        Own(venue=True),
        Other("15.4. 21:15-22", town="home", venue=True),
        "medium 55: same_part same_venue",
    ),
    ("far end of the district", Own(), Other(km=28), "weak 37: overlap distance"),
    ("far end, same topic", Own(), Other(km=28, topic=True), "medium 65: overlap distance topic"),
    ("40 km, beyond the district", Own(), Other(km=40, topic=True), "none"),
    ("next town without coordinates", Own(), Other(town="unlocated"), "weak 41: overlap place_unknown"),
    ("other place not known yet", Own(), Other(town="unknown", topic=True), "medium 69: overlap place_unknown topic"),
    ("own place not known yet", Own(town="unknown"), Other(), "weak 41: overlap place_unknown"),
    ("online against on site", Own(mode="online"), Other(), "weak 40: overlap online"),
    ("on site against online, same topic", Own(), Other(mode="online", topic=True), "medium 68: overlap online topic"),
    ("online against online", Own(mode="online"), Other(mode="online"), "medium 45: overlap online_both"),
    (
        "online against online, same topic",
        Own(mode="online"),
        Other(mode="online", topic=True),
        "strong 73: overlap online_both topic",
    ),
    ("on site and online, next town", Own(mode="both"), Other(), "medium 57: overlap distance"),
    ("on site and online, 40 km", Own(mode="both"), Other(km=40), "weak 40: overlap online"),
    ("on site and online against online", Own(mode="both"), Other(mode="online"), "medium 45: overlap online_both"),
    # Whom it is for
    ("same audience and kind", Own(), Other(audience=AUDIENCE, kind="fortbildung"), "strong 71: overlap distance audience kind"),
    (
        "audience in other words",
        Own(),
        Other(audience="alle Ehrenamtlichen der Flüchtlingshilfe"),
        "medium 65: overlap distance audience",
    ),
    ("another audience", Own(), Other(audience="Lehrkräfte an Grundschulen"), "medium 57: overlap distance"),
    (
        "everything the same",
        Own(venue=True),
        Other(town="home", venue=True, topic=True, audience=AUDIENCE, kind="fortbildung"),
        "strong 100: overlap same_venue topic audience kind",
    ),
    # The same evening in several towns
    ("same title and start in several towns", Own(title="Fernreise"), Other(topic=True, title="fernreise "), "none"),
    (
        "same title, half an hour later",
        Own(title="Fernreise"),
        Other("15.4. 19:30-21", title="Fernreise"),
        "medium 57: overlap distance",
    ),
    ("same title and start, 2 km", Own(title="Fernreise"), Other(km=2, title="Fernreise"), "medium 58: overlap distance"),
    (
        "same title and start in the same town",
        Own(title="Fernreise"),
        Other(town="home", title="Fernreise"),
        "medium 60: overlap same_town",
    ),
    ("same start, titles not given yet", Own(), Other(), "medium 57: overlap distance"),
    # State
    ("draft of others", Own(), Other(state="draft", topic=True), "strong 85: overlap distance topic"),
    ("in review", Own(), Other(state="in_review", topic=True), "strong 85: overlap distance topic"),
    ("returned", Own(), Other(state="returned"), "medium 57: overlap distance"),
    ("held date", Own(), Other(state="hold", kind=""), "medium 57: overlap distance"),
    ("published, to be moved away", Own(), Other(moved_to="20.4. 19-21"), "medium 57: overlap distance"),
    ("published, to be moved here", Own(), Other("20.4. 19-21", moved_to=EVENING), "medium 57: overlap distance"),
    ("cancelled", Own(), Other(cancelled=True, topic=True), "none"),
    ("the other is over", Own("15.4. 19-23", now=IN_APRIL), Other("15.4. 17-19", topic=True), "none"),
    ("the own is over", Own("15.4. 16-18", now=IN_APRIL), Other("15.4. 16-22", topic=True), "none"),
    ("both have begun", Own("15.4. 19-23", now=IN_APRIL), Other("15.4. 19-22"), "medium 57: overlap distance"),
    ("other offering of the own organisation", Own(), Other(whose="own", topic=True), "strong 85: overlap distance topic"),
    ("the offering itself", Own(), Other(whose="offering", topic=True), "none"),
    ("the own held date", Own(), Other(state="hold", whose="hold"), "none"),
    ("held date that became this offering", Own(), Other(state="hold", whose="became"), "none"),
    ("offering of the same volunteer day", Own(volunteer_day=True, kind="ehrenamtstag"), Other(whose="day"), "none"),
    # Series
    ("series against a single date", Own(weekly(EVENING, 6)), Other("29.4. 19-21"), "medium 57: overlap distance"),
    ("single date against a series", Own("29.4. 19-21"), Other(weekly(EVENING, 6)), "medium 57: overlap distance"),
    ("series against a series", Own(weekly(EVENING, 6)), Other(weekly("22.4. 19-21", 6)), "medium 57: overlap distance (+4)"),
    # Days
    ("a working day in term", Own(), None, "none"),
    ("Whitsun holidays", Own("20.5. 19-21"), None, "weak 35: school_holiday"),
    ("last Saturday of the Whitsun holidays", Own("29.5. 10-12"), None, "weak 35: school_holiday"),
    ("the evening before the Whitsun holidays", Own("16.5. 19-21"), None, "none"),
    ("Whit Monday", Own("17.5. 11-16"), None, "medium 60: public_holiday"),
    ("Corpus Christi within the holidays", Own("27.5. 19-21"), None, "medium 60: public_holiday"),
    ("Easter weekend between two weeks of holidays", Own("27.3. 19-21"), None, "weak 35: school_holiday"),
    ("Christmas holidays in the new year", Own("3.1.2028 19-21"), None, "weak 35: school_holiday"),
    ("series of which two dates are in the Whitsun holidays", Own(weekly("15.5. 10-12", 4)), None, "weak 35: school_holiday (+1)"),
    ("blocked date of the district", Own(), Day(), "strong 80: blocked_avoid"),
    ("worth knowing only", Own(), Day(weight="hint"), "weak 35: blocked_hint"),
    ("blocked date of the own town", Own(), Day(town="home"), "strong 80: blocked_avoid"),
    ("blocked date of another town", Own(), Day(town="other"), "none"),
    ("blocked date of the town, but online", Own(mode="online"), Day(town="home"), "none"),
    ("within a month of fasting", Own(), Day("1.4.–30.4.", weight="hint", kind="religious"), "weak 35: blocked_hint"),
    ("night that ends on a blocked date", Own("14.4. 22-1"), Day(), "none"),
    ("volunteer day on its own blocked date", Own(kind="ehrenamtstag"), Day(kind="volunteer_day"), "none"),
    ("another offering on a volunteer day", Own(), Day(kind="volunteer_day"), "strong 80: blocked_avoid"),
]


@pytest.mark.parametrize(("own", "other", "expected"), [row[1:] for row in SCENARIOS], ids=[row[0] for row in SCENARIOS])
def test_scenario_competes_as_the_table_says(own, other, expected):
    found, clash = outcome(own, other)
    assert found == expected
    if clash is not None:
        assert clash.score == sum(reason.points for reason in clash.reasons)
        assert all(reason.text for reason in clash.reasons)


def test_table_has_at_least_fifty_scenarios_with_different_names():
    assert len({row[0] for row in SCENARIOS}) == len(SCENARIOS) >= 50
