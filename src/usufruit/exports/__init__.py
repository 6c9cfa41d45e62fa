# SPDX-License-Identifier: EUPL-1.2
"""All that a body has here, in open formats, to take away: one archive, built behind the page.

Noun: export. Verbs: request, build, drop. Stands on every room that keeps something of a body.
"""
