# SPDX-License-Identifier: EUPL-1.2
"""An owner, a colleague without the role and a neighbour, for the pages only the owner sees."""

from dataclasses import dataclass

from django.test import Client

from tests.support.world import Role, make_asset, make_body, make_person, make_site
from usufruit.inventory.models import Asset, Site
from usufruit.organizations.models import Organization, Person


@dataclass
class Owned:
    """A body, the person who manages its assets, one site and one asset."""

    body: Organization
    manager: Person
    site: Site
    asset: Asset
    client: Client


def make_owned(client: Client) -> Owned:
    """Sign a manager in and give their body a gymnasium open on working days."""
    body = make_body("Ville de Saint-Essai")
    manager = make_person(body, Role.ASSET_MANAGER, name="Contremaître, Travaux publics")
    site = make_site(body, name="Garage municipal", address="12, rue des Érables")
    asset = make_asset(body, site=site, name="Gymnase des Saules", opening="lu-ve 8:00-22:00")
    client.force_login(manager)
    return Owned(body, manager, site, asset, client)


def assert_only_managers(owned: Owned, address: str, *, method: str = "get") -> None:
    """A visitor signs in first; a member without the role and another body find nothing."""
    visitor = Client()
    answer = getattr(visitor, method)(address)
    assert answer.status_code == 302
    assert answer.url.startswith("/compte/connexion/?next=/mes-biens/")
    colleague = make_person(owned.body, Role.MEMBER, Role.APPROVER)
    stranger = make_person(make_body("Ville voisine"), Role.ASSET_MANAGER, Role.BODY_ADMIN)
    own_list = address.split("?", maxsplit=1)[0] in OWN_LISTS
    for person in (colleague, *([] if own_list else [stranger])):
        other = Client()
        other.force_login(person)
        assert getattr(other, method)(address).status_code == 404, person


OWN_LISTS = {
    "/mes-biens/",
    "/mes-biens/liste.csv",
    "/mes-biens/publication/",
    "/mes-biens/ajouter/",
    "/mes-biens/lieux/",
    "/mes-biens/lieux/ajouter/",
}
