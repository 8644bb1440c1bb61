"""Controls by every principal of an access file -> proofs, with all that reports say of them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from importlib import metadata
from pathlib import Path
from typing import Any, NamedTuple, Optional

from ormer import __version__
from ormer.controls.load import Catalogue, check_ids, load_catalogue
from ormer.facts.service import load_service
from ormer.model.authorization import Outcome
from ormer.model.control import Control
from ormer.model.environment import Environment
from ormer.model.errors import InputError
from ormer.model.world import assumed
from ormer.proofs.asked.properties import with_properties
from ormer.proofs.asked.targets import Targets
from ormer.proofs.closing.fix import Fix, Fixer
from ormer.proofs.installed import need_solver
from ormer.proofs.proof import ActionProof, Counterexample, Proof, Verdict
from ormer.proofs.prover import NOBODY, Prover
from ormer.proofs.replay import by_another
from ormer.proofs.telling.decide_line import decide_line, known_request
from ormer.proofs.telling.sentence import allowing, can_call
from ormer.proofs.telling.spelling import Spelling
from ormer.proofs.telling.told import By, Input, Proving, Shown, Told
from ormer.prove.forbidden import Forbidden
from ormer.read.text.suggestion import suggestion
from ormer.report.aws_cli.line import aws_cli
from ormer.run.access import LoadedAccess, loaded_access
from ormer.run.check import load_environment
from ormer.run.decide import Decider
from ormer.run.given import given_values
from ormer.run.statement_lines import StatementLines
from ormer.sources.files import read_bytes

_PASS, _PASSED_TO = "iam:PassRole", "iam:passedtoservice"
_SAGEMAKER = "sagemaker.amazonaws.com"
Progress = Callable[[int, int], None]
"""Told after each proof: how many are done, of how many."""


class Asked(NamedTuple):
    """What the command line asks for. ``ids`` and ``principals`` empty: all."""

    access: str
    environment: str
    ids: Sequence[str] = ()
    principals: Sequence[str] = ()
    controls: Optional[str] = None
    parameter_files: Sequence[str] = ()
    parameters: Sequence[str] = ()
    seconds: float = 60.0

    def files(self) -> list[str]:
        """Every file that the command line names, those of the folder of controls too."""
        controls = Path(self.controls).glob("*.y*ml") if self.controls else ()
        return [self.access, self.environment, *self.parameter_files, *map(str, controls)]


def prove(asked: Asked, progress: Progress = lambda done, of: None) -> Proving:
    """Every proof.

    Raises InputError for what cannot be read, for a control or principal that there is not, and
    where the solver is not installed.
    """
    need_solver()
    environment = load_environment(asked.environment)
    catalogue = load_catalogue(asked.controls)
    controls = asked_controls(catalogue, asked.ids, environment)
    loaded = load_asked(asked, environment)
    prover = Prover(loaded.access, environment, controls, asked.seconds)
    teller = _Teller(loaded, environment, controls, asked.seconds)
    told = tuple(_told(prover, teller, asked.principals or None, progress))
    return Proving(
        told,
        asked.access,
        tuple(_inputs(loaded, asked)),
        (environment.path, environment.sha256),
        _versions(),
        (catalogue.digest, len(controls), catalogue.overridden),
        assumed(environment),
        asked.seconds,
    )


def asked_controls(
    catalogue: Catalogue, ids: Sequence[str], environment: Environment
) -> tuple[Control, ...]:
    """The controls and access properties that are asked of, by id; all for no ``ids``.

    Raises InputError for an id that there is not.
    """
    every = {one.id: one for one in with_properties(catalogue.controls, environment)}
    check_ids(catalogue, environment.mapping("disabled_controls"), every)
    check_ids(catalogue, ids, every)
    return tuple(every[name] for name in sorted(every) if not ids or name in ids)


def load_asked(asked: Asked, environment: Environment) -> LoadedAccess:
    """The access file. Raises InputError where it has no principals, or not those asked for."""
    given = given_values(asked.parameter_files, asked.parameters)
    loaded = loaded_access(asked.access, given, environment)
    if not loaded.access.holders:
        raise InputError(f"{asked.access}: has no principals: there is nothing to prove")
    for arn in asked.principals:
        if arn not in loaded.access.holders:
            near = suggestion(arn, loaded.access.holders)
            raise InputError(f"{asked.access}: no principal {arn!r}{near}")
    return loaded


def _told(
    prover: Prover, teller: _Teller, principals: Optional[Iterable[str]], progress: Progress
) -> Iterator[Told]:
    every = [(one, list(prover.holders(one.control, principals))) for one in prover.targets]
    count, done = sum(len(holders) for _, holders in every), 0
    for one, holders in every:
        if not holders:
            yield teller.told(one, _of_nobody(one.control))
        for holder in holders:
            progress(done, count)
            yield teller.told(one, prover.proof(one, holder))
            done += 1


def _of_nobody(control: Control) -> Proof:
    return Proof(control.id, control.title, control.severity.value, "", (), NOBODY)


class _Teller:
    def __init__(
        self,
        loaded: LoadedAccess,
        environment: Environment,
        controls: Sequence[Control],
        seconds: float,
    ) -> None:
        self._access = loaded.access
        self._lines = StatementLines(loaded.file, loaded.declared, loaded.texts)
        self._spelling = Spelling(loaded.access, controls)
        self._decider = Decider()
        self._region = environment.region
        self._fixer = Fixer(loaded.access, environment, seconds)
        self._fixes: dict[tuple[str, str, Hashable], Fix] = {}

    def told(self, one: Targets, proof: Proof) -> Told:
        """A proof with its places, words and fix."""
        control = one.control
        lines = {each.action: self._line(proof, each) for each in proof.actions}
        actions = tuple(self._decided(each, lines[each.action]) for each in proof.actions)
        proof = proof._replace(actions=actions)
        fix = self._fix(control, proof)
        guardrail = control.raw.get("guardrail", {})
        return Told(
            proof,
            tuple(self._shown(one, each, lines[each.action]) for each in actions),
            fix,
            control.fix,
            guardrail.get("reason", "") if guardrail.get("form") == "none" else "",
        )

    def _fix(self, control: Control, proof: Proof) -> Optional[Fix]:
        """That of a principal that is alike, where as much is to be closed."""
        found = [each for each in proof.actions if each.counterexample is not None]
        if not found:
            return None
        open_ = tuple((each.action, each.worlds) for each in found)
        key = (control.id, proof.like or proof.principal, open_)
        if key not in self._fixes:
            self._fixes[key] = self._fixer.fix(control, proof)
        return self._fixes[key]

    def _line(self, proof: Proof, action: ActionProof) -> Optional[dict[str, Any]]:
        """The action's counterexample for ``ormer decide``."""
        if action.counterexample is None:
            return None
        identity = f"{proof.control} {proof.principal} {action.action}"
        return decide_line(self._access, action.counterexample, self._spelling, identity)

    def _decided(self, action: ActionProof, line: Optional[dict[str, Any]]) -> ActionProof:
        """The action, and no counterexample but one that ``ormer decide`` finds allowed, too."""
        if line is None:
            return action
        answer = self._decider.answer(json.dumps(line).encode(), "the counterexample")
        if answer.decision is not None and answer.decision.outcome is Outcome.ALLOWED:
            return action
        said = answer.error or (answer.decision.outcome.value if answer.decision else "")
        why = (
            f"{action.action}: as a line of ormer decide the counterexample is not Allowed: {said}"
        )
        return action._replace(verdict=Verdict.UNKNOWN, counterexample=None, why=why)

    def _shown(self, one: Targets, action: ActionProof, line: Optional[dict[str, Any]]) -> Shown:
        found = action.counterexample
        if found is None:
            return Shown(action, tuple(self._carriers(action)))
        target = next(each for each in one.actions if each.action == action.action)
        assert target.certain is not None  # there is no counterexample without it
        sentence = can_call(target.certain, found, self._spelling)
        by = tuple(
            By(
                each.layer.value,
                each.policy,
                each.statement,
                each.effect.value,
                None,
                self._lines.of(each.policy, each.statement),
            )
            for each in found.allowed_by
        )
        granting = allowing(found.allowed_by)
        if granting is not None:
            sentence += f", allowed by {self._statement(granting.policy, granting.statement)}"
        if found.foreign_policy is not None:
            sentence += ", and by the policy of the other account's resource, if its owner wants so"
        return Shown(action, by, line, sentence, self._call(found, target.certain))

    def _call(self, found: Counterexample, forbidden: Forbidden) -> str:
        """The call of the AWS CLI. One that passes a role says to which service: where that makes
        another request, which is no counterexample, there is none."""
        request = found.request
        if request.action == _PASS and _PASSED_TO not in request.context:
            passed = {_PASSED_TO: _SAGEMAKER}
            told = found._replace(
                request=request._replace(context={**request.context, **passed}),
                real={**found.real, **passed},
            )
            holder = self._access.holders[request.principal.name]
            if by_another(self._access, holder, forbidden, told, {}) is None:
                return ""
        return aws_cli(known_request(request), self._region)

    def _statement(self, policy: str, statement: str) -> str:
        at = self._lines.of(policy, statement)
        line = f" (line {at.line})" if at is not None else ""
        return f"statement {statement} of {policy}{line}"

    def _carriers(self, action: ActionProof) -> Iterator[By]:
        for one in action.carriers:
            at = self._lines.of(one.policy, one.statement) if one.statement else None
            effect = "Deny" if one.statement else ""
            yield By(one.layer, one.policy, one.statement, effect, one.needed, at)


def _inputs(loaded: LoadedAccess, asked: Asked) -> Iterator[Input]:
    for path, text in loaded.texts.items():
        kind = "access" if path == asked.access else "policies"
        yield Input(path, hashlib.sha256(text).hexdigest(), kind)
    for path in asked.parameter_files:
        yield Input(path, hashlib.sha256(read_bytes(path)).hexdigest(), "parameters")


def _versions() -> dict[str, str]:
    solver = metadata.version("python-sat")
    return {"version": __version__, **load_service().versions, "python-sat": solver}
