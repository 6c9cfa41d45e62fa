# SPDX-License-Identifier: EUPL-1.2
"""What every room stands on and no room owns.

Nouns: span, lanes, refusal, journal line, table. Verbs: convert a wall-clock time, refuse,
record, read the lines of a file.
Stands on nothing of ours.
"""
