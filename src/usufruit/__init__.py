# SPDX-License-Identifier: EUPL-1.2
"""Usufruit: know which public assets sit idle, open them, lend them, prove the effect."""
