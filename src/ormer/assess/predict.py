"""A call and an access file -> whether the call is allowed, denied, or cannot be told.

It has to be the same in every world that the call's settings name; else it is not known.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple, Optional

from ormer.assess.caller_keys import asked_keys, caller_context, choices, uncertain_keys
from ormer.assess.endpoints import Endpoints
from ormer.assess.resource_policies import EVERYONE, ResourcePolicies, owner
from ormer.evaluate.explain import changes, layers, statement_name
from ormer.evaluate.verdict import SymbolicDecision, SymbolicEvaluator
from ormer.model.access import Access, Endpoint
from ormer.model.authorization import AuthorizationRequest, Outcome
from ormer.model.call import Call, Setting
from ormer.model.environment import Environment
from ormer.model.finding import Verdict
from ormer.model.policy import Policy
from ormer.model.symbol import readable
from ormer.model.world import assumed
from ormer.requests.calls.upsert_calls import Upsert


class Prediction(NamedTuple):
    """What is predicted of a call: pass, fail, or unknown.

    ``why`` names the statement that denies, what allows it not, or what is not known; ``change``
    what would have to change.
    """

    call: Call
    verdict: Verdict
    why: str = ""
    change: tuple[str, ...] = ()


class _Told(NamedTuple):
    """What is decided of one setting."""

    setting: Setting
    verdict: Verdict
    why: str = ""
    change: tuple[str, ...] = ()


class Predictor:
    """Predicts calls against one access file, for one profile and one pipeline's role.

    ``role`` is the ARN of the pipeline's role; ``no_role`` says why it is empty. ``upsert``
    is who upserts the pipeline, None where that is not asked; ``path`` names the access file.
    """

    def __init__(
        self,
        access: Access,
        environment: Environment,
        role: str,
        no_role: str = "",
        upsert: Optional[Upsert] = None,
        path: str = "",
    ) -> None:
        self.access = access
        self.environment = environment
        self.role = role
        self.no_role = no_role
        self.upsert = upsert
        self.path = path
        self.assumed = tuple(sorted(assumed(environment).items()))
        self._evaluators: dict[object, tuple[SymbolicEvaluator, frozenset[str]]] = {}
        self._policies = ResourcePolicies(environment)
        self._endpoints = Endpoints(access, environment)

    def predict(self, call: Call) -> Prediction:
        """What is predicted of one call."""
        if call.unknown:
            return Prediction(call, Verdict.UNKNOWN, call.unknown)
        if not call.resource:  # the pipeline's role, passed to a job that names none
            if not self.role:
                return Prediction(call, Verdict.UNKNOWN, self.no_role)
            call = call._replace(resource=self.role)
        told = [self._in_setting(call, setting) for setting in call.settings]
        verdicts = {one.verdict for one in told}
        first = told[0]
        if verdicts == {Verdict.FAIL} and call.doubt:
            return Prediction(call, Verdict.UNKNOWN, f"{first.why}; {call.doubt}", first.change)
        if len(verdicts) == 1:
            return Prediction(call, first.verdict, first.why, first.change)
        return Prediction(call, Verdict.UNKNOWN, "; ".join(_by_world(told)), _changes(told))

    def _in_setting(self, call: Call, setting: Setting) -> _Told:
        """The best that one of the roles may do: it is enough that one is allowed."""
        told: list[_Told] = []
        for role in call.roles:
            one = self._by_role(call, setting, role or self.role)
            if one.verdict is Verdict.PASS:
                return one
            told.append(one)
        return next((one for one in told if one.verdict is Verdict.UNKNOWN), told[0])

    def _by_role(self, call: Call, setting: Setting, role: str) -> _Told:
        if not role:
            return _Told(setting, Verdict.UNKNOWN, self.no_role)
        if role not in self.access.holders:
            why = f"the access file has no role {readable(role)}"
            return _Told(setting, Verdict.UNKNOWN, why)
        told = [
            self._through(call, setting, role, endpoint)
            for endpoint in self._endpoints.of(call.action, setting.way)
        ]
        if len({one.verdict for one in told}) == 1:
            return told[0]
        return _Told(setting, Verdict.UNKNOWN, "it depends on which VPC endpoint the job has")

    def _through(
        self, call: Call, setting: Setting, role: str, endpoint: Optional[Endpoint]
    ) -> _Told:
        found = self.access.policies(role, owner(call.resource), endpoint).resource
        if found is not None or not self._policies.is_hidden(call):
            return self._decided(call, setting, role, endpoint, found)
        if self._policies.is_vouched_for(call):
            return self._decided(call, setting, role, endpoint, EVERYONE)
        least = self._decided(call, setting, role, endpoint, None)
        most = self._decided(call, setting, role, endpoint, EVERYONE)
        if least.verdict is most.verdict is Verdict.FAIL:
            return most
        why = f"the access file has no policy of {readable(owner(call.resource))}"
        return _Told(setting, Verdict.UNKNOWN, why)

    def _decided(
        self,
        call: Call,
        setting: Setting,
        role: str,
        endpoint: Optional[Endpoint],
        policy: Optional[Policy],
    ) -> _Told:
        evaluator, asked = self._evaluator(role, endpoint, policy)
        holder = self.access.holders[role]
        account = call.account or self.environment.account
        context = caller_context(holder, setting, endpoint, self.environment)
        context.setdefault("aws:resourceaccount", account)
        if self.access.organization:
            context["aws:principalorgid"] = self.access.organization
            if account == self.environment.account:
                context["aws:resourceorgid"] = self.access.organization
        if call.action.startswith("s3:"):
            context.setdefault("s3:resourceaccount", account)
        told: list[_Told] = []
        for chosen in choices(asked, call.action):
            full = {**chosen, **context}
            uncertain = uncertain_keys(asked, full, call.action, setting, endpoint)
            request = AuthorizationRequest(
                holder.principal, call.action, call.resource, account, full, uncertain
            )
            told.append(_told(setting, evaluator.decide(request), request))
        return _agreed(told)

    def _evaluator(
        self, role: str, endpoint: Optional[Endpoint], policy: Optional[Policy]
    ) -> tuple[SymbolicEvaluator, frozenset[str]]:
        key = (role, endpoint and (endpoint.id, endpoint.service), id(policy))
        made = self._evaluators.get(key)
        if made is None:
            policies = self.access.policies_with(role, policy, endpoint)
            made = self._evaluators[key] = SymbolicEvaluator(policies), asked_keys(policies)
        return made


def _agreed(told: list[_Told]) -> _Told:
    """What holds for each choice of a key's value."""
    if len({one.verdict for one in told}) == 1:
        return told[0]
    why = "; ".join(dict.fromkeys(one.why or "allowed" for one in told))
    return told[0]._replace(verdict=Verdict.UNKNOWN, why=f"depending on a key: {why}")


def _told(setting: Setting, decision: SymbolicDecision, request: AuthorizationRequest) -> _Told:
    if decision.outcome is Outcome.ALLOWED:
        return _Told(setting, Verdict.PASS)
    if decision.outcome is Outcome.UNKNOWN:
        return _Told(setting, Verdict.UNKNOWN, readable("; ".join(decision.why)))
    change = tuple(readable(text) for text in changes(decision.decision, request))
    if decision.outcome is Outcome.EXPLICITLY_DENIED:
        names = ", ".join(statement_name(reason) for reason in decision.reasons)
        return _Told(setting, Verdict.FAIL, f"denied by {names}", change)
    groups = " and of the ".join(layers(group) for group in decision.missing)
    return _Told(setting, Verdict.FAIL, f"no statement of the {groups} allows it", change)


def _by_world(told: list[_Told]) -> Iterator[str]:
    """What holds in which world, each answer once."""
    seen: set[tuple[Verdict, str]] = set()
    for one in told:
        said = (one.verdict, one.why)
        if said not in seen:
            seen.add(said)
            yield f"{one.why or 'allowed'} (if {one.setting.world})"


def _changes(told: list[_Told]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(change for one in told for change in one.change))
