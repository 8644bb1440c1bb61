"""What a guardrail says of one control and one action, and how near that comes to the control."""

from __future__ import annotations

from enum import Enum
from typing import NamedTuple, Optional

from ormer.guardrails.terms import Term


class Kind(str, Enum):
    """What a guardrail is made as, by the word of ``--as``."""

    IAM = "iam"
    BOUNDARY = "boundary"
    SCP = "scp"

    @property
    def attached_to(self) -> str:
        """The word of a control's ``guardrail.attach`` for it."""
        return "pipeline" if self is Kind.IAM else self.value


class Form(str, Enum):
    """How near a guardrail comes to what its control forbids."""

    EXACT = "exact"
    STRICTER = "stricter"
    WEAKER = "weaker"
    NONE = "none"


class Denial(NamedTuple):
    """One Deny: the resources it is about (None: all of them), and conditions that all hold."""

    resources: Optional[tuple[str, ...]]
    not_resource: bool
    conditions: Term


class Projection(NamedTuple):
    """One control on one action.

    ``action`` is a pattern where nothing is denied; ``gaps`` say what is forbidden and not
    denied, ``also`` what is denied and not forbidden.
    """

    control: str
    action: str
    denials: tuple[Denial, ...]
    gaps: tuple[str, ...] = ()
    also: tuple[str, ...] = ()

    @property
    def form(self) -> Form:
        """How near it comes. With gaps it is weaker, whatever it denies besides."""
        if not self.denials:
            return Form.NONE
        if self.gaps:
            return Form.WEAKER
        return Form.STRICTER if self.also else Form.EXACT
