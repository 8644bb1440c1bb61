"""KMS key ids as requests name them -> the key's ARN, which is what a condition key holds.

Source: "KeyId" in the AWS KMS API Reference: a key id, a key ARN, an alias name or an
alias ARN may name a key.
"""

from __future__ import annotations

import re
from typing import Any

from ormer.model.environment import Environment
from ormer.model.value import Expression, Opaque, Value

_KEY_ID = r"(mrk-[0-9a-f]{32}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})"


class KeyIds:
    """Normalises key ids for one account and region."""

    def __init__(self, environment: Environment) -> None:
        prefix = f"arn:{environment.partition}:kms:{environment.region}:{environment.account}:"
        self._prefix = prefix
        self._alias_arn = environment.alias_arn
        self._known: dict[str, Value] = {}
        for name, (key,) in environment.mapping("kms.aliases").items():
            self._known[self._alias_arn(name)] = key
        for name in environment.values.get("kms.aliases", ()):
            self._known[self._alias_arn(name)] = self._alias_arn(name)

    def normalise(self, value: Any) -> Value:
        """The key's ARN for a key id or a listed alias; an alias nobody listed is unknown."""
        if type(value) is not str:
            if isinstance(value, Expression):
                return self._of_expression(value)
            return value if isinstance(value, Opaque) else Opaque("not a KMS key id")
        known = self._known.get(value)
        if known is None:
            known = self._known[value] = self._normalise(value)
        return known

    def _of_expression(self, value: Expression) -> Value:
        """An enum of key ids as an enum of key ARNs; a joined value as it is."""
        part = value.parts[0]
        if len(value.parts) > 1 or isinstance(part, str) or part.choices is None:
            return value
        arns = [self.normalise(choice) for choice in part.choices]
        unknown = next((arn for arn in arns if isinstance(arn, Opaque)), None)
        if unknown is not None:
            return unknown
        return Expression((part._replace(choices=tuple(str(arn) for arn in arns)),))

    def _normalise(self, value: str) -> Value:
        if value.startswith("alias/"):
            return self._known.get(self._alias_arn(value)) or _unlisted(value)
        if ":alias/" in value:
            return _unlisted(value)
        if value.startswith("arn:"):
            return value
        if value.startswith("key/"):
            return self._prefix + value
        return f"{self._prefix}key/{value}" if re.fullmatch(_KEY_ID, value) else value


def _unlisted(alias: str) -> Opaque:
    return Opaque(f"{alias} is an alias; list it under kms.aliases in the profile")
