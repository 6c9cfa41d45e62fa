# SPDX-License-Identifier: EUPL-1.2
"""A believable, fictitious MRC, built only through the actions of the rooms below."""
