# SPDX-License-Identifier: EUPL-1.2
"""Journeys of real people through the fictitious territory, in a real browser."""
