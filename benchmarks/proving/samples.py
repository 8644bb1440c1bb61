"""Random requests that look like what policies speak of, or nearly: constants and near misses."""

from __future__ import annotations

import random
import re
from collections.abc import Iterable, Iterator
from ipaddress import ip_address, ip_network
from typing import Optional

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
from ormer.model.access import Access, Holder
from ormer.model.policy import Statement
from ormer.prove.forbidden import Forbidden
from ormer.prove.policies import policies
from ormer.prove.request_space import KeyFacts, RequestSpace

_VARIABLE = re.compile(r"\$\{([^}*?$,]+)[^}]*\}")
_PLAIN = "ab0-/:*A"
_KEYS_OF_PLACES = ("aws:resourceaccount", "s3:resourceaccount")


class Sampler:
    """Requests of a space, biased to what the policies and a control say of it."""

    def __init__(
        self, access: Access, holder: Holder, space: RequestSpace, sets: Iterable[Forbidden]
    ) -> None:
        self.space = space
        self.holder = holder
        self.constants: dict[str, dict[str, None]] = {}
        self.resources: dict[str, None] = dict.fromkeys(
            one.resource for one in access.resource_policies
        )
        every = [s for policy in policies(access, holder) for s in policy.statements]
        every += [s for one in sets for s in (*one.statements, *one.exceptions)]
        for statement in every:
            self._learn(statement)
        for keys in (space.required, *space.together, *map(frozenset, space.implied)):
            for key in keys:
                self.constants.setdefault(key, {})
        self.keys = sorted(key for key in self.constants if self._is_free(key))
        self.accounts = sorted(
            {part for text in self.resources for part in text.split(":") if _is_account(part)}
            | {
                space.principal.account,
                ANOTHER_ACCOUNT,
                access.management_account or ANOTHER_ACCOUNT,
            }
        )
        self.tokens = sorted(
            {t for text in self.resources for t in re.split(r"[:/*?${}, ']+", text) if t}
        )
        self.tokens += ["a", "b", "example"]

    def _is_free(self, key: str) -> bool:
        return key not in self.space.fixed and self.space.key(key) is not None

    def _learn(self, statement: Statement) -> None:
        self.resources.update(dict.fromkeys(statement.resources or ()))
        texts = list(statement.resources or ())
        for condition in statement.conditions:
            key = condition.key.lower()
            key = self.space.renamed.get(key, key)
            self.constants.setdefault(key, {}).update(dict.fromkeys(condition.values))
            texts += condition.values
        for text in texts:
            for name in _VARIABLE.findall(text):
                self.constants.setdefault(name.lower(), {})

    def requests(self, draw: random.Random, count: int) -> Iterator[Real]:
        """Up to ``count`` requests: those drawn that cannot exist are left out."""
        for _ in range(count):
            made = self._request(draw)
            if made is not None and is_possible(self.space, made):
                yield made

    def _request(self, draw: random.Random) -> Optional[Real]:
        place = self._place(draw)
        if place is None:
            return None
        resource, account = place
        ways = [NO_ENDPOINT, OTHER, *([LISTED] if self.space.route.endpoint else [])]
        way = draw.choice(ways)
        first = self._definition(draw, account, way)
        several = self.space.has_definitions and draw.random() < 0.4
        if not several:
            return Real(resource, account, way, (first,))
        second = self._definition(draw, account, way)
        taken = frozenset(key for key in second if draw.random() < 0.5)
        return Real(resource, account, way, (first, second), taken)

    def _definition(self, draw: random.Random, account: str, way: str) -> Definition:
        space = self.space
        presence = draw.choice((0.3, 0.6, 0.9))
        made: dict[str, Value] = dict(space.fixed)
        for key in self.keys:
            if key in space.always or key in space.required or draw.random() < presence:
                made[key] = self.value(draw, key)
        for _ in range(3):
            for group in space.together:
                if any(key in made for key in group):
                    self._add(draw, made, group)
            for key, other in space.implied:
                if key in made:
                    self._add(draw, made, (other,))
        for key in _KEYS_OF_PLACES:
            if key in made:
                made[key] = account
        self._way(draw, made, way)
        return made

    def _add(self, draw: random.Random, made: dict[str, Value], keys: Iterable[str]) -> None:
        for key in keys:
            if key not in made and self._is_free(key):
                made[key] = self.value(draw, key)

    def _way(self, draw: random.Random, made: dict[str, Value], way: str) -> None:
        through = way != NO_ENDPOINT
        if self._is_free("aws:sourcevpce"):
            made.pop("aws:sourcevpce", None)
            if through:
                route = self.space.route
                other = [
                    v for v in self.constants.get("aws:sourcevpce", ()) if v not in route.listed
                ]
                found = route.endpoint if way == LISTED else draw.choice([*other, "vpce-0other"])
                made["aws:sourcevpce"] = re.sub(r"[*?]", "x", found)
        for key in ("aws:sourcevpc", "aws:vpcsourceip"):
            if not through:
                made.pop(key, None)
        if through:
            made.pop("aws:sourceip", None)
            if made.get("aws:viaawsservice") == "true":
                made["aws:viaawsservice"] = "false"
        if made.get("aws:viaawsservice") != "true":
            for key in ("aws:calledvia", "aws:calledviafirst", "aws:calledvialast"):
                made.pop(key, None)

    def value(self, draw: random.Random, key: str) -> Value:
        """A value of a key."""
        facts = self.space.key(key)
        assert facts is not None
        if facts.multivalued or (facts.multivalued is None and draw.random() < 0.4):
            count = draw.choice((1, 1, 2, 2, 3, 4))
            return tuple(dict.fromkeys(self._text(draw, key, facts) for _ in range(count)))
        return self._text(draw, key, facts)

    def _text(self, draw: random.Random, key: str, facts: KeyFacts) -> str:
        if facts.values is not None:
            return draw.choice(facts.values)
        if facts.kind:
            return _TYPED[facts.kind](draw, list(self.constants.get(key, ())))
        known = [*self.constants.get(key, ()), *facts.hints]
        if not known or draw.random() < 0.05:
            known = [v for values in self.constants.values() for v in values] or ["a"]
        return near(draw, self._filled(draw, draw.choice(known)))

    def _filled(self, draw: random.Random, text: str) -> str:
        """A pattern with something for each wildcard and variable."""
        text = _VARIABLE.sub(lambda found: str(self.space.fixed.get(found[1].lower(), "a")), text)
        filler = draw.choice(("", "a", "example", "a/b", "*"))
        return text.replace("*", filler).replace("?", draw.choice("ab"))

    def _place(self, draw: random.Random) -> Optional[tuple[str, str]]:
        space, own = self.space, self.space.principal.account
        is_foreign = space.may_be_foreign and draw.random() < 0.4
        account = draw.choice([a for a in self.accounts if a != own]) if is_foreign else own
        if space.arns is None:
            resource = self._filled(draw, draw.choice([*self.resources, "*"])) or "x"
        elif not space.arns:
            resource = "*"
        else:
            found = self._of_format(draw, draw.choice(space.arns), account)
            if found is None:
                return None
            resource = found
        if account != own and any(_is_of(resource, one) for one in space.owned):
            account = own
        return resource, account

    def _of_format(self, draw: random.Random, text: str, account: str) -> Optional[str]:
        head, _, service, region, owner, rest = text.split(":", 5)
        form = _regex(text, self.space.partition, account)
        if draw.random() < 0.6:
            said = [t for t in self.resources if t.count(":") >= 5 and t.split(":")[2] == service]
            if said:
                parts = self._filled(draw, draw.choice(said)).split(":", 5)
                if len(parts) == 6:
                    parts[1] = self.space.partition
                    parts[3] = parts[3] or ("r" if region == "*" else region)
                    parts[4] = account if owner == "*" else owner
                    parts[5] = near(draw, parts[5]) if draw.random() < 0.5 else parts[5]
                    found = ":".join(parts)
                    for made in (found, f"{found}/a"):
                        if form.fullmatch(made):
                            return made
        while "*" in rest:
            rest = rest.replace("*", draw.choice(self.tokens), 1)
        region = draw.choice(self.tokens) if region == "*" else region
        owner = account if owner == "*" else owner
        found = f"{head}:{self.space.partition}:{service}:{region}:{owner}:{rest}"
        return found if form.fullmatch(found) else None


def _regex(text: str, partition: str, account: str) -> re.Pattern[str]:
    _, _, service, region, owner, rest = text.split(":", 5)
    bare = service == "s3" and rest == "*" and not region
    pieces = [re.escape(piece) for piece in rest.split("*")]
    made = pieces[0]
    for piece in pieces[1:]:
        made += ("[^/:]+" if bare else f"[^{piece[:2]}]+" if piece else ".+") + piece
    region = "[^:]+" if region == "*" else re.escape(region)
    owner = account if owner == "*" else re.escape(owner)
    return re.compile(f"arn:{partition}:{service}:{region}:{owner}:{made}", re.DOTALL)


def _is_of(arn: str, owned: str) -> bool:
    return arn == owned or (":s3:" in owned and arn.startswith(f"{owned}/"))


def _is_account(text: str) -> bool:
    return len(text) == 12 and text.isdigit()


def near(draw: random.Random, text: str) -> str:
    """The text, or one that is nearly it."""
    kind = draw.random()
    at = draw.randrange(len(text)) if text else 0
    if kind < 0.55 or (not text and kind < 0.9):
        return text
    if kind < 0.65:
        return text[:at] + draw.choice(_PLAIN) + text[at + 1 :]
    if kind < 0.72:
        return text[:at]
    if kind < 0.79:
        return text + draw.choice(_PLAIN)
    if kind < 0.86:
        return draw.choice(_PLAIN) + text
    if kind < 0.93:
        return draw.choice((text.upper(), text.lower(), text.swapcase()))
    return draw.choice(("", "*", "example", text[:at] + text[at + 1 :]))


def _number(draw: random.Random, known: list[str]) -> str:
    numbers = [float(text) for text in known if re.fullmatch(r"-?\d+(\.\d+)?", text)] or [1.0]
    value = draw.choice(numbers) + draw.choice((0, 0, 1, -1, 0.5, -0.25))
    return draw.choice(
        (f"{value:g}", f"{value:.2f}", f"0{value:g}" if value >= 0 else f"{value:g}")
    )


def _date(draw: random.Random, known: list[str]) -> str:
    year = draw.choice([text[:4] for text in known if re.match(r"\d{4}-", text)] or ["2026"])
    return f"{year}-0{draw.randint(1, 9)}-{draw.choice(('01', '28'))}T00:00:0{draw.randint(0, 1)}Z"


def _address(draw: random.Random, known: list[str]) -> str:
    blocks = []
    for text in known:
        try:
            blocks.append(ip_network(text, strict=False))
        except ValueError:
            continue
    if not blocks:
        return "198.51.100.7"
    block = draw.choice(blocks)
    start, end = int(block[0]), int(block[-1])
    number = draw.choice((start, end, start - 1, end + 1, (start + end) // 2))
    return str(type(block[0])(min(max(number, 0), 2**block.max_prefixlen - 1)) or ip_address(0))


_TYPED = {"number": _number, "date": _date, "ip": _address}
