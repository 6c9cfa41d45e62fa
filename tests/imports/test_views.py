# SPDX-License-Identifier: EUPL-1.2
"""The pages of an import as a person goes through them, without a script."""

import pytest
from django.core.files.base import ContentFile
from django.test import Client

from tests.imports.conftest import apply, undo
from tests.imports.test_actions import FILE, REGISTER
from tests.support.pages import read
from tests.support.sql_snapshot import recorded
from tests.support.world import Role, make_asset, make_body, make_person, make_site
from usufruit.imports import actions, tasks
from usufruit.imports.models import Import
from usufruit.inventory.models import Asset, Category

pytestmark = pytest.mark.django_db
HOME = "/mes-biens/importer/"


@pytest.fixture
def browser(manager, monkeypatch):
    """Sign the manager in; jobs asked of the queue are done at once, by the same functions."""
    for name in ("check", "apply", "undo"):
        monkeypatch.setattr(getattr(tasks, name), "defer", getattr(actions, f"conduct_{name}"))
    client = Client()
    client.force_login(manager)
    return client


def send(browser, content: str | bytes, name: str = "biens.csv"):
    plain = content.encode() if isinstance(content, str) else content
    return browser.post(HOME, {"file": ContentFile(plain, name)})


def columns_of(batch: Import, **said) -> dict:
    targets = batch.mapping["targets"]
    return {
        "currency": "CAD",
        **{f"column_{place}": target for place, target in enumerate(targets)},
        **said,
    }


def test_a_file_goes_from_its_page_to_the_inventory_and_back(browser):
    answer = send(browser, FILE + "X-1;;gymnase;Ici;46,5;-72,5;=1+1\n")
    batch = Import.objects.get()
    assert answer.url == f"{HOME}{batch.pk}/colonnes/"
    page = read(browser.get(answer.url))
    assert "UTF-8" in page.text
    assert "reconnue" in page.text
    answer = browser.post(answer.url, columns_of(batch))
    assert answer.url == f"{HOME}{batch.pk}/"
    page = read(browser.get(answer.url))
    assert page.select_one("h1").text.startswith("2 biens à ajouter")
    assert not Asset.objects.exists()
    refused = b"".join(browser.get(f"{HOME}{batch.pk}/refus.csv").streaming_content).decode()
    assert "le bien n’a pas de nom" in refused
    assert ";'=1+1" in refused
    browser.post(f"{HOME}{batch.pk}/appliquer/")
    assert Asset.objects.count() == 2
    page = read(browser.get(f"{HOME}{batch.pk}/"))
    assert page.select_one("h1").text.startswith("2 biens ajoutés")
    confirm = browser.get(f"{HOME}{batch.pk}/annuler/")
    assert confirm.status_code == 200
    browser.post(f"{HOME}{batch.pk}/annuler/")
    assert not Asset.objects.exists()
    assert "2 biens ajoutés sont retirés" in read(browser.get(f"{HOME}{batch.pk}/")).text


def test_unknown_words_are_asked_once(browser):
    send(browser, "Numéro;Nom;Catégorie\n1;A;zeppelin\n2;B;zeppelin\n")
    batch = Import.objects.get()
    browser.post(f"{HOME}{batch.pk}/colonnes/", columns_of(batch))
    page = read(browser.get(f"{HOME}{batch.pk}/mots/"))
    assert len(page.select("select[name^=category_]")) == 1
    browser.post(f"{HOME}{batch.pk}/mots/", {"category_0": "parc"})
    batch.refresh_from_db()
    assert batch.counts == {"new": 2}


def test_a_doubt_is_settled_side_by_side(browser, body):
    site = make_site(body, name="École", latitude=46.51, longitude=-72.51)
    gym = make_asset(
        body, name="Gymnase de l’école", site=site, category=Category.objects.get(code="gymnase")
    )
    send(browser, FILE)
    batch = Import.objects.get()
    browser.post(f"{HOME}{batch.pk}/colonnes/", columns_of(batch))
    page = read(browser.get(f"{HOME}{batch.pk}/?issue=doubt"))
    form = page.select_one("form[action*=lignes]")
    assert gym.external_id in form.text
    browser.post(form["action"], {"asset": gym.pk})
    batch.refresh_from_db()
    assert batch.counts == {"new": 1, "changed": 1}
    assert browser.post(form["action"], {"asset": gym.pk}).status_code == 404


def test_an_unreadable_file_is_said_on_its_field_and_nothing_is_kept(browser):
    answer = send(browser, b"")
    assert "vide" in read(answer).text
    answer = send(browser, "<html><table>", "biens.xls")
    assert "page Web" in read(answer).text
    assert not Import.objects.exists()


def test_the_file_is_read_another_way(browser):
    send(browser, "Titre de la liste\nsous-titre\na;b\nNuméro;Nom\n1;Salle\n")
    batch = Import.objects.get()
    assert batch.shape["header_line"] == 4
    browser.post(f"{HOME}{batch.pk}/lire/", {"header_line": 3, "separator": ";"})
    batch.refresh_from_db()
    assert batch.shape["names"] == ["a", "b"]


def test_only_managers_see_an_import(browser, body, checked):
    batch = checked(FILE)
    for person in (make_person(body, Role.ANALYST), make_person(make_body(), Role.ASSET_MANAGER)):
        other = Client()
        other.force_login(person)
        for path in ("", "colonnes/", "mots/", "annuler/", "refus.csv"):
            assert other.get(f"{HOME}{batch.pk}/{path}").status_code == 404
        assert other.post(f"{HOME}{batch.pk}/appliquer/").status_code == 404
    assert Client().get(f"{HOME}{batch.pk}/").status_code == 302


def test_money_is_shown_on_the_sheet_to_managers_alone(browser, checked):
    apply(checked(REGISTER))
    asset = Asset.objects.get()
    assert "1 234 567,89" in read(browser.get(f"/mes-biens/{asset.pk}/")).text.replace(
        "\u00a0", " "
    )
    assert "1 234" not in browser.get(f"/biens/{asset.pk}/").content.decode().replace("\u00a0", " ")


def test_the_page_of_lines_asks_the_same_whatever_their_number(browser, checked):
    few = checked(FILE)
    many = checked(FILE + "".join(f"N-{n};Salle {n};gymnase;Ici;;;\n" for n in range(60)))
    with recorded() as one:
        browser.get(f"{HOME}{few.pk}/")
    with recorded() as other:
        page = read(browser.get(f"{HOME}{many.pk}/"))
    assert one.shapes() == other.shapes()
    following = page.select_one("a[href*=apres]")["href"]
    assert len(read(browser.get(f"{HOME}{many.pk}/{following}")).select("tbody tr")) == 12


def test_an_undone_import_says_so(browser, checked):
    batch = undo(apply(checked(FILE)))
    page = read(browser.get(f"{HOME}{batch.pk}/"))
    assert "Annulé" in page.text
