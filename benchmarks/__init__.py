# SPDX-License-Identifier: EUPL-1.2
"""Measures of the product: ``python -m benchmarks.NAME [sizes]`` prints one line of JSON.

Each makes a database of its own and removes it. ``docs/reference/mesures.md`` tells how to read
them. Importing this package is what gives Django that database: its models cannot be imported
before its settings are, and the order of imports in a module belongs to the formatter.
"""

from benchmarks._surroundings import surround

surround()
