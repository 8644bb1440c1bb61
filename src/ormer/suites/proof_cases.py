"""Proofs as test cases: no request that a principal may make breaks a control, or here is one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple, Optional

from ormer.controls.load import load_catalogue
from ormer.model.access import Access, Holder
from ormer.model.environment import Environment
from ormer.model.value import printable
from ormer.proofs.asked.properties import with_properties
from ormer.proofs.asked.targets import Targets
from ormer.proofs.installed import MISSING, is_installed
from ormer.proofs.proof import ActionProof, Proof, Verdict
from ormer.proofs.prover import Prover

Called = Mapping[tuple[str, str], str]
"""The ARN of a role and an action that the pipelines make it call -> which step does."""

NOTHING_PROVED = f"nothing was proved: {MISSING}"
_DETECTED = "no condition key shows it; the check of the definition finds it"
_VACUOUS = "nothing of its kind is allowed at all"
_NOT_CONFIGURED = "not configured"


class Proofs:
    """The proofs of one access file, each made when it is first asked for."""

    def __init__(self, access: Access, environment: Environment, controls: Optional[str]) -> None:
        asked = with_properties(load_catalogue(controls).controls, environment)
        self.prover = Prover(access, environment, asked)
        self._made: dict[tuple[str, str], Proof] = {}

    def of(self, one: Targets, holder: Holder) -> Proof:
        """The proof of a control and a principal."""
        key = (one.control.id, holder.principal.name)
        if key not in self._made:
            self._made[key] = self.prover.proof(one, holder)
        return self._made[key]


class ProofCase(NamedTuple):
    """A control and a principal; ``proofs`` is None where no solver is installed, and then
    there is this one case. ``called`` are the actions that a step makes the principal call."""

    profile: str
    proofs: Optional[Proofs] = None
    targets: Optional[Targets] = None
    holder: Optional[Holder] = None
    called: Mapping[str, str] = {}
    strict: bool = False

    @property
    def proof(self) -> Optional[Proof]:
        """The proof, or None where there is no solver."""
        if self.proofs is None or self.targets is None or self.holder is None:
            return None
        return self.proofs.of(self.targets, self.holder)

    @property
    def id(self) -> str:
        """``NET-01-sm-exec``, as pytest shows it."""
        parts = [self.profile, "no solver"]
        if self.targets is not None and self.holder is not None:
            name = self.holder.principal.name.rpartition("/")[2]
            parts = [self.profile, self.targets.control.id, name]
        return "-".join(printable(part) for part in parts if part)

    def wrong(self) -> str:
        """What is allowed and forbidden, not decided, or proved of nothing though a step does it;
        empty where nothing is."""
        proof = self.proof
        if proof is None:
            return NOTHING_PROVED if self.strict else ""
        lines = [line for one in proof.actions for line in self._wrong_with(one)]
        if self.strict and proof.why.startswith(_NOT_CONFIGURED):
            lines.append(proof.why)
        return "\n".join(printable(line) for line in lines)

    def _wrong_with(self, one: ActionProof) -> Iterator[str]:
        if one.verdict is Verdict.VIOLATED and one.counterexample is not None:
            request = one.counterexample.request
            yield f"violated: {one.action} on {request.resource} is allowed"
            given = ", ".join(
                f"{key}={value if isinstance(value, str) else ','.join(value)}"
                for key, value in sorted(request.context.items())
            )
            yield f"  with {given}"
            for reason in one.counterexample.allowed_by:
                named = f"{reason.layer.value} {reason.policy} statement {reason.statement}"
                yield f"  {reason.effect.value} of {named}"
        elif one.verdict in (Verdict.VIOLATED, Verdict.UNKNOWN):
            yield f"unknown: {one.why or one.action}"
        elif one.vacuous and one.action in self.called:
            step = self.called[one.action]
            yield f"vacuous: nothing of {one.action} is allowed, and {step} calls it"

    def silent(self) -> str:
        """Why nothing was proved, where nothing is wrong either."""
        proof = self.proof
        if proof is None:
            return NOTHING_PROVED
        if proof.why:
            return printable(proof.why)
        if proof.verdict is Verdict.DETECTED:
            return _DETECTED
        return _VACUOUS if proof.vacuous else ""

    def properties(self) -> Iterator[tuple[str, str]]:
        """What a report group shows beside the result."""
        proof = self.proof
        if proof is not None:
            yield "control", proof.control
            yield "title", proof.title
            yield "severity", proof.severity
            yield "principal", proof.principal
            yield "verdict", proof.verdict.value


def proof_cases(
    profile: str,
    environment: Environment,
    access: Access,
    controls: Optional[str],
    called: Called,
    strict: bool,
) -> Iterator[ProofCase]:
    """A case a control and principal; what a control keeps from pipelines alone is asked of the
    profile's roles only. Raises InputError for controls that cannot be read."""
    if not is_installed():
        yield ProofCase(profile, strict=strict)
        return
    proofs = Proofs(access, environment, controls)
    for one in proofs.prover.targets:
        for holder in proofs.prover.holders(one.control):
            name = holder.principal.name
            own = {action: step for (role, action), step in called.items() if role == name}
            yield ProofCase(profile, proofs, one, holder, own, strict)
