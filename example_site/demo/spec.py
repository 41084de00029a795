"""The shape of the demonstration's texts: what one writes down for a date, an offering, a circle."""

from __future__ import annotations

from dataclasses import dataclass, field

MO, DI, MI, DO, FR, SA, SO = range(7)


@dataclass(frozen=True)
class When:
    """One date: week counted from this one, weekday, local times; without a start a whole day."""

    week: int
    weekday: int
    start: str = ""
    end: str = ""
    venue: str = ""
    mode: str = ""


@dataclass(frozen=True)
class Trainer:
    name: str
    function: str = ""
    organisation: str = ""


@dataclass(frozen=True)
class Offering:
    """An offering in the words of its organisation. ``org``, ``venue``, ``topics`` and the rest are keys of ``register.py``."""

    art: str
    title: str
    org: str
    when: tuple[When, ...]
    summary: str
    topics: tuple[str, ...]
    venue: str = ""
    town: str = ""
    place: str = ""
    room: str = ""
    mode: str = "on_site"
    online_url: str = ""
    subtitle: str = ""
    series: str = ""
    module: str = ""
    contents: str = ""
    audience: str = ""
    prior_knowledge: str = ""
    what_to_bring: str = ""
    child_care: str = ""
    costs: str = ""
    languages: tuple[str, ...] = ("de",)
    simple_text: str = ""
    checked_by: str = ""
    trainers: tuple[Trainer, ...] = ()
    co_hosts: tuple[str, ...] = ()
    funders: tuple[str, ...] = ()
    picture: str = ""
    download: str = ""
    # Days since it was published, for its history.
    published: int = 30


@dataclass(frozen=True)
class Circle:
    """A circle; ``owner`` is the organisation that keeps its page, ``volunteers`` the number of today."""

    title: str
    town: str
    owner: str
    volunteers: int
    since: int
    summary: str
    meets: str
    join: str
    wanted: str
    carriers: tuple[str, ...]
    topics: tuple[str, ...]
    teams: tuple[tuple[str, str], ...] = field(default=())
    contact: str = ""
    email: str = ""
    phone: str = ""
    public: str = ""
    website: str = ""
