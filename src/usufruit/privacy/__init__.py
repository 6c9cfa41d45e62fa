# SPDX-License-Identifier: EUPL-1.2
"""Personal data: what is kept and why, who read it, a person's copy, erasure, incidents.

Nouns: Incident, RetentionRun. Verbs: record and correct an incident, erase an account, apply the
retention. It stands above the rooms whose tables name persons, and reads them by number.
"""
