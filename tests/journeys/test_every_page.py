# SPDX-License-Identifier: EUPL-1.2
"""Every page, on a phone and on a desk, by day and by night: it fits, it reads, axe is silent."""

import pytest

from tests.journeys.places import PLACES
from tests.support.browser import DESK, PHONE


@pytest.mark.parametrize(("width", "theme"), [(PHONE, "dark"), (DESK, "light")])
def test_every_page_is_accessible_and_fits(arrive, width, theme):
    visitors = {}
    faults = []
    for place in PLACES[:-1]:  # the last is the gallery, which has its own tests
        if place.account not in visitors:
            visitors[place.account] = arrive(place.account, width=width, theme=theme)
        visitor = visitors[place.account]
        try:
            visitor.go(place.address(), status=place.status)
            visitor.check()
        except AssertionError as fault:
            faults.append(f"{place.name}: {fault}")
    assert not faults, "\n".join(faults)
