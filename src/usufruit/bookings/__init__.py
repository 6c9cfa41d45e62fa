# SPDX-License-Identifier: EUPL-1.2
"""From wish to hold: ask, approve, refuse with a reason, withdraw, cancel.

Nouns: booking, line, decision, deadline, message, proposal. A line is one date with all its assets:
the unit of success. What happens is told through notices; who just decided may undo it.
Stands on search, sharing, timetable, inventory, notices, organizations and kernel.
"""
