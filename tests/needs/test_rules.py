# SPDX-License-Identifier: EUPL-1.2
"""How a need passes from state to state."""

from hypothesis import given
from hypothesis import strategies as st

from usufruit.needs.rules import NeedState, may_become

STATES = st.sampled_from(NeedState)


@given(STATES, STATES)
def test_whatever_is_done_to_an_open_need_can_be_undone(present, wanted):
    if present == NeedState.OPEN and may_become(present, wanted):
        assert may_become(wanted, present)


@given(STATES, STATES)
def test_a_need_passes_through_open(present, wanted):
    passes = NeedState.OPEN in {present, wanted} and present != wanted
    assert may_become(present, wanted) == passes
