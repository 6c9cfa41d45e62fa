# SPDX-License-Identifier: EUPL-1.2
"""``python -m usufruit``: the command, where no script was installed."""

import sys

from usufruit.config.cli import main

sys.exit(main())
