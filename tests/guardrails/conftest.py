"""Guardrails of the example profile, and what they deny of a request with some condition keys."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from importlib import resources

import pytest

from ormer.controls.load import Catalogue, load_catalogue
from ormer.evaluate.decide import Evaluator
from ormer.guardrails.generate import Guardrails, generate
from ormer.guardrails.projection import Kind
from ormer.guardrails.render import files
from ormer.model.authorization import AuthorizationRequest, Level, Outcome, PolicySet
from ormer.model.environment import Environment
from ormer.model.policy import Effect
from ormer.model.principal import principal_from_arn
from ormer.model.world import NEITHER, World, worlds
from ormer.read.environment import read_environment
from ormer.read.policies.policy import read_policy

PROFILE = resources.files("ormer.controls") / "example_environment.yaml"
ACCOUNT = "111122223333"
PRINCIPAL = principal_from_arn(f"arn:aws:iam::{ACCOUNT}:role/sm-pipeline")
ALLOW_ALL = (
    b'{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}'
)

Value = str | tuple[str, ...]
Context = Mapping[str, Value]


class Denier:
    """Decides with rendered documents where they belong, everything else being allowed."""

    def __init__(self, made: Guardrails) -> None:
        texts = files(made, "json")
        policies = tuple(read_policy(text.encode(), name) for name, text in texts.items())
        allow = read_policy(ALLOW_ALL, "allow")
        self.made = made
        self.controls = {one.sid: one.control for one in made.statements}
        if made.kind is Kind.SCP:
            levels = (Level("root", (allow, *policies)),)
            self.evaluator = Evaluator(PolicySet(identity=(allow,), scps=levels))
        elif made.kind is Kind.BOUNDARY:
            self.evaluator = Evaluator(PolicySet(identity=(allow,), boundary=policies))
        else:
            self.evaluator = Evaluator(PolicySet(identity=(allow, *policies)))

    def sids(self, action: str, context: Context, resource: str = "*") -> set[str]:
        """The Deny statements that apply. A boundary that does not allow it raises LookupError."""
        folded = {key.lower(): value for key, value in context.items() if value}
        request = AuthorizationRequest(PRINCIPAL, action, resource, ACCOUNT, folded)
        decision = self.evaluator.decide(request)
        if decision.outcome is Outcome.IMPLICITLY_DENIED:
            raise LookupError(f"the boundary does not allow {action}")
        return {each.statement for each in decision.reasons if each.effect is Effect.DENY}

    def denies(self, action: str, context: Context, resource: str = "*") -> set[str]:
        """The controls whose statements apply."""
        return {self.controls[sid] for sid in self.sids(action, context, resource)}


@pytest.fixture(scope="session")
def profile() -> str:
    return PROFILE.read_text("utf-8")


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    return load_catalogue()


@pytest.fixture(scope="session")
def environment(profile: str) -> Environment:
    return read_environment(profile.encode(), "environment.yaml")


@pytest.fixture(scope="session")
def denier(catalogue: Catalogue, environment: Environment) -> Callable[..., Denier]:
    """``denier(kind, wildcards=True)`` of the example profile."""

    @cache
    def _make(kind: Kind = Kind.IAM, wildcards: bool = False) -> Denier:
        return Denier(generate(kind, catalogue, environment, wildcards))

    return _make


@pytest.fixture(scope="session")
def denier_of(catalogue: Catalogue) -> Callable[..., Denier]:
    """``denier_of(environment, kind)``: the guardrails of another profile."""
    return lambda environment, kind=Kind.IAM: Denier(generate(kind, catalogue, environment))


@pytest.fixture(scope="session")
def open_worlds(environment: Environment) -> tuple[World, ...]:
    """Every world but those in which the service fills neither name of a key."""
    return tuple(world for world in worlds(environment) if world.key_names != NEITHER)


@pytest.fixture(scope="session")
def in_world() -> Callable[[Context, World], Context]:
    """A context with current names as the world shows it; flags that are None may be false."""

    def _shown(keys: Mapping[str, Value | None], world: World) -> Context:
        shown: dict[str, Value] = {}
        for key, value in keys.items():
            if value is None:
                if key in FLAGS and world.absent_boolean == "false":
                    shown[key] = "false"
                continue
            old = key.replace("KmsKeyArn", "KmsKey")
            for name in world.spellings(key, old) if old != key else (key,):
                shown[name] = value
        return shown

    return _shown


FLAGS = {
    f"sagemaker:{name}"
    for name in ("NetworkIsolation", "InterContainerTrafficEncryption", "EnableRemoteDebug")
}
