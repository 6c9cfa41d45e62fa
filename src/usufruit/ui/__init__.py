# SPDX-License-Identifier: EUPL-1.2
"""The design system: tokens, components, charts, map, gallery, shell and error pages.

It knows no domain: pages hand it plain values. Stands on kernel.
"""
