# SPDX-License-Identifier: EUPL-1.2
"""What an operator runs."""
