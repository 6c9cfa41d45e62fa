# SPDX-License-Identifier: EUPL-1.2
"""The commands of the demonstration."""
