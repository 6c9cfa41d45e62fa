# SPDX-License-Identifier: EUPL-1.2
"""The sheet of paper: what takes time away from an asset, and when an asset is open.

Nouns: hold, calendar, season, opening hours, exception. Verbs: take, release, move, open, close.
Nothing outside this room writes a Hold. Stands on inventory, organizations and kernel.
"""
