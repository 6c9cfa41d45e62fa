# SPDX-License-Identifier: EUPL-1.2
"""What bodies lack and did not find: told once, seen by the neighbours who may have it.

Noun: need. Verbs: report, meet, withdraw, reopen. Stands on search, inventory, organizations and
kernel; knows nothing of audits, which tell the other half: what is idle.
"""
