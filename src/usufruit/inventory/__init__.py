# SPDX-License-Identifier: EUPL-1.2
"""What is shared: assets of every kind, their categories, parts, attributes and sites.

Nouns: category, site, asset, part, attribute. Verbs: add, correct, publish, withdraw.
Stands on organizations, ui and kernel.
"""
