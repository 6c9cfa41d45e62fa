# SPDX-License-Identifier: EUPL-1.2
"""The nearest assets, against a reader that looks at each one in turn (small worlds at random)."""

import random
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from math import cos, radians

import pytest

from tests.support.world import (
    NOW,
    Audience,
    Mode,
    all_lanes,
    make_asset,
    make_body,
    make_category,
    make_site,
    share,
)
from usufruit.inventory.models import Asset, Site
from usufruit.inventory.rules import distance_km, plane_km, reach_in_plane_km
from usufruit.kernel.fields import lane_bounds, lanes
from usufruit.kernel.named_sql import fetch
from usufruit.kernel.spans import Span
from usufruit.organizations.models import Organization
from usufruit.search.queries import Question, nearest
from usufruit.sharing.models import SharingRule
from usufruit.timetable.actions import (
    WantedHold,
    add_exception,
    give_opening,
    open_calendar,
    take,
)
from usufruit.timetable.models import Hold
from usufruit.timetable.queries import held_span
from usufruit.timetable.rules import (
    DatedException,
    Minutes,
    OpeningRules,
    is_open_throughout,
    parse_opening,
)

pytestmark = pytest.mark.django_db

HOURS = (
    "tous 0:00-24:00",
    "tous 0:00-24:00",
    "lu-ve 8:00-17:00",
    "tous 8:00-22:00",
    "ve,sa 18:00-3:00; di 0:00-24:00",
    "sa 20:00-24:00; di 0:00-4:00",
    "di 1:30-2:30",
)
ZONES = ("America/Toronto", "America/Halifax", "Europe/Paris")
CHANGE = date(2026, 11, 1)  # Toronto and Halifax put the clock back that night
HERE = 46.5, -72.5


@dataclass
class Told:
    """What the world knows of one asset, in Python, without asking the database."""

    asset: Asset
    opening: OpeningRules | None
    zone: str
    rules: list[tuple[Audience, Mode, OpeningRules | None]] = field(default_factory=list)
    holds: list[tuple[set[int], Span, datetime | None]] = field(default_factory=list)
    parts: list[set[int]] = field(default_factory=list)


class World:
    """Some assets around a place, with hours, rules, parts, buffers, holds and drafts at random."""

    def __init__(self, seed: int) -> None:
        self.dice = random.Random(seed)
        self.categories = [make_category(f"essai-{n}") for n in range(2)]
        self.town = make_body("Ville", latitude=HERE[0], longitude=HERE[1])
        self.other = make_body("Village")
        self.club = make_body("Club", "association", is_recognized=True)
        self.stranger = make_body("Inconnu", "association")
        self.both = make_body("Reconnue", "cegep", is_recognized=True)
        self.told = [self._asset() for _ in range(14)]

    def _asset(self) -> Told:
        dice = self.dice
        km = dice.choice([0, 1, 10, 60, 300])
        zone = dice.choice(ZONES)
        site = make_site(
            self.town,
            latitude=HERE[0] + dice.uniform(-km, km) / 111,
            longitude=HERE[1] + dice.uniform(-km, km) / 111 / cos(radians(HERE[0])),
            time_zone=zone,
        )
        is_divided = dice.random() < 0.4
        asset = make_asset(
            self.town,
            manager=dice.choice([self.town, self.other]),
            opening=None,
            site=site,
            category=dice.choice(self.categories),
            buffer_before_min=dice.choice([0, 0, 15, 60]),
            buffer_after_min=dice.choice([0, 0, 30]),
            state=dice.choice(["published"] * 6 + ["draft", "withdrawn"]),
            **(
                {
                    "structure": "parts",
                    "lane_count": 3,
                    "parts": [("Un", (0, 1), None), ("Deux", (1, 3), None)],
                }
                if is_divided
                else {}
            ),
        )
        told = Told(asset, None, zone, parts=[{0}, {1, 2}] if is_divided else [{0}])
        if dice.random() < 0.9:
            told.opening = self._opening(told)
        for audience in dice.sample(list(Audience), dice.choice([0, 1, 2, 3, 3])):
            mode = dice.choice(list(Mode))
            text = dice.choice([None, None, "ve-di 0:00-24:00", "tous 9:00-21:00"])
            share(asset, audience, mode, text)
            windows = OpeningRules(parse_opening(text)) if text else None
            told.rules.append((audience, mode, windows))
        for _ in range(dice.randint(0, 3)):
            self._hold(told)
        return told

    def _opening(self, told: Told) -> OpeningRules:
        dice = self.dice
        rules = OpeningRules(parse_opening(dice.choice(HOURS)))
        calendar = open_calendar(
            organization=self.town,
            name="Heures",
            windows=rules.windows,
            by=None,
            now=NOW,
            time_zone=told.zone,
        )
        give_opening(asset=told.asset, calendar=calendar)
        if dice.random() < 0.4:
            minutes = dice.choice([(), (Minutes(600, 900),), (Minutes(1200, 1600),)])
            exception = DatedException(CHANGE - timedelta(days=1), CHANGE, minutes)
            add_exception(calendar=calendar, exception=exception)
            rules = OpeningRules(rules.windows, exceptions=(exception,))
        return rules

    def _hold(self, told: Told) -> None:
        asset = told.asset
        use = self.span()
        part = self.dice.choice([all_lanes(asset), lanes((0, 1))])
        expires_at = self.dice.choice([None, None, NOW - timedelta(1), NOW + timedelta(minutes=5)])
        wanted = WantedHold(
            asset=asset,
            lanes=part,
            span=held_span(asset, use),
            use=use,
            reason=Hold.Reason.OWN_USE,
            expires_at=expires_at,
        )
        # Taken as of the past, so that options already over still stand on the sheet.
        if take([wanted], now=NOW - timedelta(days=2)):
            taken = {lane for low, high in lane_bounds(part) for lane in range(low, high)}
            told.holds.append((taken, wanted.span, expires_at))

    def span(self) -> Span:
        dice = self.dice
        start = datetime(2026, 10, 30, tzinfo=UTC) + timedelta(minutes=15 * dice.randint(0, 480))
        length = dice.choice([15, 15, 30, 60, 60, 120, 360, 1440, 2880])
        return Span(start, start + timedelta(minutes=length))

    def question(self) -> tuple[Question, Organization | None]:
        dice = self.dice
        question = Question(
            category_ids=tuple(c.pk for c in dice.sample(self.categories, dice.choice([1, 2, 2]))),
            latitude=HERE[0] + dice.uniform(-1, 1),
            longitude=HERE[1] + dice.uniform(-1, 1),
            radius_km=dice.choice([5, 60, 150, 500, 500]),
            use=None if dice.random() < 0.15 else self.span(),
        )
        askers = [None, self.town, self.other, self.club, self.stranger, self.both]
        return question, dice.choice(askers)

    def expected(self, question: Question, asker: Organization | None) -> list[tuple]:
        """Return (asset, own, mode) of what should be found, the plain way."""
        found = []
        for told in self.told:
            asset = told.asset
            km = distance_km(question.latitude, question.longitude, asset.latitude, asset.longitude)
            is_own = asker is not None and asker.pk in {asset.owner_id, asset.manager_id}
            modes = modes_for(told, asker, question.use)
            is_listed = asset.state == "published" and asset.category_id in question.category_ids
            is_bookable = is_own or (modes and is_open(told, question.use))
            if (
                is_listed
                and is_bookable
                and km <= question.radius_km
                and (asker is None or is_free(told, question.use))  # told on the card
            ):
                mode = "instant" if is_own or Mode.INSTANT in modes else "approval"
                found.append((km, asset.pk, is_own, mode))
        return [row[1:] for row in sorted(found)]


def modes_for(told: Told, asker: Organization | None, use: Span | None) -> set[Mode]:
    speaks = {Audience.PUBLIC_BODIES, Audience.RECOGNIZED}  # a visitor sees what is open to others
    if asker is not None:
        speaks = set()
        if asker.nature.is_public:
            speaks.add(Audience.PUBLIC_BODIES)
        if asker.is_recognized:
            speaks.add(Audience.RECOGNIZED)
    return {
        mode
        for audience, mode, windows in told.rules
        if audience in speaks
        and (use is None or windows is None or is_open_throughout(windows, use, told.zone))
    }


def is_open(told: Told, use: Span | None) -> bool:
    if told.opening is None:
        return False
    return use is None or is_open_throughout(told.opening, use, told.zone)


def is_free(told: Told, use: Span | None) -> bool:
    if use is None:
        return True
    wanted = held_span(told.asset, use)
    busy = [
        taken
        for taken, span, expires_at in told.holds
        if span.overlaps(wanted) and (expires_at is None or expires_at > NOW)
    ]
    return any(not any(part & taken for taken in busy) for part in told.parts)


@pytest.mark.parametrize("seed", range(8))
def test_what_is_found_is_what_a_patient_reader_finds(seed):
    world = World(seed)
    answers = 0
    for _ in range(30):
        question, asker = world.question()
        expected = world.expected(question, asker)
        results = nearest(question, asker, now=NOW)
        found = [(result.asset_id, result.is_own, result.mode) for result in results]
        assert found == expected, (question, asker)
        assert [r.asset_id for r in nearest(question, asker, now=NOW, most=2)] == [
            row[0] for row in expected[:2]
        ]
        answers += len(expected)
    assert answers > 20  # the worlds are not empty


def crowd(places: list[tuple[float, float]]) -> None:
    """Copy one open, shared asset to many places."""
    body = make_body()
    asset = make_asset(body)
    share(asset)
    calendar = asset.opening.calendar
    sites = Site.objects.bulk_create(
        Site(organization=body, name=f"Place {n}", latitude=lat, longitude=lon)
        for n, (lat, lon) in enumerate(places)
    )
    copies = [
        Asset(
            owner=body,
            manager=body,
            custodian=body,
            category=asset.category,
            site=site,
            name=site.name,
            external_id=f"C-{n}",
            state="published",
            latitude=site.latitude,
            longitude=site.longitude,
        )
        for n, site in enumerate(sites)
    ]
    Asset.objects.bulk_create(copies)
    for copy in copies:
        give_opening(asset=copy, calendar=calendar)
    SharingRule.objects.bulk_create(
        SharingRule(asset=copy, audience=Audience.PUBLIC_BODIES, mode=Mode.INSTANT)
        for copy in copies
    )
    Asset.objects.filter(pk=asset.pk).update(state="draft")


@pytest.mark.parametrize("latitude", [46.5, 60.0, -46.5])
def test_a_full_page_is_ordered_by_metres_not_by_the_plane(latitude):
    """The index lives in a plane that stretches poleward: north looks farther than it is."""
    dice = random.Random(7)
    places = [(latitude + dice.uniform(-4, 4), -72.5 + dice.uniform(-5, 5)) for _ in range(70)]
    # A ring, so that many lie at nearly one distance and the plane orders them wrongly.
    crowd(places + [(latitude + 2.5 * (-1) ** n, -72.5 + n / 300) for n in range(30)])
    question = Question(
        (make_category("salle").pk,), latitude, -72.5, 500.0, Span(NOW, NOW + timedelta(hours=1))
    )
    asker = make_body()
    every = sorted(
        distance_km(latitude, -72.5, *place)
        for place in Asset.objects.filter(state="published").values_list("latitude", "longitude")
    )
    for most in (1, 5, 20, 40):
        results = nearest(question, asker, now=NOW, most=most)
        assert [r.distance_km for r in results] == pytest.approx(every[:most])


def test_many_at_one_place_are_all_counted():
    crowd([HERE] * 45)
    question = Question((make_category("salle").pk,), 46.6, -72.5, 50.0)
    results = nearest(question, make_body(), now=NOW)
    assert len(results) == 20
    ids = [r.asset_id for r in results]
    assert ids == sorted(Asset.objects.filter(state="published").values_list("pk", flat=True))[:20]


def test_the_plane_in_python_is_the_plane_of_the_index():
    dice = random.Random(3)
    for _ in range(50):
        a, b = ((dice.uniform(-80, 80), dice.uniform(-180, 180)) for _ in range(2))
        ((in_sql,),) = fetch("SELECT projected_point(%s, %s) <-> projected_point(%s, %s)", [*a, *b])
        assert plane_km(*a, *b) == pytest.approx(in_sql)
        near = a[0] + dice.uniform(-3, 3), a[1] + dice.uniform(-3, 3)
        km = distance_km(*a, *near)
        assert plane_km(*a, *near) <= reach_in_plane_km(a[0], km)
        assert plane_km(*a, *near) >= km * 0.999


def test_nothing_is_searched_without_a_category(django_assert_num_queries):
    with django_assert_num_queries(0):
        assert nearest(Question((), *HERE, 10.0), None, now=NOW) == []
