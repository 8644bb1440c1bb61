"""Does what a pipeline needs fit in what policies allow, for every value that is open in it?

A predictor that proves: each call is allowed whatever a caller passes, a run makes and an object is
called; or here are values with which it is denied, decided once more by the evaluator; or neither
can be said. What AWS does not document and what only a deployment knows makes no call denied:
a call is, if it is denied in every world and for whatever the deployment decides.
"""

from __future__ import annotations

import time
from typing import Any, NamedTuple, Optional

from ormer.assess.completion import Completion, completed, completion
from ormer.assess.predict import (
    MOST_KEPT,
    Compiled,
    Prediction,
    Predictor,
    alike,
    not_shown,
    of_step,
)
from ormer.assess.resource_policies import EVERYONE, owner
from ormer.assess.told import Told
from ormer.model.access import Endpoint, ResourcePolicy
from ormer.model.authorization import AuthorizationRequest
from ormer.model.call import Call, Setting
from ormer.model.finding import Verdict
from ormer.model.policy import CURRENT_VERSION, Effect, Policy, Principals, Statement
from ormer.model.symbol import has_symbol, readable
from ormer.proofs.asked.spaces import Spaces
from ormer.proofs.need import Lacking, Met, lacking

SECONDS = 10.0
"""The time for one call."""
_NO_POLICY = Policy("no policy", CURRENT_VERSION, ())


class _Candidate(NamedTuple):
    """A request with which the call may not be allowed, in one setting of it."""

    setting: Setting
    found: Lacking


class ProvingPredictor(Predictor):
    """Predicts as ``Predictor`` does, and proves: ``Prediction.proved`` and ``breaking``."""

    def __init__(self, *given: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        self._proofs = _Proofs(*given, **more)
        self._kept: dict[str, Prediction] = {}

    def predict(self, call: Call) -> Prediction:
        """What is predicted of one call, and whether it is proved."""
        key = alike(call)
        if key not in self._kept:
            if len(self._kept) >= MOST_KEPT:
                self._kept.clear()
            self._kept[key] = self._asked(super().predict(call))
        found = self._kept[key]
        return found._replace(call=found.call._replace(**of_step(call)))

    def _asked(self, said: Prediction) -> Prediction:
        call = said.call
        if said.verdict is Verdict.FAIL or (call.unknown and call.resource == "*"):
            return said._replace(proved=False)
        asked = call._replace(unknown="", settings=tuple(map(_with_values, call.settings)))
        told, candidates = self._proofs.asked(asked)
        if told.verdict is Verdict.PASS and not call.unknown:
            return said._replace(verdict=Verdict.PASS, why="", change=(), proved=True)
        doubts: list[str] = []
        for one in candidates:
            values = completion(asked, one.setting, one.found.resource, one.found.context or {})
            known = values.without_deployments()
            if self._denied(asked, known, one.setting.chosen) is not None:
                return self._broken(asked, call, known, one.setting.chosen)
            if self._denied(asked, values, one.setting.chosen) is not None:
                words = self._broken(asked, call, values, one.setting.chosen).breaking
                doubts.append(f"it is denied with {words}, which only the deployment decides")
        why = said.why or told.why
        if said.verdict is Verdict.UNKNOWN:
            why = "; ".join([why, *doubts[:1]])
        return said._replace(proved=False, why=why)

    def _broken(self, asked: Call, call: Call, values: Completion, chosen: str) -> Prediction:
        """The denial, with no more values than it needs."""
        for less in values.fewer(asked):
            kept = values.without(less)
            if self._denied(asked, kept, chosen) is not None:
                values = kept
        if chosen and self._denied(asked, values, "") is not None:
            chosen = ""
        found = self._denied(asked, values, chosen)
        assert found is not None
        words = ", ".join(each for each in (values.words(), chosen) if each)
        resource = found.call.resource
        if resource != call.resource and resource not in values.values.values():
            words = f"{words} ({readable(resource)})" if words else readable(resource)
        return found._replace(call=call, proved=False, breaking=words)

    def _denied(self, call: Call, values: Completion, chosen: str) -> Optional[Prediction]:
        """The evaluator's prediction of the call with the values, if it is denied in each world.

        ``chosen`` are the settings that count, empty for all.
        """
        several = tuple(one for one in call.settings if chosen in ("", one.chosen))
        made = completed(call, several, values)
        found = self._with_policy_of(call, made).predict(made)
        return found if found.verdict is Verdict.FAIL else None

    def _with_policy_of(self, call: Call, made: Call) -> Predictor:
        """Who decides where values say which bucket or key it is: one that is not in the access
        file has no policy, or the one that every key begins with."""
        of = owner(made.resource)
        listed = any(one.resource == of for one in self.access.resource_policies)
        if listed or not has_symbol(owner(call.resource)) or has_symbol(of):
            return Predictor(self.access, self.environment, self.role, self.no_role)
        assumed = ResourcePolicy(of, _first_policy(call.action, self.environment.account))
        policies = (*self.access.resource_policies, assumed)
        access = self.access._replace(resource_policies=policies)
        return Predictor(access, self.environment, self.role, self.no_role)


class _Proofs(Predictor):
    """Decides each call by proof: PASS where it is proved, else UNKNOWN, with candidates."""

    def __init__(self, *given: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        self._spaces = Spaces(self.access, self.environment, {})
        self._listed = tuple(one.resource for one in self.access.resource_policies)
        self._candidates: list[_Candidate] = []
        self._deadline = 0.0

    def asked(self, call: Call) -> tuple[Prediction, tuple[_Candidate, ...]]:
        """Whether the call is proved, and requests with which it may be denied."""
        self._candidates = []
        self._deadline = time.monotonic() + SECONDS
        found = self._predict(call)
        return found, tuple(self._candidates)

    def unshown(
        self, call: Call, setting: Setting, role: str, endpoint: Optional[Endpoint]
    ) -> Told:
        """Nothing is proved of what may have a policy that nobody shows: candidates are those
        with the most that it can allow, or of a bucket or key that a value says, with the least."""
        policy = None if has_symbol(owner(call.resource)) else EVERYONE
        self.decided(call, setting, role, endpoint, policy)
        return Told(setting, Verdict.UNKNOWN, not_shown(call))

    def told(
        self, setting: Setting, compiled: Compiled, role: str, request: AuthorizationRequest
    ) -> Told:
        """Whether there are values with which one request is not allowed."""
        of = owner(request.resource)
        is_open = has_symbol(of) or (bool(set("*?") & set(of)) and of != "*")
        if is_open and compiled.resource not in (None, EVERYONE):
            why = f"which resource {readable(request.resource)} is is not known"
            return Told(setting, Verdict.UNKNOWN, why)
        met = Met(self.access, self.access.holders[role], compiled.resource, compiled.endpoint)
        apart = self._listed if has_symbol(of) else ()
        found = lacking(met, request, self._spaces, apart, frozenset(setting.free), self._deadline)
        if found.fits:
            return Told(setting, Verdict.PASS)
        if found.unknown:
            return Told(setting, Verdict.UNKNOWN, found.unknown)
        self._candidates.append(_Candidate(setting, found))
        return Told(setting, Verdict.UNKNOWN, "it is not proved for every value")


def _with_values(setting: Setting) -> Setting:
    """Keys that are there for sure, with what is known of their values."""
    uncertain = setting.uncertain - frozenset(setting.free)
    return setting._replace(context={**setting.context, **setting.free}, uncertain=uncertain)


def _first_policy(action: str, account: str) -> Policy:
    """No policy; of a key that of "Default key policy" in the AWS KMS Developer Guide."""
    if not action.startswith("kms:"):
        return _NO_POLICY
    own = Principals(aws=(account,))
    statement = Statement("Account", Effect.ALLOW, ("*",), False, ("*",), False, own, False, ())
    return Policy("the default key policy", CURRENT_VERSION, (statement,))
