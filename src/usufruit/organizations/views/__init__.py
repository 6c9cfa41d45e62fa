# SPDX-License-Identifier: EUPL-1.2
"""What a person sees of their account, of the people of their body, and of the bodies."""
