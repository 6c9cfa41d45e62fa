# SPDX-License-Identifier: EUPL-1.2
"""What the web server calls: pages and API, one request on one thread."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "usufruit.config.settings")
# Nobody waits longer for a page; a question that would keep a thread from all others is ended.
# libpq reads this, and the operator's own words, which come last, win.
os.environ["PGOPTIONS"] = " ".join(
    (
        "-c statement_timeout=20s -c idle_in_transaction_session_timeout=60s",
        os.environ.get("PGOPTIONS", ""),
    )
)

application = get_wsgi_application()
