# SPDX-License-Identifier: EUPL-1.2
"""From files as people have them to dated facts: ``bytes → lines → cells → facts``.

``tables`` opens any text table or workbook and gives numbered lines; ``cells`` reads one cell;
``headers`` recognises columns by their names; ``registry`` keeps the readers, one function each,
and the sink they write to. To add a kind of evidence: one module here, one ``@reader``.
"""
