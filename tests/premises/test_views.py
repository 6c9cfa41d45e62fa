# SPDX-License-Identifier: EUPL-1.2
"""Tending photos, access, codes and manuals, as an owner does it, without a script."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from tests.support.owner import assert_only_managers, make_owned
from tests.support.pages import read, words
from tests.support.world import NOW, Role, make_body, make_person, share
from usufruit.inventory.models import Asset
from usufruit.kernel.models import JournalLine
from usufruit.premises import actions, seals, store
from usufruit.premises.models import Fact, Paper, Photo, Secret
from usufruit.premises.pictures import read_picture
from usufruit.premises.queries import facts_of
from usufruit.sharing.models import Visibility
from usufruit.sharing.rules import Information, Reach

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def owned(client):
    return make_owned(client)


def jpeg(colour=(10, 90, 200), name="photo.jpg", size=(640, 480)):
    out = BytesIO()
    Image.new("RGB", size, colour).save(out, "JPEG")
    return SimpleUploadedFile(name, out.getvalue(), content_type="image/jpeg")


def make_photo(place, by, colour=(1, 2, 3)):
    picture = read_picture(jpeg(colour).read(), "p.jpg")
    return actions.add_photos(place=place, pictures=[picture], by=by, now=NOW)[0]


def test_only_managers_tend_a_place(owned):
    assert_only_managers(owned, f"/mes-biens/bien/{owned.asset.pk}/photos/")
    assert_only_managers(owned, f"/mes-biens/lieu/{owned.site.pk}/acces/")
    assert_only_managers(owned, f"/mes-biens/lieu/{owned.site.pk}/code/")
    assert_only_managers(owned, f"/mes-biens/lieu/{owned.site.pk}/code/lire/", method="post")
    assert_only_managers(owned, f"/mes-biens/{owned.asset.pk}/documents/")


def test_several_photos_are_added_and_what_is_no_photo_is_said(owned):
    address = f"/mes-biens/bien/{owned.asset.pk}/photos/"
    sent = [jpeg(), jpeg((200, 9, 9)), SimpleUploadedFile("plan.svg", b"<svg/>")]
    page = read(owned.client.post(address, {"photos": sent}, follow=True))
    assert "2 photos ajoutées" in words(page)
    assert "«\u00a0plan.svg\u00a0» n’est pas une photo" in words(page)
    assert Photo.objects.count() == 2
    images = page.select("img.thumbnail")
    assert [(one["width"], one["height"], one["loading"]) for one in images] == [
        ("480", "360", "lazy")
    ] * 2


def test_only_bad_files_leave_the_page_with_each_fault(owned, settings):
    settings.PHOTO_MAX_BYTES = 1000
    address = f"/mes-biens/bien/{owned.asset.pk}/photos/"
    sent = [SimpleUploadedFile("vide.jpg", b"x"), jpeg(size=(900, 900), name="lourde.jpg")]
    page = read(owned.client.post(address, {"photos": sent}))
    assert "vide.jpg" in words(page)
    assert "lourde.jpg\u00a0» dépasse" in words(page)
    read(owned.client.post(address, {}))
    many = [jpeg() for _ in range(11)]
    assert "au plus 10 photos" in words(read(owned.client.post(address, {"photos": many})))
    assert not Photo.objects.exists()


def test_a_sheet_shows_twenty_photos_at_most(owned):
    picture = read_picture(jpeg().read(), "p.jpg")
    actions.add_photos(place=owned.asset, pictures=[picture] * 20, by=owned.manager, now=NOW)
    page = owned.client.post(f"/mes-biens/bien/{owned.asset.pk}/photos/", {"photos": [jpeg()]})
    assert "au plus 20\u00a0photos" in words(read(page))


def test_a_photo_is_described_moved_removed_and_put_back(owned):
    first, second = make_photo(owned.asset, owned.manager), make_photo(owned.asset, owned.manager)
    address = f"/mes-biens/bien/{owned.asset.pk}/photos/"
    owned.client.post(f"{address}dire/", {f"alt_{first.pk}": "La scène", f"alt_{second.pk}": ""})
    owned.client.post(f"/mes-biens/photos/{second.pk}/monter/")
    shown = read(owned.client.get(f"/biens/{owned.asset.pk}/")).select(".gallery img")
    assert [one["alt"] for one in shown] == ["Photo 1 de Gymnase des Saules", "La scène"]
    page = read(owned.client.post(f"/mes-biens/photos/{first.pk}/retirer/", follow=True))
    assert "Photo retirée" in words(page)
    assert len(read(owned.client.get(f"/biens/{owned.asset.pk}/")).select(".gallery img")) == 1
    assert Client().get(f"/photos/{first.pk}/grande.jpg").status_code == 404
    assert owned.client.get(f"/photos/{first.pk}/grande.jpg").status_code == 200
    owned.client.post(f"/mes-biens/photos/{first.pk}/remettre/")
    assert Client().get(f"/photos/{first.pk}/grande.jpg").status_code == 200


def test_what_was_put_aside_long_ago_is_gone_with_its_files(
    owned, django_capture_on_commit_callbacks
):
    old = make_photo(owned.asset, owned.manager, (9, 9, 9))
    twin = make_photo(owned.site, owned.manager, (9, 9, 9))
    alone = make_photo(owned.asset, owned.manager, (8, 8, 8))
    for photo in (old, alone):
        actions.put_aside(one=photo, by=owned.manager, now=NOW - timedelta(days=31))
    with django_capture_on_commit_callbacks(execute=True):
        make_photo(owned.asset, owned.manager, (7, 7, 7))
    assert not Photo.objects.filter(pk__in=[old.pk, alone.pk]).exists()
    assert store.read(twin.digest)
    with pytest.raises(FileNotFoundError):
        store.read(alone.digest)


def test_a_photo_of_a_draft_is_for_its_body_alone(owned):
    photo = make_photo(owned.asset, owned.manager)
    address = f"/photos/{photo.pk}/vignette.jpg"
    for state in (Asset.State.PUBLISHED, Asset.State.WITHDRAWN):  # its page stands still
        Asset.objects.filter(pk=owned.asset.pk).update(state=state)
        assert Client().get(address).status_code == 200
    Asset.objects.filter(pk=owned.asset.pk).update(state=Asset.State.DRAFT)
    assert Client().get(address).status_code == 404
    assert owned.client.get(address).status_code == 200
    stranger = Client()
    stranger.force_login(make_person(make_body(), Role.BODY_ADMIN))
    assert stranger.get(address).status_code == 404


def test_a_photo_kept_from_a_public_is_neither_shown_nor_given(owned):
    photo = make_photo(owned.asset, owned.manager)
    share(owned.asset)
    told = {"organization": owned.body, "information": Information.PHOTO}
    Visibility.objects.create(reach=Reach.PUBLIC_BODIES, **told)
    neighbour = Client()
    neighbour.force_login(make_person(make_body(), Role.REQUESTER))
    for client, status in ((Client(), 404), (neighbour, 200), (owned.client, 200)):
        assert client.get(f"/photos/{photo.pk}/grande.jpg").status_code == status
        page = client.get(f"/biens/{owned.asset.pk}/").content.decode()
        assert (f"/photos/{photo.pk}/" in page) is (status == 200)
        found = client.get(f"/biens/?quoi={owned.asset.category.name}").content.decode()
        assert (f"/photos/{photo.pk}/" in found) is (status == 200)


def test_a_photo_comes_with_the_headers_of_a_picture_and_nothing_else(owned):
    photo = make_photo(owned.asset, owned.manager)
    answer = Client().get(f"/photos/{photo.pk}/grande.jpg")
    assert answer["Content-Type"] == "image/jpeg"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer["Cache-Control"] == "private, max-age=3600"
    again = Client().get(
        f"/photos/{photo.pk}/grande.jpg", headers={"If-None-Match": answer["ETag"]}
    )
    assert (again.status_code, again.content) == (304, b"")
    assert Client().get(f"/photos/{photo.pk}/originale.jpg").status_code == 404
    store.forget(photo.digest)
    assert Client().get(f"/photos/{photo.pk}/grande.jpg").status_code == 404


def test_facts_are_stated_and_an_asset_differs_from_its_site(owned):
    site = f"/mes-biens/lieu/{owned.site.pk}/acces/"
    asset = f"/mes-biens/bien/{owned.asset.pk}/acces/"
    owned.client.post(site, {"lift": "True", "door_cm": "91", "quiet_from": "22:00", "toilet": ""})
    owned.client.post(asset, {"lift": "False"})
    assert facts_of(owned.asset) == {"lift": False, "door_cm": 91, "quiet_from": "22:00"}
    assert "Comme le lieu\u00a0: 91\u00a0cm" in words(read(owned.client.get(asset)))
    page = words(read(owned.client.get(f"/biens/{owned.asset.pk}/")))
    assert "Pas d’ascenseur" in page
    assert "22\u00a0h" in page
    assert "toilettes accessibles" in page.partition("Inconnu\u00a0:")[2]
    owned.client.post(asset, {})
    assert facts_of(owned.asset)["lift"] is True
    assert JournalLine.objects.filter(verb="state_facts").count() == 3


@pytest.mark.parametrize(
    "typed",
    [
        {"door_cm": "abc"},
        {"door_cm": "-1"},
        {"opener": "dragon"},
        {"quiet_from": "25:00"},
        {"caretaker": "x" * 201},
        {"lift": "peut-être"},
        {"door_cm": "9" * 30},
    ],
)
def test_a_bad_fact_is_said_and_nothing_is_written(owned, typed):
    address = f"/mes-biens/lieu/{owned.site.pk}/acces/"
    page = read(owned.client.post(address, {"parking": "Cour arrière", **typed}))
    assert page.select(".field--wrong")
    assert not Fact.objects.exists()


def test_a_code_is_sealed_never_shown_back_and_each_reading_is_journalled(owned):
    address = f"/mes-biens/lieu/{owned.site.pk}/code/"
    page = owned.client.post(address, {"code": "4512#", "hours_before": "6"}, follow=True)
    assert "4512#" not in page.content.decode()
    kept = Secret.objects.get()
    assert "4512" not in kept.sealed
    assert seals.unseal(kept.sealed) == "4512#"
    shown = owned.client.post(f"{address}lire/")
    assert "4512#" in words(read(shown)) or "4512#" in shown.content.decode()
    assert "no-store" in shown["Cache-Control"]
    told = JournalLine.objects.get(verb="read_secret")
    assert (told.person_id, told.detail) == (owned.manager.pk, {"why": "gestion"})
    assert "4512" not in str(list(JournalLine.objects.values()))
    owned.client.post(address, {"code": "", "hours_before": "12"})
    kept.refresh_from_db()
    assert (seals.unseal(kept.sealed), kept.hours_before) == ("4512#", 12)
    both = read(owned.client.post(address, {"code": "1", "forget": "on", "hours_before": "1"}))
    assert both.select(".field--wrong")
    owned.client.post(address, {"code": "", "forget": "on", "hours_before": "1"})
    assert not Secret.objects.exists()
    assert owned.client.post(f"{address}lire/").status_code == 404


def test_a_seal_of_another_key_is_said_to_be_unreadable(owned):
    actions.seal_secret(place=owned.site, text="1", hours_before=1, by=None, now=NOW)
    Secret.objects.update(sealed=Secret.objects.get().sealed[:-8] + "AAAAAAA=")
    answer = owned.client.post(f"/mes-biens/lieu/{owned.site.pk}/code/lire/")
    assert answer.status_code == 409
    assert "ne se lit plus" in words(read(answer, status=409))


def test_a_manual_is_attached_removed_and_put_back(owned):
    address = f"/mes-biens/{owned.asset.pk}/documents/"
    file = SimpleUploadedFile("a.html", b"%PDF-1.7\n")
    typed = {"title": "Plan d’évacuation", "reader": "all"}
    page = read(owned.client.post(address, {**typed, "file": file}, follow=True))
    assert "Plan d’évacuation" in words(page)
    paper = Paper.objects.get()
    owned.client.post(f"/mes-biens/documents/{paper.pk}/retirer/")
    assert owned.client.get(f"/documents/{paper.pk}/").status_code == 404
    owned.client.post(f"/mes-biens/documents/{paper.pk}/remettre/")
    assert owned.client.get(f"/documents/{paper.pk}/").status_code == 200
    page = read(
        owned.client.post(address, {**typed, "file": SimpleUploadedFile("b.pdf", b"<html>")})
    )
    assert "ni un PDF" in words(page)


def test_a_sheet_has_twenty_papers_at_most(owned):
    for _ in range(20):
        actions.add_paper(
            asset=owned.asset,
            title="Plan",
            content=b"%PDF-",
            media_type="application/pdf",
            reader="all",
            by=None,
            now=NOW,
        )
    file = SimpleUploadedFile("a.pdf", b"%PDF-1.7\n")
    typed = {"title": "De trop", "reader": "all", "file": file}
    page = read(owned.client.post(f"/mes-biens/{owned.asset.pk}/documents/", typed))
    assert "au plus 20\u00a0documents" in words(page)
