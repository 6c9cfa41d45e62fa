# SPDX-License-Identifier: EUPL-1.2
"""What a page receives once the middleware has said who asks, and for which body."""

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest

from usufruit.organizations.models import Organization, Person


class PageRequest(HttpRequest):
    """A request of anybody.

    Attributes:
        user: the person, or a visitor.
        organization: the body the person acts for in this session; None for a visitor.
    """

    user: Person | AnonymousUser
    organization: Organization | None


class MemberRequest(PageRequest):
    """A request of somebody signed in, behind ``login_required``."""

    user: Person
