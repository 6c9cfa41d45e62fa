# SPDX-License-Identifier: EUPL-1.2
"""Who takes part: bodies, their territories, the persons who act for them and with which role.

Nouns: nature, territory, organization, person, membership, invitation, absence, departure. Verbs:
grant, invite, accept, replace, depart, confirm, erase.
Stands on ui and kernel.
"""
