# SPDX-License-Identifier: EUPL-1.2
"""The first body and its first administrator, entered through the verbs of ``organizations``."""

from datetime import datetime
from typing import Any

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.text import slugify

from usufruit.config.questions import AnswerError
from usufruit.demo.seed import is_seeded
from usufruit.organizations.actions import (
    appoint_platform_admin,
    grant_role,
    register_organization,
    register_person,
)
from usufruit.organizations.models import Organization, OrganizationNature, Person, Role


def standing() -> str:
    """Return who administers the platform, in words; "" when nobody does yet.

    Raises:
        AnswerError: when the base holds the demonstration, or bodies without an administrator.
    """
    if is_seeded():
        raise AnswerError(
            "Cette base contient la démonstration. Choisissez une autre base par DATABASE_URL, "
            "ou un autre dossier par USUFRUIT_VAR."
        )
    admin = Person.objects.filter(is_platform_admin=True).order_by("pk").first()
    if admin is None:
        return ""
    bodies = ", ".join(Organization.objects.of_person(admin).values_list("name", flat=True)[:3])
    return f"Déjà là\u00a0: {bodies or 'aucun organisme'}; administration\u00a0: {admin.email}"


def natures() -> list[tuple[str, str]]:
    """Return the natures of bodies, by code and French name."""
    return list(OrganizationNature.objects.order_by("rank").values_list("code", "name"))


def body(
    *, name: str, nature: str, time_zone: str, place: tuple[float, float] | None
) -> dict[str, Any]:
    """Return the columns of the body to enter."""
    latitude, longitude = place or (None, None)
    return {
        "name": name,
        "slug": slugify(name)[:80] or "organisme",
        "nature_id": nature,
        "time_zone": time_zone,
        "latitude": latitude,
        "longitude": longitude,
    }


def check_password(password: str, email: str) -> None:
    """Refuse a password that the site would refuse.

    Raises:
        AnswerError: with every reason.
    """
    try:
        validate_password(password, Person(email=email))
    except ValidationError as error:
        raise AnswerError(" ".join(error.messages)) from None


def found(
    *,
    body: dict[str, Any],
    email: str,
    full_name: str,
    password: str | None,
    now: datetime,
) -> Person:
    """Enter the body and the person who administers it and the platform."""
    organization = register_organization(by=None, now=now, **body)
    person = register_person(email=email, full_name=full_name, password=password, by=None, now=now)
    grant_role(person=person, organization=organization, role=Role.BODY_ADMIN, by=None, now=now)
    appoint_platform_admin(person=person, by=None, now=now)
    return person


def password_link(person: Person) -> str:
    """Return the address, good for one use, at which a person chooses their first password."""
    path = reverse(
        "account_reset_password_from_key",
        kwargs={
            "uidb36": user_pk_to_url_str(person),
            "key": default_token_generator.make_token(person),
        },
    )
    scheme = "https" if settings.IS_HTTPS else "http"
    return f"{scheme}://{settings.ALLOWED_HOSTS[0]}{path}"
