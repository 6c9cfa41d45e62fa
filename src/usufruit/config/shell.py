# SPDX-License-Identifier: EUPL-1.2
"""shell"""
def shell(request): return {"shell": {}}
