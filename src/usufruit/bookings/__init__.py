# SPDX-License-Identifier: EUPL-1.2
"""From wish to hold: ask, approve, refuse with a reason, withdraw, cancel.

Nouns: booking, line, decision. A line is one date with all its assets: the unit of success.
Stands on search, sharing, timetable, inventory, organizations and kernel.
"""
