# SPDX-License-Identifier: EUPL-1.2
"""What the evidence says of use: hours ledger, indicators, verdicts, idle windows to open.

Nouns: evidence, audit, finding, idle window. Verbs: receive, run, publish.
The engine needs no server: the command line calls it directly. Stands on all rooms below.
"""
