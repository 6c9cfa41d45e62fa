# SPDX-License-Identifier: EUPL-1.2
"""What can be asked of imports: whose they are, their lines, what their words mean."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from django.contrib.auth.models import AnonymousUser
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import Http404

from usufruit.imports.models import ColumnMemory, Import, ImportLine
from usufruit.imports.rules import FRANCE, QUEBEC, Box, key_of
from usufruit.imports.understanding import Body, Surroundings
from usufruit.inventory.models import Asset, AssetFinance, AttributeDefinition, Category, Part
from usufruit.kernel import named_sql
from usufruit.kernel.text import sort_key
from usufruit.organizations.models import Membership, Organization, Person, Role, Territory
from usufruit.organizations.queries import MANAGING_ROLES

SQL = named_sql.load(Path(__file__).parent / "sql" / "queries.sql")

LINES_PER_PAGE = 50


def imports_for(person: Person | AnonymousUser) -> QuerySet[Import]:
    """Return the imports of the bodies whose assets a person manages, the latest first."""
    if not isinstance(person, Person):
        return Import.objects.none()
    managed = Membership.objects.held_by(person).filter(role__in=MANAGING_ROLES)
    return (
        Import.objects.filter(organization__in=managed.values("organization"))
        .select_related("organization", "created_by")
        .order_by("-created_at", "-id")
    )


def import_for(person: Person | AnonymousUser, pk: int) -> Import:
    """Return an import of a body whose assets the person manages.

    One that may feed many bodies is for those who may do so themselves: it acts with their powers.

    Raises:
        Http404: when it does not exist or is not theirs; which of the two stays unsaid.
    """
    found = imports_for(person).filter(pk=pk).first()
    if found is None or not isinstance(person, Person):
        raise Http404
    is_wider = found.created_by is not None and feeds_many(found.created_by, found.organization)
    if is_wider and not feeds_many(person, found.organization):
        raise Http404
    return found


def queued_imports() -> QuerySet[Import]:
    """Return the imports whose job nobody has begun, the oldest first."""
    return Import.objects.filter(status=Import.Status.QUEUED).order_by("pk")


def lines_after(batch: Import, outcome: str, after: int) -> tuple[list[ImportLine], int]:
    """Return a page of lines of an outcome (all when empty), and the key of the next; 0 at the end.

    Pages follow a key, not a count: the last page of a million costs what the first does.
    """
    lines = ImportLine.objects.filter(batch=batch, pk__gt=after)
    if outcome:
        lines = lines.filter(outcome=outcome)
    found = list(lines.select_related("category", "owner").order_by("pk")[: LINES_PER_PAGE + 1])
    more = len(found) > LINES_PER_PAGE
    return found[:LINES_PER_PAGE], found[LINES_PER_PAGE - 1].pk if more else 0


def line_of(batch: Import, pk: int) -> ImportLine:
    """Return a line in doubt of an import.

    Raises:
        Http404: when the import has no such line.
    """
    line = ImportLine.objects.filter(batch=batch, pk=pk, outcome="doubt").first()
    if line is None:
        raise Http404
    return line


def candidates_of(lines: Iterable[ImportLine]) -> dict[int, Asset]:
    """Return by number the assets that lines may be."""
    numbers = {number for line in lines for number in line.candidates or ()}
    found = Asset.objects.filter(pk__in=numbers).select_related("site", "owner", "category")
    return {asset.pk: asset for asset in found.order_by("pk")}


def remembered(organization: Organization, signature: str) -> dict | None:
    """Return what a body last said of the columns of a shape of file; None when never."""
    memory = ColumnMemory.objects.filter(organization=organization, signature=signature).first()
    return memory.mapping if memory else None


def attribute_codes() -> dict[str, str]:
    """Return the codes of all characteristics by the key of their name."""
    rows = AttributeDefinition.objects.order_by("pk").values_list("name", "code")
    return {key_of(name): code for name, code in rows}


def feeds_many(person: Person | None, organization: Organization) -> bool:
    """Tell whether a person may feed other bodies from the same file.

    Nobody in particular is the operator, at the command line.
    """
    return (
        person is None
        or person.is_platform_admin
        or Membership.objects.filter(
            person=person, organization=organization, role=Role.COORDINATOR
        ).exists()
    )


def bodies_fed(person: Person | None, organization: Organization) -> QuerySet[Organization]:
    """Return the bodies a file of this import may feed."""
    if person is None or person.is_platform_admin:
        return Organization.objects.order_by("pk")
    fed = Q(pk=organization.pk) | Q(
        memberships__person=person, memberships__role__in=MANAGING_ROLES
    )
    if feeds_many(person, organization) and organization.territory_id:
        fed |= Q(territory__in=_within(organization.territory_id))
    return Organization.objects.filter(fed).distinct().order_by("pk")


def _within(territory_id: int) -> set[int]:
    """Return a territory and all it contains; the tree of a province is a few thousand nodes."""
    parents = list(Territory.objects.order_by("pk").values_list("pk", "parent_id"))
    inside = {territory_id}
    while more := {pk for pk, parent in parents if parent in inside and pk not in inside}:
        inside |= more
    return inside


def surroundings(batch: Import) -> Surroundings:
    """Return what the words of a file are understood by."""
    bodies: dict[str, Body] = {}
    rows = bodies_fed(batch.created_by, batch.organization).select_related("territory")
    for organization in rows:
        body = _body(organization)
        bodies[sort_key(organization.name)] = bodies[organization.slug] = body
    return Surroundings(
        categories=_category_words(),
        attributes=_attributes(),
        bodies=bodies,
        home=_body(batch.organization),
        feeds_many=feeds_many(batch.created_by, batch.organization),
    )


def _body(organization: Organization) -> Body:
    return Body(
        organization.pk,
        organization.name,
        _expected(organization),
        organization.latitude,
        organization.longitude,
    )


def _expected(organization: Organization) -> Box:
    """Return where the places of a body are expected: its country's part of the world."""
    return FRANCE if organization.time_zone.startswith("Europe/") else QUEBEC


def _category_words() -> dict[str, int]:
    """Return the leaves of the tree by their code, their name and each of their words.

    A word that two categories share names neither.
    """
    parents = set(Category.objects.values_list("parent_id", flat=True))
    words: dict[str, int] = {}
    shared: set[str] = set()
    leaves = [one for one in Category.objects.order_by("pk") if one.pk not in parents]
    for category in leaves:
        words[f"code:{category.code}"] = category.pk
        for word in {sort_key(word) for word in (category.code, *category.synonyms)}:
            if words.setdefault(word, category.pk) != category.pk:
                shared.add(word)
    kept = {word: pk for word, pk in words.items() if word not in shared}
    return kept | {sort_key(category.name): category.pk for category in leaves}


def _attributes() -> dict[int, dict[str, str]]:
    found: dict[int, dict[str, str]] = {}
    for definition in AttributeDefinition.objects.order_by("pk"):
        found.setdefault(definition.category_id, {})[definition.code] = definition.value_type
    return found


def unused(assets: QuerySet[Asset]) -> QuerySet[Asset]:
    """Keep the assets that nothing refers to: no hold, no opening hours, no rule, no audit.

    The rooms above are asked through their keys; none of them is known here.
    """
    for relation in Asset._meta.related_objects:  # noqa: SLF001 - Django's public convention
        model = relation.related_model
        is_own = model in {Part, AssetFinance} or model._meta.app_label == "imports"  # noqa: SLF001
        if is_own or relation.field.name == "pgh_obj":
            continue
        referring = model._default_manager.filter(**{relation.field.name: OuterRef("pk")})  # noqa: SLF001
        assets = assets.filter(~Exists(referring))
    return assets
