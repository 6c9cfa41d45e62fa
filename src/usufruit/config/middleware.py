# SPDX-License-Identifier: EUPL-1.2
"""What every request passes through: its language, its body, and the answer to a refusal."""

from collections.abc import Callable
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from psycopg.errors import QueryCanceled

from usufruit.kernel.clock import now
from usufruit.kernel.refusals import Refusal
from usufruit.organizations.queries import acting

GetResponse = Callable[[HttpRequest], HttpResponse]


class LanguageMiddleware:
    """French first: another language only when the person chose it, whatever the browser says."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Serve the request in the language chosen."""
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        language = chosen if chosen in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
        with translation.override(language):
            request.LANGUAGE_CODE = language
            response = self.get_response(request)
            response.headers.setdefault("Content-Language", language)
        return response


class ActingForMiddleware:
    """Set ``request.organization``: the body the person acts for in this session, or None."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Serve the request knowing the body."""
        if request.user.is_authenticated:
            request.user.acts_at = now()
        request.acting = acting(  # type: ignore[attr-defined]
            request.user, request.session.get("organization_id")
        )
        request.organization = request.acting.organization  # type: ignore[attr-defined]
        return self.get_response(request)


class SecondFactorMiddleware:
    """Lead who owes a second factor to where it is added, and nowhere else meanwhile."""

    spared = ("/compte/", "/ui/")

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Serve the request, or send the reader to add the factor first."""
        owes = request.acting.owes_second_factor  # type: ignore[attr-defined]
        if not owes or request.path.startswith(self.spared):
            return self.get_response(request)
        target = request.get_full_path() if request.method == "GET" else "/"
        address = f"{reverse('second_factor_owed')}?{urlencode({'next': target})}"
        if request.headers.get("HX-Request"):
            return HttpResponse(status=204, headers={"HX-Redirect": address})
        return redirect(address)


class RefusalMiddleware:
    """Answer a refusal no form caught with 409 and a page that says why and what would be a yes."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Serve the request."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Turn a Refusal into its page; let everything else rise."""
        if not isinstance(exception, Refusal):
            return None
        return render(request, "ui/refusal.html", {"refusal": exception}, status=409)


class TooSlowMiddleware:
    """Say that a question was too wide, rather than that we broke, when PostgreSQL gave it up."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Serve the request."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Turn a statement ended by its time limit into its page; let everything else rise."""
        if not isinstance(exception.__cause__, QueryCanceled):
            return None
        page = render(request, "503.html", status=503)
        page["Retry-After"] = "60"
        return page


class BodyLimitMiddleware:
    """Turn away a body nobody could want before a byte of it is read.

    Fields are read when the token of a form is looked for, so a file of any size would be taken in
    from who has no account at all.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Serve the request, or answer 413."""
        most = settings.UPLOAD_MAX_BYTES
        if not request.user.is_authenticated:
            most = settings.DATA_UPLOAD_MAX_MEMORY_SIZE or most
        if _announced(request) <= most:
            return self.get_response(request)
        return render(request, "413.html", {"most_mb": most / 2**20}, status=413)


def _announced(request: HttpRequest) -> int:
    """Return the length a body announces; what is no number counts for none, as Django reads it."""
    try:
        return int(request.META.get("CONTENT_LENGTH", ""))
    except ValueError:
        return 0


class WrongMethodMiddleware:
    """Give a page, not a blank, to a reader who opens the address of a form.

    A session that ends before a button is pressed sends the reader there after signing in.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Serve the request; keep the status and the methods allowed."""
        response = self.get_response(request)
        if response.status_code != 405 or request.method != "GET" or response.content:
            return response
        page = render(request, "405.html", status=405)
        page["Allow"] = response["Allow"]
        return page
