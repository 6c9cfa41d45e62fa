# SPDX-License-Identifier: EUPL-1.2
"""What one must know on the spot: pictures, papers, how to enter, what the place allows.

Nouns: fact, secret, photo, paper. Verbs: state, seal, read, add, describe, put aside, bring back.
Stands on inventory, organizations, ui and kernel.
"""
