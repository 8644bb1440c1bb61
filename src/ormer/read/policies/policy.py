"""Policy text or values -> Policy, strictly: what AWS would refuse is an error with its place.

Source: "Grammar of the IAM JSON policy language" and the pages of each element in the IAM
User Guide.
"""

from __future__ import annotations

from enum import Enum
from typing import Any, Optional

from ormer.model.definition import Place, pointer
from ormer.model.errors import InputError
from ormer.model.policy import VERSIONS, Condition, Effect, Policy, Principals, Statement
from ormer.model.policy_operators import KINDS, split_policy_operator
from ormer.model.principal import is_account
from ormer.read.text.json_text import read_json
from ormer.read.text.suggestion import suggestion

LARGEST_POLICY = 1024 * 1024
"""Bytes. The largest document of any kind that AWS takes is a key policy of 32 KiB."""
_DOCUMENT = {"Version", "Id", "Statement"}
_STATEMENT = {
    *("Sid", "Effect", "Action", "NotAction", "Resource", "NotResource"),
    *("Principal", "NotPrincipal", "Condition"),
}
_PRINCIPALS = {
    "AWS": "aws",
    "Service": "service",
    "Federated": "federated",
    "CanonicalUser": "canonical_user",
}


class PolicyKind(str, Enum):
    """What a document is attached to, which decides the elements that it may have."""

    IDENTITY = "a policy of a principal"
    RESOURCE = "a policy of a resource"
    GUARDED_RESOURCE = "an endpoint's or an organisation's policy for resources"


def read_policy(text: bytes, name: str, kind: PolicyKind = PolicyKind.IDENTITY) -> Policy:
    """Read one document. Raises InputError naming ``name`` and the place for what is none."""
    if len(text) > LARGEST_POLICY:
        raise InputError(f"{name}: larger than {LARGEST_POLICY // 2**20} MiB: no policy is")
    return PolicyReader(name).policy(read_json(text, name), (), kind, name)


class PolicyReader:
    """Reads documents out of the values of one input, which ``name`` names in errors."""

    def __init__(self, name: str) -> None:
        self.name = name

    def refuse(self, place: Place, why: str) -> InputError:
        """The error for what stands at ``place``."""
        at = pointer(place)
        return InputError(f"{self.name}: {at}: {why}" if at else f"{self.name}: {why}")

    def policy(self, document: Any, place: Place, kind: PolicyKind, called: str) -> Policy:
        """A document's values as a Policy that reasons call ``called``."""
        if not isinstance(document, dict):
            raise self.refuse(place, f"a policy is a JSON object, this is {kind_of(document)}")
        self._known(document, _DOCUMENT, place, "a policy")
        version = document.get("Version", VERSIONS[0])
        if version not in VERSIONS:
            known = " or ".join(VERSIONS)
            raise self.refuse((*place, "Version"), f"{version!r} is not {known}")
        if not isinstance(document.get("Id", ""), str):
            raise self.refuse((*place, "Id"), "is not text")
        if "Statement" not in document:
            raise self.refuse(place, "no Statement: this is not a policy")
        statements = self._statements(document["Statement"], (*place, "Statement"), kind)
        return Policy(called, version, statements)

    def _statements(self, found: Any, place: Place, kind: PolicyKind) -> tuple[Statement, ...]:
        if isinstance(found, dict):
            return self._expanded(found, place, kind, "0")
        if not isinstance(found, list):
            raise self.refuse(place, f"is {kind_of(found)}, neither an object nor a list")
        return tuple(
            statement
            for index, each in enumerate(found)
            for statement in self._expanded(each, (*place, index), kind, str(index))
        )

    def _expanded(
        self, body: Any, place: Place, kind: PolicyKind, index: str
    ) -> tuple[Statement, ...]:
        """The statements that one statement's values stand for: itself."""
        return (self._statement(body, place, kind, index),)

    def _known(self, found: dict[str, Any], known: set[str], place: Place, what: str) -> None:
        for element in found:
            if element not in known:
                hint = suggestion(element, known)
                raise self.refuse(place, f"{element!r} is no element of {what}{hint}")

    def _statement(self, body: Any, place: Place, kind: PolicyKind, index: str) -> Statement:
        if not isinstance(body, dict):
            raise self.refuse(place, f"a statement is an object, this is {kind_of(body)}")
        self._known(body, _STATEMENT, place, "a statement")
        sid = body.get("Sid", "")
        if not isinstance(sid, str):
            raise self.refuse((*place, "Sid"), "is not text")
        effect = body.get("Effect")
        if effect not in ("Allow", "Deny"):
            raise self.refuse(place, f"Effect is {_shown(effect)}, not 'Allow' or 'Deny'")
        actions = self._one_of(body, "Action", place)
        if actions is None:
            raise self.refuse(place, "has neither Action nor NotAction")
        self._check_actions(actions, place, "NotAction" if "NotAction" in body else "Action")
        resources = self._one_of(body, "Resource", place)
        if resources is None and kind is not PolicyKind.RESOURCE:
            raise self.refuse(place, "has neither Resource nor NotResource")
        return Statement(
            sid or index,
            Effect(effect),
            actions,
            "NotAction" in body,
            resources,
            "NotResource" in body,
            self._principals(body, place, kind),
            "NotPrincipal" in body,
            self._conditions(body.get("Condition", {}), (*place, "Condition")),
        )

    def _one_of(self, body: dict[str, Any], name: str, place: Place) -> Optional[tuple[str, ...]]:
        opposite = f"Not{name}"
        if name in body and opposite in body:
            raise self.refuse(place, f"has both {name} and {opposite}")
        for element in (name, opposite):
            if element in body:
                return self._texts(body[element], (*place, element))
        return None

    def _texts(self, found: Any, place: Place) -> tuple[str, ...]:
        texts = found if isinstance(found, list) else [found]
        for index, text in enumerate(texts):
            if not isinstance(text, str):
                at = (*place, index) if isinstance(found, list) else place
                raise self.refuse(at, f"is {kind_of(text)}, not text")
        return tuple(texts)

    def _check_actions(self, actions: tuple[str, ...], place: Place, element: str) -> None:
        for action in actions:
            if not self._is_action(action):
                why = f"{action!r} is no action: write service:Action, or *"
                raise self.refuse((*place, element), why)

    def _is_action(self, action: str) -> bool:
        service, colon, name = action.partition(":")
        return not action.strip("*") or bool(service and colon and name)

    def _principals(
        self, body: dict[str, Any], place: Place, kind: PolicyKind
    ) -> Optional[Principals]:
        element = next((name for name in ("Principal", "NotPrincipal") if name in body), None)
        if kind is PolicyKind.IDENTITY:
            if element is not None:
                raise self.refuse(place, f"{element} has no place in {kind.value}")
            return None
        if element is None:
            raise self.refuse(place, f"has no Principal, which {kind.value} needs")
        if "Principal" in body and "NotPrincipal" in body:
            raise self.refuse(place, "has both Principal and NotPrincipal")
        return self._who(body[element], (*place, element))

    def _who(self, found: Any, place: Place) -> Principals:
        if found == "*":
            return Principals(everyone=True)
        if not isinstance(found, dict):
            raise self.refuse(place, f"is {_shown(found)}, neither '*' nor an object")
        self._known(found, set(_PRINCIPALS), place, "a Principal")
        who = {
            _PRINCIPALS[name]: self._texts(values, (*place, name)) for name, values in found.items()
        }
        everyone = "*" in who.get("aws", ())
        named = tuple(text for text in who.get("aws", ()) if text != "*")
        for text in named:
            self._check_aws_principal(text, (*place, "AWS"))
        who["aws"] = named
        return Principals(everyone, **who)

    def _check_aws_principal(self, text: str, place: Place) -> None:
        """ "You cannot use a wildcard to match part of a principal name or ARN." """
        if "*" in text or "?" in text:
            raise self.refuse(place, f"{text!r}: a principal has no wildcard but '*' alone")
        if not is_account(text) and not text.startswith("arn:") and not text.isalnum():
            raise self.refuse(place, f"{text!r} is neither an account nor an ARN")

    def _conditions(self, block: Any, place: Place) -> tuple[Condition, ...]:
        if not isinstance(block, dict):
            raise self.refuse(place, f"is {kind_of(block)}, not an object")
        found: list[Condition] = []
        for operator, keys in block.items():
            self._check_operator(operator, place)
            if not isinstance(keys, dict):
                raise self.refuse((*place, operator), f"is {kind_of(keys)}, not an object")
            for key, values in keys.items():
                at = (*place, operator, key)
                found.append(Condition(operator, key, self._values(values, at)))
        return tuple(found)

    def _check_operator(self, operator: str, place: Place) -> None:
        try:
            split_policy_operator(operator)
        except KeyError:
            hint = suggestion(operator.rpartition(":")[2], KINDS)
            raise self.refuse(place, f"{operator!r} is no condition operator{hint}") from None

    def _values(self, found: Any, place: Place) -> tuple[str, ...]:
        values = found if isinstance(found, list) else [found]
        texts = [scalar_text(value) for value in values]
        if None in texts:
            at = (*place, texts.index(None)) if isinstance(found, list) else place
            why = f"is {kind_of(values[texts.index(None)])}, not text, a number or a boolean"
            raise self.refuse(at, why)
        return tuple(text for text in texts if text is not None)


def scalar_text(value: Any) -> Optional[str]:
    """A text, number or boolean as IAM compares it; None for anything else."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    return repr(value) if isinstance(value, (int, float)) else None


def kind_of(value: Any) -> str:
    """What a JSON value is, for a message."""
    if value is None:
        return "null"
    names = {dict: "an object", list: "a list", str: "text", bool: "true or false"}
    return names.get(type(value), "a number")


def _shown(value: Any) -> str:
    return repr(value) if isinstance(value, str) else kind_of(value)
