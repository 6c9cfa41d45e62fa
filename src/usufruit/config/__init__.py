# SPDX-License-Identifier: EUPL-1.2
"""Settings, the site map, the embedded database, the servers, the one command."""
