# SPDX-License-Identifier: EUPL-1.2
"""Searching by accessibility: unknown is not yes, the address is the search, counts are true."""

import pytest

from tests.support.pages import read, words
from tests.support.sql_snapshot import recorded
from tests.support.world import NOW, make_asset, make_body, make_category, make_site, share
from usufruit.premises.actions import state_facts
from usufruit.search import queries
from usufruit.search.queries import Question, feature_counts, nearest

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true"}


@pytest.fixture(autouse=True)
def _now(monkeypatch):
    monkeypatch.setattr("usufruit.search.views.now", lambda: NOW)


@pytest.fixture
def lender():
    return make_body("Ville de Saint-Essai")


@pytest.fixture
def gym():
    return make_category("gymnase", name="Gymnase", icon="ball-basketball")


@pytest.fixture
def halls(lender, gym):
    """Give two halls of a step-free school, one with steps of its own, an old one, an untold."""
    school, old, untold = (make_site(lender) for _ in range(3))
    state_facts(place=school, values={"step_free": True, "door_cm": 90}, by=None, now=NOW)
    state_facts(place=old, values={"step_free": False, "door_cm": 70}, by=None, now=NOW)
    found = {}
    for name, site in (("libre", school), ("sauf", school), ("marches", old), ("inconnu", untold)):
        found[name] = make_asset(lender, site=site, name=f"Gymnase {name}", category=gym)
        share(found[name])
    values = {"step_free": False, "hearing_loop": True}
    state_facts(place=found["sauf"], values=values, by=None, now=NOW)
    return found


def question(gym, *features, **more):
    return Question((gym.pk,), 46.5, -72.5, 25, features=features, **more)


def names(*asked, **how):
    return {one.name.removeprefix("Gymnase ") for one in nearest(*asked, None, now=NOW, **how)}


def test_only_what_is_known_to_be_so_answers(halls, gym):
    assert names(question(gym)) == {"libre", "sauf", "marches", "inconnu"}
    assert names(question(gym, "step_free")) == {"libre"}
    assert names(question(gym, "door_cm")) == {"libre", "sauf"}
    assert names(question(gym, "door_cm", "hearing_loop")) == {"sauf"}
    assert names(question(gym, "lift")) == set()


def test_counts_say_what_each_filter_would_leave(halls, gym):
    counts = feature_counts(question(gym), None, now=NOW)
    assert counts == {"step_free": 1, "door_cm": 2, "hearing_loop": 1}
    assert feature_counts(question(gym, "door_cm"), None, now=NOW)["hearing_loop"] == 1
    assert feature_counts(question(gym, capacity_min=10), None, now=NOW) == {}
    for code, count in counts.items():
        assert len(names(question(gym, code))) == count


def test_a_filter_that_leaves_almost_nothing_looks_no_further_than_its_reach(
    monkeypatch, halls, gym
):
    monkeypatch.setattr(queries, "FILTERED_REACH", 2)
    with recorded() as sent:
        assert names(question(gym, "lift")) == set()
    assert len(sent) == 1


def test_the_address_is_the_search_and_each_tag_removes_itself(client, halls):
    page = read(
        client.get("/biens/?quoi=gymnase&acces=porte-large&acces=boucle-d-ecoute&ici=46.5,-72.5")
    )
    assert [one.text.strip() for one in page.select("#reponses h2")][:1] == ["Gymnase sauf"]
    removing = {one.text: one["href"] for one in page.select(".tag--remove")}
    door = next(href for text, href in removing.items() if "Porte d’au moins 80\u00a0cm" in text)
    assert "acces=boucle-d-ecoute" in door
    assert "porte-large" not in door
    assert page.select_one(".more-filters")["open"] == ""
    assert [one["value"] for one in page.select("[name=acces][checked]")] == [
        "porte-large",
        "boucle-d-ecoute",
    ]


def test_nothing_found_says_what_the_filters_took(client, halls):
    page = read(client.get("/biens/?quoi=gymnase&acces=ascenseur&ici=46.5,-72.5"))
    assert "Sans les filtres\u00a0: 4 biens" in words(page)


@pytest.mark.parametrize("sent", ["acces=dragon", "acces=", "acces=" + "x" * 3000, "acces=%00"])
def test_an_unknown_filter_is_said_and_the_search_stands(client, halls, sent):
    page = read(client.get(f"/biens/?quoi=gymnase&ici=46.5,-72.5&{sent}"))
    assert len(page.select("#reponses .card--link")) == 4


def test_counts_come_when_they_are_looked_for(client, halls):
    address = "/biens/filtres/?quoi=gymnase&ici=46.5,-72.5"
    part = client.get(address, headers=HTMX).content.decode()
    assert "Porte d’au moins 80\u00a0cm" in part
    assert "(2)" in part
    plain = client.get(address)
    assert plain.url.startswith("/biens/?quoi=gymnase")
    assert client.get("/biens/filtres/", headers=HTMX).status_code == 200


def test_an_unfiltered_search_reads_no_facts(client, halls):
    with recorded() as sent:
        client.get("/biens/?quoi=gymnase&ici=46.5,-72.5")
    assert not [one for one in sent.sent if "features_near" in one.author]
    assert not [one for one in sent.sent if one.statement.startswith("SELECT premises_fact")]
