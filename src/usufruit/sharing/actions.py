# SPDX-License-Identifier: EUPL-1.2
"""Opening idle time, and closing it again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from usufruit.inventory.models import Asset
from usufruit.kernel.models import JournalLine
from usufruit.kernel.transactions import verb
from usufruit.organizations.models import Organization, Person
from usufruit.sharing.models import Audience, Mode, SharingRule, Visibility
from usufruit.sharing.queries import reaches_told
from usufruit.sharing.rules import Information, Reach
from usufruit.timetable.actions import open_calendar
from usufruit.timetable.rules import WeeklyWindow


@verb
def open_to(
    *,
    asset: Asset,
    audience: Audience,
    mode: Mode,
    windows: Iterable[WeeklyWindow] | None,
    by: Person | None,
    now: datetime,
) -> SharingRule:
    """Open an asset to an audience, in weekly windows or whenever it is open.

    Opening again to the same audience whenever it is open changes the mode of the rule.

    Args:
        windows: None means all opening hours.
    """
    calendar = None
    if windows is not None:
        calendar = open_calendar(
            organization=asset.manager,
            name=f"{asset.name} – {Audience(audience).label}",
            windows=windows,
            time_zone=asset.site.time_zone,
            by=by,
            now=now,
        )
    rule, _ = SharingRule.objects.update_or_create(
        asset=asset, audience=audience, windows=calendar, defaults={"mode": mode}
    )
    JournalLine.record(
        "open_to",
        asset,
        at=now,
        person_id=by.pk if by else None,
        organization_id=asset.manager_id,
        detail={"rule": rule.pk, "audience": str(audience), "mode": str(mode)},
    )
    return rule


@verb
def close_rule(*, rule: SharingRule, by: Person, now: datetime) -> None:
    """Withdraw a rule and the windows only it used; bookings already confirmed under it stand."""
    JournalLine.record(
        "close_rule",
        rule.asset,
        at=now,
        person_id=by.pk,
        organization_id=rule.asset.manager_id,
        detail={"rule": rule.pk, "audience": rule.audience},
    )
    windows = rule.windows
    rule.delete()
    if windows and not windows.sharing_rules.exists() and not windows.assets.exists():
        windows.delete()


@verb
def set_visibility(
    *, body: Organization, told: Mapping[Information, Reach], by: Person, now: datetime
) -> list[Information]:
    """Say how far each kind of information on a body's assets goes; return what changed."""
    before = reaches_told(body)
    changed = [each for each, reach in told.items() if before[each] != reach]
    for each in changed:
        Visibility.objects.update_or_create(
            organization=body, information=each, defaults={"reach": told[each]}
        )
    if changed:
        JournalLine.record(
            "set_visibility",
            body,
            at=now,
            person_id=by.pk,
            organization_id=body.pk,
            detail={each: told[each] for each in changed},
        )
    return changed
