# SPDX-License-Identifier: EUPL-1.2
"""What templates say of assets."""
