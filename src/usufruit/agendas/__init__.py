# SPDX-License-Identifier: EUPL-1.2
"""The calendars an owner already keeps: what they take from its assets, and what they contradict.

Nouns: agenda, event, import, conflict. Verbs: import, follow, read, settle, forget.
What an agenda says becomes holds through timetable, as the union of its events (T17).
Stands on timetable, inventory, organizations and kernel.
"""
