# SPDX-License-Identifier: EUPL-1.2
"""What the web server calls: pages and API, one request on one thread."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "usufruit.config.settings")

application = get_wsgi_application()
