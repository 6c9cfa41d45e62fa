# SPDX-License-Identifier: EUPL-1.2
"""Around a use, and only around it, its code is shown."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from tests.support.world import NOW
from usufruit.kernel.spans import Span
from usufruit.premises.rules import is_code_shown


@given(st.integers(0, 168), st.integers(1, 72), st.integers(-300, 300))
def test_a_code_is_shown_from_its_hours_ahead_to_the_end(ahead, hours, later):
    use = Span(NOW, NOW + timedelta(hours=hours))
    shown = is_code_shown(use, ahead, NOW + timedelta(hours=later))
    assert shown == (-ahead <= later < hours)
