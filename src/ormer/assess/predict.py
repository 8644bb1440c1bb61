"""A call and an access file -> whether the call is allowed, denied, or cannot be told.

It has to be the same in every world that the call's settings name; else it is not known.
"""

from __future__ import annotations

from typing import Any, NamedTuple, Optional

from ormer.assess.caller_keys import asked_keys, call_context, choices, uncertain_keys
from ormer.assess.endpoints import Endpoints
from ormer.assess.globs import matches
from ormer.assess.resource_policies import EVERYONE, ResourcePolicies, owner
from ormer.assess.sessions import callers
from ormer.assess.told import Told, agreed, by_world, changes_of, told
from ormer.evaluate.open.verdict import SymbolicEvaluator
from ormer.model.access import Access, Endpoint
from ormer.model.authorization import AuthorizationRequest
from ormer.model.call import Call, Kind, Setting
from ormer.model.environment import Environment
from ormer.model.finding import Verdict
from ormer.model.policy import Policy
from ormer.model.principal import Principal
from ormer.model.symbol import as_glob, has_symbol, readable
from ormer.model.world import assumed
from ormer.requests.calls.upsert_calls import Upsert

MOST_KEPT = 4096


class Prediction(NamedTuple):
    """What is predicted of a call: pass, fail, or unknown.

    ``why`` names the statement that denies, what allows it not, or what is not known; ``change``
    what would have to change. ``proved`` says that it is allowed whatever is open in it, None
    where that was not asked; ``breaking`` names values with which it is denied.
    """

    call: Call
    verdict: Verdict
    why: str = ""
    change: tuple[str, ...] = ()
    proved: Optional[bool] = None
    breaking: str = ""


class Compiled(NamedTuple):
    """Policies that a role's calls meet, the keys that they ask for, and what they may call it.

    ``resource`` is the policy of what is called.
    """

    evaluator: SymbolicEvaluator
    resource: Optional[Policy]
    endpoint: Optional[Endpoint]
    asked: frozenset[str]
    callers: tuple[Principal, ...]


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
        self._evaluators: dict[object, Compiled] = {}
        self._predicted: dict[str, Prediction] = {}
        self.hidden = ResourcePolicies(environment)
        self._endpoints = Endpoints(access, environment)

    def predict(self, call: Call) -> Prediction:
        """What is predicted of one call; steps make many alike, which are decided once."""
        key = alike(call)
        found = self._predicted.get(key)
        if found is None:
            if len(self._predicted) >= MOST_KEPT:
                self._predicted.clear()
            found = self._predicted[key] = self._predict(call)
        return found._replace(call=found.call._replace(**of_step(call)))

    def _predict(self, call: Call) -> Prediction:
        if call.unknown:
            return Prediction(call, Verdict.UNKNOWN, call.unknown)
        if not call.resource:  # the pipeline's role, passed to a job that names none
            if not self.role:
                return Prediction(call, Verdict.UNKNOWN, self.no_role)
            call = call._replace(resource=self.role)
        several = [self._in_setting(call, setting) for setting in call.settings]
        verdicts = {one.verdict for one in several}
        first = several[0]
        if verdicts == {Verdict.FAIL} and call.doubt:
            return Prediction(call, Verdict.UNKNOWN, f"{first.why}; {call.doubt}", first.change)
        if len(verdicts) == 1:
            return Prediction(call, first.verdict, first.why, first.change)
        return Prediction(call, Verdict.UNKNOWN, "; ".join(by_world(several)), changes_of(several))

    def _in_setting(self, call: Call, setting: Setting) -> Told:
        """The best that one of the roles may do: it is enough that one is allowed."""
        several: list[Told] = []
        for role in call.roles:
            one = self._by_role(call, setting, role or self.role)
            if one.verdict is Verdict.PASS:
                return one
            several.append(one)
        return next((one for one in several if one.verdict is Verdict.UNKNOWN), several[0])

    def _by_role(self, call: Call, setting: Setting, role: str) -> Told:
        if not role:
            return Told(setting, Verdict.UNKNOWN, self.no_role)
        if role not in self.access.holders:
            why = f"the access file has no role {readable(role)}"
            return Told(setting, Verdict.UNKNOWN, why)
        several = [
            self.through(call, setting, role, endpoint)
            for endpoint in self._endpoints.of(call.action, setting.way)
        ]
        if len({one.verdict for one in several}) == 1:
            return several[0]
        return Told(setting, Verdict.UNKNOWN, "it depends on which VPC endpoint the job has")

    def through(
        self, call: Call, setting: Setting, role: str, endpoint: Optional[Endpoint]
    ) -> Told:
        """What holds of a call that takes an endpoint (None: it takes none)."""
        found = self.access.policies(role, owner(call.resource), endpoint).resource
        is_hidden = self.hidden.is_hidden(call) or self._may_have_another(call.resource)
        if found is not None or not is_hidden:
            return self.decided(call, setting, role, endpoint, found)
        if self.hidden.is_vouched_for(call):
            return self.decided(call, setting, role, endpoint, EVERYONE)
        return self.unshown(call, setting, role, endpoint)

    def unshown(
        self, call: Call, setting: Setting, role: str, endpoint: Optional[Endpoint]
    ) -> Told:
        """What holds of a call on something whose policy nobody shows."""
        least = self.decided(call, setting, role, endpoint, None)
        most = self.decided(call, setting, role, endpoint, EVERYONE)
        if least.verdict is most.verdict is Verdict.FAIL:
            return most
        return Told(setting, Verdict.UNKNOWN, not_shown(call))

    def _may_have_another(self, resource: str) -> bool:
        """Whether a resource that is not fixed may turn out to be one with a policy."""
        if not has_symbol(owner(resource)):
            return False
        pattern = as_glob(owner(resource))
        return any(matches(pattern, one.resource) for one in self.access.resource_policies)

    def decided(
        self,
        call: Call,
        setting: Setting,
        role: str,
        endpoint: Optional[Endpoint],
        policy: Optional[Policy],
    ) -> Told:
        """What holds of a call where the resource's policy is ``policy`` (None: it has none)."""
        compiled = self._evaluator(role, endpoint, policy)
        asked = compiled.asked
        holder = self.access.holders[role]
        account = call.account or self.environment.account
        context = call_context(call, setting, holder, endpoint, self.environment, self.access)
        several: list[Told] = []
        for chosen in choices(asked, call.action):
            full = {**chosen, **context}
            uncertain = uncertain_keys(asked, full, call.action, setting, endpoint)
            for caller in compiled.callers:
                request = AuthorizationRequest(
                    caller, call.action, call.resource, account, full, uncertain
                )
                several.append(self.told(setting, compiled, role, request))
        return agreed(several)

    def told(
        self, setting: Setting, compiled: Compiled, role: str, request: AuthorizationRequest
    ) -> Told:
        """What holds of one request."""
        return told(setting, compiled.evaluator.decide(request), request)

    def _evaluator(
        self, role: str, endpoint: Optional[Endpoint], policy: Optional[Policy]
    ) -> Compiled:
        key = (role, endpoint and (endpoint.id, endpoint.service), id(policy))
        made = self._evaluators.get(key)
        if made is None:
            policies = self.access.policies_with(role, policy, endpoint)
            whoever = callers(policies, self.access.holders[role].principal)
            asked = asked_keys(policies)
            made = Compiled(SymbolicEvaluator(policies), policy, endpoint, asked, whoever)
            self._evaluators[key] = made
        return made


def not_shown(call: Call) -> str:
    """Why nothing can be said of a call on something whose policy nobody shows."""
    return f"the access file has no policy of {readable(owner(call.resource))}"


def alike(call: Call) -> str:
    """The same for calls that are decided alike."""
    return repr(call._replace(kind=Kind.DATA, subject="", place=(), why=""))


def of_step(call: Call) -> dict[str, Any]:
    """What tells apart calls that are decided alike."""
    return {"kind": call.kind, "subject": call.subject, "place": call.place, "why": call.why}
