# SPDX-License-Identifier: EUPL-1.2
"""Every page, on a desk by day and on a phone by night: it fits, it reads, axe is silent."""

import pytest

from tests.journeys.places import PLACES
from tests.support.browser import DESK, PHONE

LOOKS = (({"width": DESK, "height": 900}, "light"), ({"width": PHONE, "height": 844}, "dark"))
PAGES = PLACES[:-1]  # the last is the gallery, which has its own tests


@pytest.mark.parametrize("half", [0, 1])
def test_every_page_is_accessible_and_fits(arrive, half):
    visitors = {}
    faults = []
    for place in sorted(PAGES, key=lambda each: each.account)[half::2]:
        if place.account not in visitors:
            visitors[place.account] = arrive(place.account).without_map()
        visitor = visitors[place.account]
        visitor.go(place.address(), status=place.status)
        for size, theme in LOOKS:
            visitor.page.set_viewport_size(size)
            visitor.page.emulate_media(color_scheme=theme)
            try:
                visitor.check()
            except AssertionError as fault:
                faults.append(f"{place.name}, {theme}: {fault}")
    assert not faults, "\n".join(faults)
