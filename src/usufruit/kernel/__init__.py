# SPDX-License-Identifier: EUPL-1.2
"""What every room stands on and no room owns.

Nouns: span, lanes, refusal, journal line. Verbs: convert a wall-clock time, refuse, record.
Stands on nothing of ours.
"""
