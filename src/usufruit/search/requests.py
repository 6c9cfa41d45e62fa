# SPDX-License-Identifier: EUPL-1.2
"""What a request carries here beyond Django's own: the body acted for, and who signed in."""

from __future__ import annotations

from django.http import HttpRequest

from usufruit.organizations.models import Organization, Person


class Request(HttpRequest):
    """A request of anyone, with the body they act for; the middleware sets it."""

    organization: Organization | None


class SignedRequest(Request):
    """A request of somebody signed in."""

    user: Person
