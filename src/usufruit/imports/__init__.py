# SPDX-License-Identifier: EUPL-1.2
"""Files of assets brought in: read, checked line by line, applied whole, undone whole.

Nouns: import, line, remembered columns, twin. Verbs: receive, check, settle, apply, undo.
Stands on inventory, organizations, ui and kernel.
"""
