# SPDX-License-Identifier: EUPL-1.2
"""The nearest assets this asker may book, open and free during a span.

Noun: result. Verb: search. Nothing here is stored, and nothing is cached: a read is never stale.
Stands on sharing, timetable, inventory and organizations.
"""
