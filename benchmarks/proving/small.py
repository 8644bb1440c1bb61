"""Random policies, controls and requests, few enough that every request can be asked about.

Each case is drawn from its own number, so that one can be made again. Every layer, every
operator, both versions of the language, variables, and texts with symbols.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from itertools import product
from typing import NamedTuple, Optional

from benchmarks.proving.requests import (
    ANOTHER_ACCOUNT,
    LISTED,
    NO_ENDPOINT,
    OTHER,
    Definition,
    Real,
    Value,
    is_possible,
)
from ormer.model.access import Access, Endpoint, Holder, ResourcePolicy
from ormer.model.authorization import Level
from ormer.model.policy import CURRENT_VERSION, Condition, Effect, Policy, Principals, Statement
from ormer.model.policy_operators import KINDS
from ormer.model.principal import principal_from_arn
from ormer.model.symbol import symbol
from ormer.model.world import ABSENT, BOTH, FALSE, NEITHER, NEW, OLD, UNION, World
from ormer.prove.forbidden import Forbidden
from ormer.prove.request_space import KeyFacts, RequestSpace, Route

OWN, SECOND = "111111111111", "222222222222"
_HOST = f"arn:aws:iam::{OWN}"
_SESSION = f"arn:aws:sts::{OWN}:assumed-role/ann/s1"
_PRINCIPALS = (
    *(f"{_HOST}:role/ann", f"{_HOST}:role/team/ann", f"{_HOST}:user/ann", _SESSION),
    *(f"{_HOST}:root", f"{_HOST}:role/aws-service-role/x/AWSServiceRoleForX"),
)
_KEY_ARNS = (f"arn:aws:kms:r:{OWN}:key/k", "arn:aws:kms:r:", "alias/k")
KEYS: dict[str, KeyFacts] = {
    "svc:one": KeyFacts(False, ("a", "b")),
    "svc:two": KeyFacts(False, ("a", "A", "")),
    "svc:many": KeyFacts(True, ("a", "b", "c")),
    "svc:any": KeyFacts(None, ("a", "b")),
    "svc:flag": KeyFacts(False, ("false", "true")),
    "svc:new": KeyFacts(False, _KEY_ARNS),
    "svc:number": KeyFacts(False, ("1", "2.50", "x"), kind="number"),
    "svc:date": KeyFacts(False, ("2026-01-01", "1767225601"), kind="date"),
    "svc:ip": KeyFacts(False, ("10.0.0.1", "8.8.8.8"), kind="ip"),
    "svc:bytes": KeyFacts(False, ("YWJj", "###")),
    "aws:principaltag/t": KeyFacts(False, ("a", "data")),
    "aws:resourceaccount": KeyFacts(False, (OWN, SECOND, ANOTHER_ACCOUNT)),
}
_VALUES = {
    "text": ("a", "b", "A", "", "c", "data"),
    "folded text": ("a", "B", "A"),
    "glob": ("a", "*", "?", "a*", "", "*k"),
    "arn": (*_KEY_ARNS, "arn:aws:kms:*:*:key/*", "arn:*", "arn:aws:kms:r:*:*", "*:*:*:*:*:*"),
    "number": ("1", "2", "2.5", "x", "3"),
    "date": ("2026-01-01T00:00:00Z", "2026-01-02", "1767225601", "x"),
    "ip": ("10.0.0.0/8", "8.8.8.8", "0.0.0.0/0", "x"),
    "binary": ("YWJj", "YWI=", "###"),
    "bool": ("true", "false", "TRUE", "x"),
    "null": ("true", "false"),
}
_FITTING = {
    "svc:number": ("number", "text"),
    "svc:date": ("date", "text"),
    "svc:ip": ("ip", "text"),
    "svc:flag": ("bool", "bool", "text"),
    "svc:new": ("arn", "text", "glob"),
    "svc:bytes": ("binary", "text"),
}
_OPERATORS: dict[str, list[str]] = {}
for _name, _kind in KINDS.items():
    _OPERATORS.setdefault(_kind, []).append(_name)


class Service(NamedTuple):
    """An action, the ARNs of its resources as its reference spells them, and patterns of both."""

    action: str
    arns: tuple[str, ...]
    patterns: tuple[str, ...]
    owned: tuple[str, ...] = ()
    may_be_foreign: bool = True


SERVICES = (
    Service(
        "s3:GetObject",
        ("arn:*:s3:::data/x", "arn:*:s3:::data/a/y", "arn:*:s3:::other/x"),
        (
            *("*", "arn:aws:s3:::data/*", "arn:aws:s3:::other/x", "arn:aws:s3:::*/x"),
            *("arn:aws:s3:::data/?", "arn:aws:s3:::data/${svc:one}/y", "arn:aws:s3:::x"),
            "arn:aws:s3:::${aws:principaltag/t, 'data'}/*",
        ),
        ("arn:aws:s3:::data",),
    ),
    Service(
        "kms:Decrypt",
        ("arn:*:kms:r:*:key/k1", "arn:*:kms:r:*:key/k2"),
        (
            *("*", f"arn:aws:kms:r:{OWN}:key/k1", "arn:aws:kms:r:*:key/k1", "arn:aws:kms:*"),
            *(f"arn:aws:kms:r:{SECOND}:key/*", "arn:aws:kms:r:111111111111:key/k?"),
        ),
        (f"arn:aws:kms:r:{OWN}:key/k1", f"arn:aws:kms:r:{SECOND}:key/k1"),
    ),
    Service(
        "sts:AssumeRole",
        ("arn:*:iam::*:role/target",),
        ("*", f"{_HOST}:role/target", "arn:aws:iam::*:role/t*", "arn:aws:iam::*:role/?arget"),
        (f"{_HOST}:role/target", f"arn:aws:iam::{SECOND}:role/target"),
    ),
    Service(
        "sagemaker:CreateTrainingJob",
        ("arn:*:sagemaker:r:*:training-job/a", "arn:*:sagemaker:r:*:training-job/b"),
        ("*", "arn:aws:sagemaker:*:*:training-job/*", "arn:aws:sagemaker:r:*:training-job/a"),
        may_be_foreign=False,
    ),
    Service("ec2:DescribeThings", (), ("*", "arn:aws:ec2:*"), may_be_foreign=False),
    *(
        Service(
            f"iam:{name}",
            ("arn:*:iam::*:policy/p",),
            ("*", f"{_HOST}:policy/?", "arn:aws:iam::aws:policy/*", "arn:aws:iam::*:policy/p"),
            may_be_foreign=False,
        )
        for name in ("GetPolicyVersion", "CreatePolicyVersion")
    ),
)
_OPEN = {
    "s3:GetObject": ("arn:*:s3:::*/*", "arn:*:s3:*:*:accesspoint/*/object/*"),
    "kms:Decrypt": ("arn:*:kms:*:*:key/*",),
    "sts:AssumeRole": ("arn:*:iam::*:role/*",),
    "sagemaker:CreateTrainingJob": ("arn:*:sagemaker:*:*:training-job/*",),
}
SYMBOLS = {"S1": ("a", "*", OWN, f"{_HOST}:role/ann"), "S2": ("data", "k1", "svc:one", "b")}
"""A symbol's name -> what it may turn out to be."""


class Small(NamedTuple):
    """A case: what is allowed, of what requests, and what is forbidden."""

    access: Access
    holder: Holder
    space: RequestSpace
    forbidden: Forbidden
    keys: tuple[str, ...]


def small(seed: int | str, number: int, symbols: bool = False, is_open: bool = False) -> Small:
    """One case of a campaign; ``is_open``: its keys can have any value, its resources any name."""
    return _Draw(random.Random(f"{seed}/{number}"), symbols, is_open).case()


class _Draw:
    def __init__(self, draw: random.Random, symbols: bool, is_open: bool) -> None:
        self.is_open = is_open
        self.draw = draw
        self.some = draw.choice
        self.symbols = symbols

    def often(self, chance: float) -> bool:
        return self.draw.random() < chance

    def case(self) -> Small:
        self.service = self.some(SERVICES)
        name = self.some(_PRINCIPALS) if self.often(0.5) else _PRINCIPALS[0]
        self.principal = principal_from_arn(name)
        self.keys = tuple(self.draw.sample(list(KEYS), self.some((1, 1, 2))))
        self.asked = (*self.keys, "svc:old") if "svc:new" in self.keys else self.keys
        endpoint = self.often(0.3)
        if endpoint:
            self.asked += ("aws:sourcevpce",)
        holder = self.holder()
        access = self.access(holder, endpoint)
        return Small(access, holder, self.space(access, endpoint), self.forbidden(), self.keys)

    def holder(self) -> Holder:
        identity = tuple(self.policy(f"i{n}", 0.7, False) for n in range(self.some((1, 1, 2))))
        if self.often(0.5):
            identity = (*identity, self.full())
        has_boundary = self.often(0.25) and not self.principal.name.endswith(":root")
        boundary = (self.policy("b", 0.9, False),) if has_boundary else None
        session = self.policy("s", 0.9, False) if self.often(0.2) else None
        return Holder(self.principal, {}, identity, boundary, session)

    def access(self, holder: Holder, endpoint: bool) -> Access:
        service = self.service
        owned = [arn for arn in service.owned if self.often(0.5)]
        made = tuple(ResourcePolicy(arn, self.policy(arn, 0.7, True)) for arn in owned)
        prefix = service.action.partition(":")[0]
        points: tuple[Endpoint, ...] = ()
        if endpoint:
            mine = Endpoint("vpce-1", prefix, self.policy("e", 0.9, True))
            points = (mine, Endpoint("vpce-2", "other", self.policy("o", 0.9, True)))
        scps = tuple(
            Level(f"l{n}", (self.full(), self.policy(f"p{n}", 0.1, False)))
            if self.often(0.8)
            else Level(f"l{n}", (self.policy(f"p{n}", 0.9, False),))
            for n in range(self.some((0, 0, 1, 2)))
        )
        rcps = tuple(
            Level(f"r{n}", (self.policy(f"q{n}", 0.0, True),)) for n in range(self.some((0, 0, 1)))
        )
        management = self.some(("", "", "", OWN, SECOND))
        return Access({holder.principal.name: holder}, made, points, scps, rcps, management)

    def full(self) -> Policy:
        all_ = Statement("F", Effect.ALLOW, ("*",), False, ("*",), False, None, False, ())
        return Policy("full", CURRENT_VERSION, (all_,))

    def space(self, access: Access, endpoint: bool) -> RequestSpace:
        service, asked = self.service, self.keys
        facts = {key: KEYS[key] for key in asked}
        if endpoint:
            values = ("vpce-1", "vpce-2", "vpce-3")
            facts["aws:sourcevpce"] = KeyFacts(False, values)
        if self.is_open:
            facts = {
                key: one if key == "svc:flag" else one._replace(values=None)
                for key, one in facts.items()
            }
        fixed = {"aws:principalarn": self.principal.name}
        tag = "aws:principaltag/t"
        if tag in facts and self.often(0.5):
            del facts[tag]
            if self.often(0.7):
                fixed[tag] = self.some(("a", "data", "b"))
        pair = frozenset(asked)
        sizes = [len(KEYS[key].values or ()) for key in asked]
        is_single = all(KEYS[key].multivalued is False for key in asked)
        is_several = self.often(0.2) and (sum(sizes) < 5 if is_single else asked == ("svc:many",))
        return RequestSpace(
            service.action,
            self.principal,
            _OPEN.get(service.action, service.arns) if self.is_open else service.arns,
            facts.get,
            fixed=fixed,
            always=frozenset(k for k in asked if self.often(0.1)),
            required=frozenset(k for k in asked if k in facts and self.often(0.1)),
            together=(pair,) if len(pair) == 2 and pair <= set(facts) and self.often(0.1) else (),
            implied=(asked,) if len(asked) == 2 and pair <= set(facts) and self.often(0.1) else (),
            renamed={"svc:old": "svc:new"},
            flags=frozenset(("svc:flag",)),
            has_definitions=is_several,
            owned=tuple(a for a in service.owned if a.split(":")[4] in ("", OWN)),
            may_be_foreign=service.may_be_foreign and self.often(0.7),
            route=Route("vpce-1", ("vpce-1", "vpce-2")) if endpoint else Route(),
            world=World(
                self.some((NEW, OLD, BOTH, NEITHER)),
                self.some((ABSENT, FALSE)),
                self.some((UNION, ABSENT)),
            ),
        )

    def forbidden(self) -> Forbidden:
        def one(name: str) -> Statement:
            made = self.statement(name, Effect.DENY, False)
            made = made._replace(actions=(self.service.action,), not_action=False)
            return made._replace(resources=("*",), not_resource=False) if self.often(0.6) else made

        self.symbols = False
        self.asked = tuple(key for key in self.asked if key != "svc:old")
        exceptions = (one("E"),) if self.often(0.2) else ()
        return Forbidden(tuple(one(f"F{n}") for n in range(self.some((1, 1, 2)))), exceptions)

    def policy(self, name: str, allow: float, for_resources: bool) -> Policy:
        version = CURRENT_VERSION if self.often(0.9) else "2008-10-17"
        effects = [
            Effect.ALLOW if self.often(allow) else Effect.DENY for _ in range(self.some((1, 2, 3)))
        ]
        statements = tuple(
            self.statement(f"{name}{n}", effect, for_resources) for n, effect in enumerate(effects)
        )
        return Policy(name, version, statements)

    def statement(self, name: str, effect: Effect, for_resources: bool) -> Statement:
        negated = self.often(0.1)
        prefix = self.service.action.partition(":")[0]
        actions = ("*", self.service.action, f"{prefix}:*", "nothing:*", f"{prefix}:?*e*")
        weights = (5, 3, 2, 0.5, 1)
        action = self.draw.choices(actions, weights)[0]
        if self.symbols and self.often(0.1):
            action = f"{prefix}:{symbol('S1')}"
        resources = tuple(self.resource() for _ in range(self.some((1, 1, 2))))
        return Statement(
            name,
            effect,
            (action,),
            negated and action != "*",
            None if for_resources and self.often(0.1) else resources,
            self.often(0.1),
            self.principals() if for_resources else None,
            for_resources and effect is Effect.DENY and self.often(0.15),
            tuple(self.condition() for _ in range(self.some((0, 0, 1, 1, 2)))),
        )

    def resource(self) -> str:
        if self.symbols and self.often(0.2):
            made = self.some(self.service.patterns)
            return self.some(
                (symbol("S1"), made.replace("data", symbol("S2")), made + symbol("S2"))
            )
        return "*" if self.often(0.4) else self.some(self.service.patterns)

    def principals(self) -> Principals:
        one = self.principal
        names = (one.name, OWN, f"{_HOST}:root", f"{_HOST}:role/ann", SECOND, f"{_HOST}:user/bob")
        if self.often(0.35):
            return Principals(True)
        chosen = tuple(self.some(names) for _ in range(self.some((1, 1, 2))))
        if self.symbols and self.often(0.4):
            chosen += (symbol("S1"),)
        return Principals(False, chosen)

    def condition(self) -> Condition:
        key = self.some(self.asked)
        kinds = _FITTING.get(
            "svc:new" if key == "svc:old" else key, ("text", "glob", "folded text")
        )
        kind = self.some((*kinds, *kinds, "null", self.some(list(_VALUES))))
        operator = self.some(_OPERATORS[kind])
        if kind != "null":
            operator = f"{self.some(('', '', 'ForAnyValue:', 'ForAllValues:'))}{operator}"
            operator += self.some(("", "", "IfExists"))
        pool = _VALUES[kind]
        if key == "aws:sourcevpce" and kind in ("text", "glob"):
            pool = ("vpce-1", "vpce-3", "vpce-*")
        if key == "aws:resourceaccount" and kind in ("text", "glob"):
            pool = (OWN, SECOND, "1*" if kind == "glob" else OWN)
        values = tuple(self.some(pool) for _ in range(self.some((1, 1, 2))))
        if kind in ("text", "glob", "arn", "folded text") and self.often(0.12):
            values += (self.some(_VARIABLES),)
        if self.symbols and self.often(0.2):
            values += (self.some((symbol("S1"), f"{symbol('S2')}*", f"${{svc:{symbol('S1')}}}")),)
        if self.often(0.03):
            values = ()
        if self.symbols and self.often(0.05):
            key = f"svc:{symbol('S3')}"
        return Condition(operator, key.upper() if self.often(0.1) else key, values)


_VARIABLES = (
    *("${svc:one}", "${aws:principaltag/t}", "${svc:two, 'a'}", "${aws:principaltag/t, 'b'}"),
    *("${*}", "${svc:many}", "arn:aws:kms:${svc:none}:*:key/k", "${aws:principalarn}:a:b:c:d:e"),
    *("arn:aws:kms:r:${svc:one}:key/k", "${svc:none, ''}"),
)


def every_request(case: Small) -> Iterator[Real]:
    """Every request of a case that can exist."""
    space = case.space
    held = {key: _options(space, key) for key in case.keys}
    if space.key("aws:sourcevpce") is not None:
        held["aws:sourcevpce"] = (None, "vpce-1", "vpce-2", "vpce-3")
    one: list[Definition] = [_definition(space, held, each) for each in product(*held.values())]
    for resource, account in places(space):
        for way in (NO_ENDPOINT, LISTED, OTHER):
            for first in one:
                made = Real(resource, account, way, (first,))
                if is_possible(space, made):
                    yield made
                if space.has_definitions:
                    yield from _several(space, made, one)


def _several(space: RequestSpace, made: Real, one: list[Definition]) -> Iterator[Real]:
    first = made.definitions[0]
    for second in one:
        several = made._replace(definitions=(first, second))
        if not is_possible(space, several):
            continue
        both = {*first} & {*second} | ({*first, *second} & space.flags)  # a flag may be false
        choices = sorted(key for key in both if not key.startswith("aws:"))
        for picks in product((False, True), repeat=len(choices)):
            taken = frozenset(key for key, pick in zip(choices, picks, strict=True) if pick)
            yield several._replace(taken=taken)


def _definition(
    space: RequestSpace,
    held: dict[str, tuple[Optional[Value], ...]],
    chosen: tuple[Optional[Value], ...],
) -> Definition:
    made: dict[str, Value] = dict(space.fixed)
    made.update({key: v for key, v in zip(held, chosen, strict=True) if v is not None})
    return made


def _options(space: RequestSpace, key: str) -> tuple[Optional[Value], ...]:
    if key in space.fixed:
        return (space.fixed[key],)
    facts = space.key(key)
    if facts is None:
        return (None,)
    values = facts.values or ()
    lists: list[Value] = []
    for bits in range(1, 2 ** len(values)):
        lists.append(tuple(v for n, v in enumerate(values) if bits >> n & 1))
    if facts.multivalued:
        return (None, *lists)
    if facts.multivalued is None:
        return (None, *values, *lists)
    return values if key in space.always else (None, *values)


def places(space: RequestSpace) -> Iterator[tuple[str, str]]:
    """Each resource with its account: of those whose account varies, one that nobody names."""
    own = space.principal.account
    if not space.arns:
        yield "*", own
        if space.may_be_foreign:
            yield "*", ANOTHER_ACCOUNT
        return
    for text in space.arns:
        filled = text.replace("arn:*:", "arn:aws:", 1)
        for account in (own, SECOND, ANOTHER_ACCOUNT):
            if account != own and not space.may_be_foreign:
                continue
            arn = filled.replace(":*:", f":{account}:", 1)
            if account != own and any(_is_of(arn, owned) for owned in space.owned):
                continue
            yield arn, account
        if space.action == "iam:GetPolicyVersion":  # AWS's own, which nobody else changes
            yield filled.replace(":*:", ":aws:", 1), own


def _is_of(arn: str, owned: str) -> bool:
    return arn == owned or (":s3:" in owned and arn.startswith(f"{owned}/"))
