# SPDX-License-Identifier: EUPL-1.2
"""Build the territory (bodies, accounts, places, calendars, assets) through the actions alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from usufruit.demo.dataset import AssetRow, CalendarRow, Dataset, SeasonRow
from usufruit.inventory.actions import add_asset, add_site, load_categories
from usufruit.inventory.models import Asset, Category, Site
from usufruit.inventory.rules import lanes_of_divisions
from usufruit.kernel.local_time import local_wall
from usufruit.organizations.actions import (
    add_territory,
    grant_role,
    register_organization,
    register_person,
)
from usufruit.organizations.models import (
    Organization,
    OrganizationNature,
    Person,
    Role,
    Territory,
)
from usufruit.organizations.queries import DECIDING_ROLES, REQUESTING_ROLES
from usufruit.sharing.actions import open_to
from usufruit.sharing.models import Audience, Mode
from usufruit.timetable.actions import add_exception, add_season, give_opening, open_calendar
from usufruit.timetable.models import Calendar
from usufruit.timetable.rules import DatedException, parse_opening
from usufruit.timetable.rules import Season as SeasonRules

ZONE = "America/Toronto"
PASSWORD = "demo-hauts-portages"  # noqa: S105 - printed for all to try; nothing real stands behind it

Say = Callable[[str], None]


@dataclass
class World:
    """What has been built, by the names the data give.

    Attributes:
        borrowers, deciders: who asks and who answers for a body, by its slug.
        parts: half-open lanes of an asset's part, by number and name (« Moitié A »).
    """

    now: datetime
    bodies: dict[str, Organization] = field(default_factory=dict)
    persons: dict[str, Person] = field(default_factory=dict)
    borrowers: dict[str, Person] = field(default_factory=dict)
    deciders: dict[str, Person] = field(default_factory=dict)
    sites: dict[str, Site] = field(default_factory=dict)
    calendars: dict[tuple[str, str], Calendar] = field(default_factory=dict)
    assets: dict[str, Asset] = field(default_factory=dict)
    parts: dict[tuple[str, str], tuple[int, int]] = field(default_factory=dict)

    @property
    def today(self) -> date:
        """Return the local day of ``now``."""
        return local_wall(self.now, ZONE).date()


def build(data: Dataset, *, now: datetime, say: Say) -> World:
    """Enter everything but bookings; a year ago, as if the territory had been at it for a while."""
    world = World(now=now)
    entered_at = now - timedelta(days=365)
    load_categories(now=entered_at)
    say("Organismes et comptes…")
    _enter_bodies(data, world, entered_at)
    _enter_persons(data, world, entered_at)
    say("Lieux et biens…")
    for site in data.sites:
        world.sites[site.code] = add_site(
            by=None,
            now=entered_at,
            organization=world.bodies[site.body],
            name=site.name,
            address=site.address,
            latitude=site.latitude,
            longitude=site.longitude,
            time_zone=ZONE,
        )
    categories = {category.code: category for category in Category.objects.all()}
    for row in data.assets:
        world.assets[row.number] = _enter_asset(row, categories[row.category], world, entered_at)
        _open_asset(row, data, world, entered_at)
    return world


def _enter_bodies(data: Dataset, world: World, at: datetime) -> None:
    territories: dict[str, Territory] = {}
    for code, name, parent in data.territories:
        territories[code] = add_territory(
            code=code, name=name, parent=territories.get(parent), by=None, now=at
        )
    natures = {nature.code: nature for nature in OrganizationNature.objects.all()}
    for body in data.bodies:
        world.bodies[body.slug] = register_organization(
            by=None,
            now=at,
            slug=body.slug,
            name=body.name,
            nature=natures[body.nature],
            territory=territories[body.territory],
            is_recognized=body.is_recognized,
            time_zone=ZONE,
            latitude=body.latitude,
            longitude=body.longitude,
            contact=body.contact,
        )


def _enter_persons(data: Dataset, world: World, at: datetime) -> None:
    for row in data.persons:
        person = register_person(
            email=row.email,
            full_name=row.function,
            password=PASSWORD if row.signs_in else None,
            by=None,
            now=at,
        )
        roles = [Role(role) for role in row.roles]
        for role in roles:
            grant_role(
                person=person, organization=world.bodies[row.body], role=role, by=None, now=at
            )
        world.persons[row.local] = person
        if set(roles) & set(REQUESTING_ROLES):
            world.borrowers.setdefault(row.body, person)
        if set(roles) & set(DECIDING_ROLES):
            world.deciders.setdefault(row.body, person)


def _enter_asset(row: AssetRow, category: Category, world: World, at: datetime) -> Asset:
    site = world.sites[row.site]
    owner = world.bodies[row.owner] if row.owner else site.organization
    manager = world.bodies[row.manager] if row.manager else owner
    lane_count, parts = _parts(row)
    for name, bounds, _ in parts:
        world.parts[row.number, name.replace("\u00a0", " ")] = bounds
    return add_asset(
        by=world.deciders.get(manager.slug),
        now=at,
        owner=owner,
        manager=manager,
        custodian=world.bodies[row.custodian] if row.custodian else manager,
        site=site,
        category=category,
        name=row.name,
        external_id=row.number,
        description=row.about,
        conditions="\n".join(row.conditions),
        capacity=row.capacity,
        attributes=row.attributes,
        buffer_before_min=row.buffers[0],
        buffer_after_min=row.buffers[1],
        state=row.state,
        structure=Asset.Structure.PARTS if parts else Asset.Structure.SINGLE,
        lane_count=lane_count,
        parts=parts,
    )


def _parts(row: AssetRow) -> tuple[int, list[tuple[str, tuple[int, int], int | None]]]:
    """Return the lanes of an asset and its parts: « Moitié A », « Tiers 2 »."""
    if not row.divisions:
        return 1, []
    lane_count, shares = lanes_of_divisions(*(count for _, count in row.divisions))
    return lane_count, [
        (f"{name}\u00a0{letter}", bounds, row.capacity // count if row.capacity else None)
        for (name, count), divided in zip(row.divisions, shares, strict=True)
        for letter, bounds in zip("ABCDEF", divided, strict=False)
    ]


def _open_asset(row: AssetRow, data: Dataset, world: World, at: datetime) -> None:
    """Give an asset its opening calendar and its sharing rules."""
    asset = world.assets[row.number]
    by = world.deciders.get(asset.manager.slug)
    if row.opening:
        key = (asset.manager.slug, row.opening)
        if key not in world.calendars:
            world.calendars[key] = _enter_calendar(
                data.calendars[row.opening], asset.manager, by, world
            )
        give_opening(asset=asset, calendar=world.calendars[key])
    for share in row.share:
        open_to(
            asset=asset,
            audience=Audience(share.audience),
            mode=Mode(share.mode),
            windows=parse_opening(share.windows) if share.windows else None,
            by=by,
            now=at,
        )


def _enter_calendar(
    row: CalendarRow, organization: Organization, by: Person | None, world: World
) -> Calendar:
    calendar = open_calendar(
        organization=organization,
        name=row.name,
        windows=parse_opening(row.hours),
        by=by,
        now=world.now,
        time_zone=ZONE,
        holiday_region=row.holidays,
    )
    for season in row.seasons:
        for first_on, last_on in _each_year(season, world.today):
            rules = SeasonRules(first_on, last_on, parse_opening(season.hours))
            add_season(calendar=calendar, name=season.name, season=rules)
    for exception in row.exceptions:
        for first_on, last_on in _each_year(exception, world.today):
            add_exception(
                calendar=calendar,
                exception=DatedException(first_on, last_on, reason=exception.name),
            )
    return calendar


def _each_year(season: SeasonRow, today: date) -> Iterator[tuple[date, date]]:
    """Yield the runs of days of a season from last year to the year after next."""
    for year in range(today.year - 1, today.year + 3):
        ends_in = year + (season.last < season.first)
        yield (
            date.fromisoformat(f"{year}-{season.first}"),
            date.fromisoformat(f"{ends_in}-{season.last}"),
        )
