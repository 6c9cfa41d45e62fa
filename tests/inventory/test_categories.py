# SPDX-License-Identifier: EUPL-1.2
"""The category tree of the start: whole, findable by the words people type, drawn."""

import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.template.loader import render_to_string

from tests.support.world import NOW
from usufruit.inventory import categories
from usufruit.inventory.actions import load_categories
from usufruit.inventory.models import AttributeDefinition, Category, Kind
from usufruit.inventory.queries import categories_matching, illustration_of
from usufruit.kernel.models import JournalLine
from usufruit.ui.typography import typography_faults

ROWS = list(categories.rows())


def sprite() -> set[str]:
    return set(re.findall(r'id="([^"]+)"', Path(finders.find("ui/icons.svg")).read_text()))


def test_each_family_comes_before_its_leaves_and_is_of_their_kind():
    seen = {}
    for row in ROWS:
        assert row.code not in seen
        if row.parent:
            assert seen[row.parent] == row.kind
        seen[row.code] = row.kind
    families = {row.parent for row in ROWS}
    leaves = [row for row in ROWS if row.code not in families]
    assert len(leaves) >= 65
    assert {row.kind for row in leaves} == set(Kind.values)


def test_every_icon_is_in_the_sprite():
    assert {row.icon for row in ROWS} <= sprite()


def test_every_illustration_exists_and_is_a_drawing():
    drawings = set(categories.illustrations().values()) | set(
        categories.KIND_ILLUSTRATIONS.values()
    )
    for drawing in sorted(drawings):
        path = finders.find(f"inventory/illustrations/{drawing}.svg")
        assert path, drawing
        text = Path(path).read_text()
        assert 'id="drawing"' in text
        assert "currentColor" in text
        assert "style" not in text
        drawn = text[text.index('id="drawing"') :]
        assert "#" not in drawn, "the page gives the colour"


def test_names_and_synonyms_are_written_with_care():
    for row in ROWS:
        for text in (row.name, *row.synonyms):
            assert text == text.strip()
            assert text
            assert typography_faults(text) == []
    for row in categories.ATTRIBUTES.values():
        assert typography_faults(row.name) == []
        assert row.value_type == "number" or not row.unit


@pytest.mark.django_db
def test_loading_twice_changes_nothing():
    assert load_categories(now=NOW) == len(ROWS)
    before = list(Category.objects.order_by("pk").values())
    lines = JournalLine.objects.count()
    attributes = AttributeDefinition.objects.count()
    assert load_categories(now=NOW) == 0
    assert list(Category.objects.order_by("pk").values()) == before
    assert (JournalLine.objects.count(), AttributeDefinition.objects.count()) == (lines, attributes)


@pytest.mark.django_db
def test_a_category_corrected_by_hand_returns_to_the_tree():
    load_categories(now=NOW)
    Category.objects.filter(code="gymnase").update(name="Gimnase")
    assert load_categories(now=NOW) == 1
    assert Category.objects.get(code="gymnase").name == "Gymnase"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("déneigeuse", "chasse-neige"),
        ("gratte", "chasse-neige"),
        ("Charrues", "chasse-neige"),
        ("pépine", "retrocaveuse"),
        ("grader", "niveleuse"),
        ("loader", "chargeuse"),
        ("pick-up", "camionnette"),
        ("dix roues", "camion-benne"),
        ("gym", "gymnase"),
        ("palestre", "gymnase"),
        ("chainsaw", "scie-a-chaine"),
        ("whipper", "debroussailleuse"),
        ("parking", "stationnement"),
        ("fab lab", "laboratoire-fabrication"),
        ("coworking", "cotravail"),
        ("ingénieure", "ingenierie"),
        ("GIS", "geomatique"),
        ("salle de réunion", "salle-reunion"),
    ],
)
def test_the_words_people_type_find_it(typed, code):
    load_categories(now=NOW)
    assert code in {category.code for category in categories_matching(typed)}


@pytest.mark.django_db
def test_an_own_category_takes_the_drawing_of_its_nearest_ancestor(django_assert_num_queries):
    load_categories(now=NOW)
    gym = Category.objects.get(code="gymnase")
    with django_assert_num_queries(0):
        assert illustration_of(gym) == "inventory/illustrations/gymnase.svg"
    own = Category.objects.create(
        code="mur-escalade", kind="place", name="Mur d’escalade", icon="flag", parent=gym
    )
    assert illustration_of(own) == "inventory/illustrations/gymnase.svg"
    alone = Category.objects.create(code="phare", kind="land", name="Phare", icon="flag")
    assert illustration_of(alone) == "inventory/illustrations/terrain.svg"


@pytest.mark.django_db
def test_the_drawing_is_shown_and_marked_as_an_illustration():
    load_categories(now=NOW)
    gym = Category.objects.get(code="gymnase")
    shown = render_to_string("inventory/_illustration.html", {"category": gym})
    assert "inventory/illustrations/gymnase" in shown
    assert '.svg#drawing"' in shown
    assert "<figcaption" in shown
    assert ">Illustration<" in shown
