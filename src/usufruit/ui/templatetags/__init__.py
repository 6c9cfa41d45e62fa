# SPDX-License-Identifier: EUPL-1.2
"""Tags and filters of the design system."""
