# SPDX-License-Identifier: EUPL-1.2
"""The drawing of a category, for templates."""

from django import template

from usufruit.inventory.models import Category
from usufruit.inventory.queries import illustration_of

register = template.Library()


@register.simple_tag
def illustration_path(category: Category) -> str:
    """Return the static path of the drawing of a category; its shape is named ``drawing``."""
    return illustration_of(category)
