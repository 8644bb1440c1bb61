"""Everything that reports say of proofs, ready to be written down."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple, Optional

from ormer.proofs.closing.fix import Fix
from ormer.proofs.proof import ActionProof, Counterexample, Proof, Verdict


class At(NamedTuple):
    """Where a statement stands: a file and a line, counted from 1."""

    file: str
    line: int


class By(NamedTuple):
    """A statement that carries a proof or allows a request, or, where ``statement`` is empty,
    what a layer does not allow. ``needed`` is None where nothing was asked of that."""

    layer: str
    policy: str
    statement: str
    effect: str
    needed: Optional[bool] = None
    at: Optional[At] = None


class Shown(NamedTuple):
    """An action. ``line`` is a line of ``ormer decide``, ``sentence`` says the same for a person;
    ``aws_cli`` is empty where no single call is known. All three are of the counterexample."""

    proof: ActionProof
    by: tuple[By, ...] = ()
    line: Optional[Mapping[str, Any]] = None
    sentence: str = ""
    aws_cli: str = ""

    @property
    def counterexample(self) -> Optional[Counterexample]:
        """The request that shows it, if there is one."""
        return self.proof.counterexample


class Told(NamedTuple):
    """A proof. ``fix`` is there where it has a counterexample; ``advice`` is the control's, and
    ``belongs`` says where a Deny of it belongs, if the control does."""

    proof: Proof
    actions: tuple[Shown, ...]
    fix: Optional[Fix] = None
    advice: str = ""
    belongs: str = ""

    @property
    def worst(self) -> Optional[Shown]:
        """The action that decides the verdict."""
        worst = self.proof.worst
        return next((each for each in self.actions if each.proof is worst), None)

    @property
    def is_configured(self) -> bool:
        """Whether anything was asked at all."""
        return not self.proof.why


class Input(NamedTuple):
    """A file that was read."""

    path: str
    sha256: str
    kind: str


class Proving(NamedTuple):
    """All proofs. ``versions`` are those of what decides, ``assumed`` what the profile pins,
    ``seconds`` the time that each proof has."""

    told: tuple[Told, ...]
    access: str
    inputs: tuple[Input, ...]
    environment: tuple[str, str]
    versions: Mapping[str, str]
    controls: tuple[str, int, tuple[str, ...]]
    assumed: Mapping[str, str]
    seconds: float

    def count(self, verdict: Verdict) -> int:
        """How many proofs say that; one for which nothing was asked says nothing."""
        return sum(each.is_configured and each.proof.verdict is verdict for each in self.told)

    @property
    def vacuous(self) -> int:
        """How many hold only because nothing of their kind is allowed at all."""
        return sum(each.is_configured and each.proof.vacuous for each in self.told)

    @property
    def not_configured(self) -> int:
        """For how many nothing was asked."""
        return sum(not each.is_configured for each in self.told)

    @property
    def is_empty(self) -> bool:
        """Whether nothing was asked at all."""
        return self.not_configured == len(self.told)

    def passed(self, strict: bool = False) -> bool:
        """Whether something was asked, and nothing is violated or unknown; ``strict``: and all is
        proved of something."""
        if self.is_empty:
            return False
        wrong = self.count(Verdict.VIOLATED) + self.count(Verdict.UNKNOWN)
        short = self.count(Verdict.DETECTED) + self.vacuous + self.not_configured
        return not wrong and not (strict and short)
