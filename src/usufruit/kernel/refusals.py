# SPDX-License-Identifier: EUPL-1.2
"""A refusal of the trade: an answer, not an accident."""

from dataclasses import dataclass, field

from usufruit.kernel.spans import Span


@dataclass(frozen=True)
class Alternative:
    """The nearest thing that would have been a yes.

    Attributes:
        label: French words a person can act on.
        span: the time it proposes, for the page to link to; None when it is not a time.
    """

    label: str
    span: Span | None = None


@dataclass(eq=False)
class Refusal(Exception):  # noqa: N818 - a refusal is not an error
    """Say no, with a stable code, a French sentence, the rule that decided and the nearest yes.

    Attributes:
        code: stable identifier, ``snake_case``; machines rely on it.
        message: French sentence for the person.
        rule: French name of the rule that said no; empty when the code says it all.
        nearest: alternatives, best first.
    """

    code: str
    message: str
    rule: str = ""
    nearest: tuple[Alternative, ...] = field(default=())

    def __str__(self) -> str:
        return f"{self.code}: {self.message}"
