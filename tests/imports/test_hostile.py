# SPDX-License-Identifier: EUPL-1.2
"""Each hostile file gets a French answer, nothing half-written, and its good lines go in."""

import pytest

from tests.imports.conftest import apply
from tests.imports.hostile import FILES, Hostile
from usufruit.imports.models import Import
from usufruit.imports.words import problem_in_words
from usufruit.inventory.models import Asset
from usufruit.kernel.refusals import Refusal
from usufruit.ui.typography import typography_faults

pytestmark = pytest.mark.django_db


def test_there_are_forty_and_more():
    assert len(FILES) >= 40
    assert len({one.name for one in FILES}) == len(FILES)


@pytest.mark.parametrize("hostile", FILES, ids=lambda one: one.name)
def test_it_is_answered_in_french_and_its_good_lines_go_in(hostile: Hostile, checked):
    content = hostile.content()
    if hostile.turned_away:
        with pytest.raises(Refusal) as refused:
            checked(content, name=hostile.file)
        assert hostile.turned_away in refused.value.message
        assert typography_faults(refused.value.message) == []
        assert not Import.objects.exists()
        return
    batch = checked(content, name=hostile.file)
    assert batch.status == "checked", batch.failure
    for outcome in ("new", "refused"):
        wanted, found = getattr(hostile, outcome), batch.counts.get(outcome, 0)
        assert found == wanted or (wanted < 0 < found), _reasons(batch)
    assert all(typography_faults(reason) == [] for reason in _reasons(batch))
    if hostile.says:
        assert hostile.says in " ".join(_reasons(batch))
    apply(batch)
    assert Asset.objects.count() == batch.counts["new"] > 0
    if hostile.names:
        found = Asset.objects.order_by("name").values_list("name", flat=True)
        assert tuple(found) == hostile.names


def _reasons(batch: Import) -> list[str]:
    refused = batch.lines.filter(outcome="refused").order_by("pk")
    return [problem_in_words(one.number, each) for one in refused for each in one.problems]
