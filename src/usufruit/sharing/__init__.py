# SPDX-License-Identifier: EUPL-1.2
"""On which terms idle time is open to others.

Noun: sharing rule. Verbs: open, close. Stands on timetable, inventory, organizations and kernel.
"""
