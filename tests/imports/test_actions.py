# SPDX-License-Identifier: EUPL-1.2
"""From a file to the inventory and back: what each line becomes, and what is written."""

import pytest

from tests.imports.conftest import apply, undo
from tests.support.world import (
    NOW,
    Role,
    make_asset,
    make_body,
    make_person,
    make_site,
    share,
)
from usufruit.imports import actions, applying
from usufruit.imports.models import CreatedSite, Import, ImportLine
from usufruit.inventory.actions import correct_asset
from usufruit.inventory.models import Asset, AssetFinance, Category, Site
from usufruit.kernel.models import JournalLine
from usufruit.kernel.refusals import Refusal
from usufruit.sharing.models import Audience

pytestmark = pytest.mark.django_db

FILE = """Numéro d’inventaire;Nom;Catégorie;Lieu;Latitude;Longitude;Capacité
G-1;Gymnase de l’école;gymnase;École du Rang;46,51;-72,51;120
C-2;Camion à neige;chasse-neige;Garage;46,52;-72,52;
"""


def lines(batch: Import) -> list[tuple[int, str]]:
    return list(batch.lines.order_by("number", "id").values_list("number", "outcome"))


def faults(batch: Import) -> list[tuple[int, str, str]]:
    refused = batch.lines.filter(outcome="refused").order_by("number", "id")
    return [(one.number, p["column"], p["why"]) for one in refused for p in one.problems]


def test_a_file_is_checked_without_writing_then_applied_then_undone(checked, body, manager):
    batch = checked(FILE)
    assert (batch.status, batch.counts, batch.line_count) == ("checked", {"new": 2}, 2)
    assert not Asset.objects.exists()
    assert not Site.objects.exists()
    apply(batch)
    gym = Asset.objects.get(external_id="G-1")
    assert (gym.name, gym.category.code, gym.capacity) == ("Gymnase de l’école", "gymnase", 120)
    assert (gym.owner, gym.manager, gym.custodian, gym.state) == (body, body, body, "draft")
    assert (gym.site.name, gym.latitude, gym.longitude) == ("École du Rang", 46.51, -72.51)
    assert gym.events.filter(pgh_label="insert").count() == 1
    (line,) = JournalLine.objects.filter(verb="apply_import")
    assert (line.object_id, line.person_id) == (str(batch.pk), manager.pk)
    undo(batch)
    assert (batch.status, batch.told["undone"]["removed"]) == ("undone", 2)
    assert not Asset.objects.exists()
    assert not Site.objects.exists()
    assert not CreatedSite.objects.exists()


def test_the_same_file_again_changes_nothing(checked):
    apply(checked(FILE))
    assert checked(FILE).counts == {"same": 2}


def test_a_changed_cell_is_shown_applied_and_given_back(checked):
    apply(checked(FILE))
    again = checked(FILE.replace("120", "150").replace("Gymnase de", "Grand gymnase de"))
    assert again.counts == {"changed": 1, "same": 1}
    line = again.lines.get(outcome="changed")
    assert line.changes == {
        "capacity": [120, 150],
        "name": ["Gymnase de l’école", "Grand gymnase de l’école"],
    }
    apply(again)
    gym = Asset.objects.get(external_id="G-1")
    assert (gym.capacity, gym.name) == (150, "Grand gymnase de l’école")
    undo(again)
    gym.refresh_from_db()
    assert (gym.capacity, gym.name) == (120, "Gymnase de l’école")
    assert again.told["undone"]["restored"] == 1


def test_what_was_corrected_since_is_kept_and_told(checked, manager):
    apply(checked(FILE))
    again = apply(checked(FILE.replace("120", "150").replace("Gymnase de", "Grand gymnase de")))
    gym = Asset.objects.get(external_id="G-1")
    correct_asset(asset=gym, changes={"name": "Palestre"}, by=manager, now=NOW)
    undo(again)
    gym.refresh_from_db()
    assert (gym.name, gym.capacity) == ("Palestre", 120)
    assert again.told["undone"]["kept_changes"] == 1


def test_a_line_that_breaks_after_the_check_is_refused_and_the_rest_goes_in(checked, body, manager):
    batch = checked(FILE)
    make_asset(body, external_id="G-1")
    apply(batch)
    assert batch.counts == {"new": 1, "refused": 1}
    assert Asset.objects.filter(external_id="C-2").exists()
    assert "depuis la vérification" in faults(batch)[0][2]


def test_a_sheet_corrected_after_the_check_is_not_written_over(checked, manager):
    apply(checked(FILE))
    again = checked(FILE.replace("120", "150"))
    gym = Asset.objects.get(external_id="G-1")
    correct_asset(asset=gym, changes={"capacity": 90}, by=manager, now=NOW)
    apply(again)
    gym.refresh_from_db()
    assert gym.capacity == 90
    assert again.counts == {"same": 1, "refused": 1}


def test_an_asset_used_since_is_not_removed(checked, body):
    batch = apply(checked(FILE))
    published = Asset.objects.get(external_id="G-1")
    Asset.objects.filter(pk=published.pk).update(state="published")
    share(published, Audience.PUBLIC_BODIES)
    undo(batch)
    published.refresh_from_db()
    assert published.state == "withdrawn"
    assert batch.told["undone"]["withdrawn"] == 1
    assert not Asset.objects.filter(external_id="C-2").exists()


@pytest.mark.parametrize(
    ("row", "column", "why"),
    [
        ("G-1;Salle;salle communautaire;Ici;46,5;-72,5;20l8", "Capacité", "n’est pas un nombre"),
        ("G-1;;salle communautaire;Ici;46,5;-72,5;20", "Nom", "n’a pas de nom"),
        (";Salle;salle communautaire;Ici;46,5;-72,5;20", "Numéro d’inventaire", "aucun numéro"),
        ("G-1;Salle;zeppelin;Ici;46,5;-72,5;20", "Catégorie", "inconnue"),
        ("G-1;Salle;gymnase;Ici;-72,5;46,5;20", "Latitude", "inversées"),
        ("G-1;Salle;gymnase;Ici;5039000;300000;20", "Latitude", "mètres"),
        ("G-1;Salle;gymnase;Ici;46,5;;20", "Longitude", "la moitié"),
        ("G-1;Salle;gymnase;Ici;46,5;-72,5;20;de trop", "", "8 valeurs pour 7"),
    ],
)
def test_a_bad_cell_is_named_with_its_line_and_the_next_line_goes_in(checked, row, column, why):
    batch = checked(f"{FILE.splitlines()[0]}\n{row}\nZ-9;Bon;gymnase;Ici;46,5;-72,5;10\n")
    ((number, found, reason),) = faults(batch)
    assert (number, found) == (2, column)
    assert why in reason
    assert batch.counts == {"new": 1, "refused": 1}


def test_a_number_said_twice_is_refused_with_both_lines(checked):
    batch = checked(FILE + "G-1;Autre gymnase;gymnase;Ailleurs;46,6;-72,6;80\n")
    assert faults(batch) == [(4, "Numéro d’inventaire", "ce numéro figure déjà à la ligne 2")]
    assert batch.counts == {"new": 2, "refused": 1}


def test_the_serial_number_finds_an_asset_whose_tag_changed(checked):
    header = "Numéro;Nom;Catégorie;Numéro de série\n"
    apply(checked(header + "A-1;Génératrice;generatrice;ab 12-34\n"))
    again = checked(header + "NEUF-7;Génératrice;generatrice;AB12-34\n")
    assert again.lines.get().changes == {"external_id": ["A-1", "NEUF-7"]}
    apply(again)
    assert Asset.objects.get().external_id == "NEUF-7"


def test_two_numbers_of_two_assets_are_refused(checked):
    header = "Numéro;Nom;Catégorie;Numéro de série\n"
    apply(checked(header + "A-1;Un;generatrice;S1\nA-2;Deux;generatrice;S2\n"))
    again = checked(header + "A-1;Un;generatrice;S2\n")
    assert "deux biens différents" in faults(again)[0][2]


def test_swapped_coordinates_are_exchanged_only_when_a_person_says_so(checked):
    content = FILE.replace("46,51;-72,51", "-72,51;46,51").replace("46,52;-72,52", "-72,52;46,52")
    refused = checked(content)
    assert (refused.counts, refused.told["swapped"]) == ({"refused": 2}, 2)
    assert checked(content, is_swapped=True).counts == {"new": 2}


def test_an_unknown_category_is_told_once_and_its_choice_holds_for_all(checked):
    content = "Numéro;Nom;Catégorie\n" + "".join(f"P-{n};Jeux {n};Zeppelin\n" for n in range(3))
    batch = checked(content)
    assert batch.told["unknown_categories"] == [["Zeppelin", 3]]
    assert checked(content, categories={"Zeppelin": "parc"}).counts == {"new": 3}
    assert checked(content.replace("Jeux", "Modules")).counts == {"new": 3}  # remembered


REGISTER = """N° d’actif;Désignation;Catégorie;Coût;Date d’acquisition;Durée de vie;VNC;Emplacement
77;Niveleuse;niveleuse;1 234 567,89 $;31/01/2019;20;800 000;Garage
"""


def test_finance_is_stored_apart_and_undone(checked):
    batch = apply(checked(REGISTER))
    money = AssetFinance.objects.get()
    assert (str(money.cost), str(money.net_value)) == ("1234567.89", "800000.00")
    assert (money.acquired_on.isoformat(), money.life_years) == ("2019-01-31", 20)
    assert money.currency == "CAD"
    assert checked(REGISTER).counts == {"same": 1}
    again = apply(checked(REGISTER.replace("800 000", "700 000")))
    money.refresh_from_db()
    assert str(money.net_value) == "700000.00"
    undo(again)
    money.refresh_from_db()
    assert str(money.net_value) == "800000.00"
    undo(batch)
    assert not AssetFinance.objects.exists()


def test_a_thing_that_looks_like_another_is_asked_about_and_the_answer_kept(checked, body, manager):
    site = make_site(body, name="École", latitude=46.51, longitude=-72.51)
    gym = make_asset(
        body, name="Gymnase de l’école", site=site, category=Category.objects.get(code="gymnase"),
        opening=None, external_id="VIEUX",
    )  # fmt: skip
    batch = checked(FILE)
    line = batch.lines.get(outcome="doubt")
    assert line.candidates == [gym.pk]
    actions.settle_twin(line=line, asset=gym, by=manager, now=NOW)
    batch.refresh_from_db()
    assert batch.counts == {"new": 1, "changed": 1}
    apply(batch)
    gym.refresh_from_db()
    assert gym.external_id == "G-1"
    assert checked(FILE).counts["same"] + checked(FILE).counts.get("changed", 0) == 2


def test_two_things_told_apart_are_not_asked_about_again(checked, body, manager):
    site = make_site(body, name="École", latitude=46.51, longitude=-72.51)
    make_asset(
        body, name="Gymnase de l’école", site=site, category=Category.objects.get(code="gymnase"),
        opening=None,
    )  # fmt: skip
    batch = checked(FILE)
    actions.settle_twin(line=batch.lines.get(outcome="doubt"), asset=None, by=manager, now=NOW)
    assert checked(FILE).counts == {"new": 2}


def test_one_file_feeds_many_bodies_for_the_operator_alone(checked, body, manager):
    other = make_body("Ville Voisine")
    content = "Numéro;Nom;Catégorie;Propriétaire\n1;A;gymnase;Ville Voisine\n2;B;gymnase;CSS Neuf\n"
    assert checked(content).counts == {"refused": 2}
    batch = checked(content, by=None)
    assert batch.counts == {"new": 1, "refused": 1}
    assert batch.told["unknown_bodies"] == [["CSS Neuf", 1]]
    batch = apply(checked(content, by=None, bodies={"CSS Neuf": "+CSS Neuf"}))
    assert batch.counts == {"new": 2}
    assert {asset.owner.name for asset in Asset.objects.all()} == {other.name, "CSS Neuf"}


def test_the_wrong_person_is_refused(body, checked):
    with pytest.raises(Refusal) as refused:
        checked(FILE, by=make_person(body, Role.ANALYST))
    assert refused.value.code == "not_a_manager"


def test_an_applied_import_is_not_applied_or_checked_again(checked, manager):
    batch = apply(checked(FILE))
    with pytest.raises(Refusal):
        actions.ask_apply(batch=batch, by=manager, now=NOW)
    mapping = actions.ColumnMapping.from_json(batch.mapping)
    with pytest.raises(Refusal):
        actions.ask_check(batch=batch, mapping=mapping, by=manager, now=NOW)


def test_application_cut_short_goes_on_from_there(checked, monkeypatch, manager):
    monkeypatch.setattr(applying, "BATCH", 1)
    batch = checked(FILE)
    actions.ask_apply(batch=batch, by=manager, now=NOW)
    Import.objects.filter(pk=batch.pk).update(
        applied_through=ImportLine.objects.filter(batch=batch).order_by("pk").first().pk
    )
    actions.conduct_apply(batch_id=batch.pk)
    assert Asset.objects.get().external_id == "C-2"
