# SPDX-License-Identifier: EUPL-1.2
"""Pictures and papers that pages show, and where owners tend them, for a site or for an asset."""

from django.urls import path, register_converter

from usufruit.premises import views


class PlaceConverter:
    """Whether an address speaks of a site or of an asset."""

    regex = "lieu|bien"

    def to_python(self, value: str) -> str:
        """Return the word itself."""
        return value

    def to_url(self, value: str) -> str:
        """Return the word itself."""
        return value


register_converter(PlaceConverter, "place")

urlpatterns = [
    path("mes-biens/photos/<int:pk>/monter/", views.move_photo_up, name="move_photo_up"),
    path("mes-biens/photos/<int:pk>/retirer/", views.remove_photo, name="remove_photo"),
    path("mes-biens/photos/<int:pk>/remettre/", views.restore_photo, name="restore_photo"),
    path("mes-biens/<place:of>/<int:pk>/photos/", views.photos, name="photos"),
    path("mes-biens/<place:of>/<int:pk>/photos/dire/", views.describe, name="describe_photos"),
    path("mes-biens/<place:of>/<int:pk>/acces/", views.access, name="access"),
    path("mes-biens/<place:of>/<int:pk>/code/", views.secret, name="secret"),
    path("mes-biens/<place:of>/<int:pk>/code/lire/", views.read_code, name="read_code"),
    path("mes-biens/<int:pk>/documents/", views.papers, name="papers"),
    path("mes-biens/documents/<int:pk>/retirer/", views.remove_paper, name="remove_paper"),
    path("mes-biens/documents/<int:pk>/remettre/", views.restore_paper, name="restore_paper"),
]
