"""Where Ormer and its peer decide differently, and why Ormer's answer is kept.

Each difference is a question about one case. ``explained.json`` has an example of each with
both answers; a test asks both evaluators for it, so that no explanation outlives its reason.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

from benchmarks.differential.cases import Case

Question = Callable[[Case], bool]
_SET = re.compile("^For(Any|All)Values?:", re.IGNORECASE)
_UNREADABLE = {
    "Arn": lambda text: text.count(":") < 5,
    "Numeric": lambda text: not re.fullmatch(r"[+-]?\d+(\.\d+)?", text),
    "Date": lambda text: not re.match(r"\d{4}-\d\d-\d\d", text),
    "NotIp": lambda text: not re.fullmatch(r"[0-9a-f.:/]+", text),
}


def exposed(case: Case) -> list[str]:
    """The names of the differences that this case could show."""
    return [name for name, (asks, _) in QUESTIONS.items() if asks(case)]


def explanations(case: Case, ours: str, theirs: str) -> list[str]:
    """The names of the differences that explain these two answers."""
    return [name for name in exposed(case) if (ours, theirs) in QUESTIONS[name][1]]


def _documents(case: Case) -> Iterator[Any]:
    yield from case.get("identityPolicies", [])
    yield from case.get("permissionBoundaries", [])
    yield from case.get("vpcEndpointPolicies", [])
    for level in (*case.get("scps", []), *case.get("rcps", [])):
        yield from level["policies"]
    for member in ("sessionPolicy", "resourcePolicy"):
        if member in case:
            yield case[member]


def _statements(case: Case) -> Iterator[tuple[Any, Any]]:
    for document in _documents(case):
        found = document["Statement"]
        for statement in found if isinstance(found, list) else [found]:
            yield document, statement


def _conditions(case: Case) -> Iterator[tuple[Any, str, list[str], Any]]:
    """Each condition: its statement, operator, values, and what the request has for its key."""
    context = {key.lower(): value for key, value in case["request"]["context"].items()}
    for _, statement in _statements(case):
        for operator, keys in statement.get("Condition", {}).items():
            for key, values in keys.items():
                listed = values if isinstance(values, list) else [values]
                yield statement, operator, listed, context.get(key.lower())


def _texts(case: Case) -> Iterator[tuple[Any, Any, str]]:
    """Every text in which variables count."""
    for document, statement in _statements(case):
        for element in ("Resource", "NotResource"):
            found = statement.get(element, [])
            for text in found if isinstance(found, list) else [found]:
                yield document, statement, text
        for keys in statement.get("Condition", {}).values():
            for values in keys.values():
                for text in values if isinstance(values, list) else [values]:
                    yield document, statement, text


def _element(case: Case, element: str) -> Iterator[str]:
    for _, statement in _statements(case):
        found = statement.get(element, [])
        yield from found if isinstance(found, list) else [found]


def old_version_with_variable(case: Case) -> bool:
    return any(
        "${" in text and document.get("Version") != "2012-10-17"
        for document, _, text in _texts(case)
    )


def literal_in_string_equals(case: Case) -> bool:
    return any(
        "Equals" in operator and "String" in operator and any("${*}" in text for text in values)
        for _, operator, values, _ in _conditions(case)
    )


def empty_list(case: Case) -> bool:
    return any(found == [] for _, _, _, found in _conditions(case))


def empty_text_for_all(case: Case) -> bool:
    return any(
        operator.startswith("ForAllValues") and found == ""
        for _, operator, _, found in _conditions(case)
    )


def for_any_if_exists(case: Case) -> bool:
    return any(
        operator.startswith("ForAnyValue") and operator.endswith("IfExists") and found is None
        for _, operator, _, found in _conditions(case)
    )


def unreadable_in_negated_deny(case: Case) -> bool:
    for statement, operator, values, found in _conditions(case):
        base = _SET.sub("", operator)
        if statement["Effect"] != "Deny" or "Not" not in base or found is None:
            continue
        asked = found if isinstance(found, list) else [found]
        for prefix, unreadable in _UNREADABLE.items():
            if base.startswith(prefix) and any(map(unreadable, (*asked, *values))):
                return True
    return False


def unresolved_in_negated_deny(case: Case) -> bool:
    context = {key.lower() for key, value in case["request"]["context"].items() if value}
    for _, statement in _statements(case):
        if statement["Effect"] != "Deny":
            continue
        negated = [operator for operator in statement.get("Condition", {}) if "Not" in operator]
        texts = [statement.get("NotResource", [])]
        texts += [v for op in negated for v in statement["Condition"][op].values()]
        keys = re.findall(r"\$\{([A-Za-z][^},]*)\}", str(texts))
        if any(key.lower() not in context for key in keys):
            return True
    return False


def unresolved_in_not_resource(case: Case) -> bool:
    context = {key.lower() for key, value in case["request"]["context"].items() if value}
    keys = re.findall(r"\$\{([A-Za-z][^},]*)\}", str(list(_element(case, "NotResource"))))
    return any(key.lower() not in context for key in keys)


def address_of_other_family(case: Case) -> bool:
    for _, operator, values, found in _conditions(case):
        asked = found if isinstance(found, list) else [found]
        if "NotIp" not in operator or all("/" in value for value in values):
            continue
        if any(":" in str(text) for text in asked):
            return True
    return False


def wildcard_across_colons(case: Case) -> bool:
    return any(
        text != "*" and text.count(":") < 5
        for element in ("Resource", "NotResource")
        for text in _element(case, element)
    )


def wildcard_service(case: Case) -> bool:
    return any(
        text.startswith("*:")
        for element in ("Action", "NotAction")
        for text in _element(case, element)
    )


def prefix_of_no_bits(case: Case) -> bool:
    return any("Ip" in op and "0.0.0.0/0" in values for _, op, values, _ in _conditions(case))


def default_without_space(case: Case) -> bool:
    return any(",'" in text for _, _, text in _texts(case))


def default_of_multivalued_key(case: Case) -> bool:
    return any("${list:text, " in text for _, _, text in _texts(case))


def date_as_number(case: Case) -> bool:
    for _, operator, values, found in _conditions(case):
        asked = found if isinstance(found, list) else [found]
        if "Date" in operator and any(str(text).isdigit() for text in (*asked, *values)):
            return True
    return False


def binary_compared_as_text(case: Case) -> bool:
    return any("Binary" in op and "###" in values for _, op, values, _ in _conditions(case))


def variable_in_bool(case: Case) -> bool:
    return any("Bool" in op and "${x:bool}" in values for _, op, values, _ in _conditions(case))


def session_policy_and_direct_grant(case: Case) -> bool:
    return "sessionPolicy" in case and "resourcePolicy" in case and _same_account(case)


def root_user(case: Case) -> bool:
    return str(case["request"]["principal"]).endswith(":root")


def not_principal(case: Case) -> bool:
    return any("NotPrincipal" in statement for _, statement in _statements(case))


def service_and_scp(case: Case) -> bool:
    principal = case["request"]["principal"]
    return isinstance(principal, dict) and principal["type"] == "Service" and "scps" in case


def role_without_trust_policy(case: Case) -> bool:
    return case["request"]["action"] == "sts:AssumeRole" and "resourcePolicy" not in case


def rcp_of_other_service(case: Case) -> bool:
    service = case["request"]["action"].split(":")[0]
    return "rcps" in case and service in ("ec2", "sagemaker")


def service_linked_role(case: Case) -> bool:
    principal = str(case["request"]["principal"])
    return "AWSServiceRoleFor" in principal and ("scps" in case or "rcps" in case)


def _same_account(case: Case) -> bool:
    return f"::{case['request']['resourceAccount']}:" in str(case["request"]["principal"])


Answers = frozenset[tuple[str, str]]
_ALLOWED, _IMPLICIT, _EXPLICIT = "Allowed", "ImplicitlyDenied", "ExplicitlyDenied"
_ANY: Answers = frozenset(
    (ours, theirs)
    for ours in (_ALLOWED, _IMPLICIT, _EXPLICIT)
    for theirs in (_ALLOWED, _IMPLICIT, _EXPLICIT)
)
_WE_DENY: Answers = frozenset({(_EXPLICIT, _ALLOWED), (_EXPLICIT, _IMPLICIT)})
_WE_ALLOW: Answers = frozenset({(_ALLOWED, _IMPLICIT)})
_THEY_DENY: Answers = frozenset({(_ALLOWED, _EXPLICIT), (_IMPLICIT, _EXPLICIT)})

QUESTIONS: dict[str, tuple[Question, Answers]] = {
    question.__name__: (question, answers)
    for question, answers in (
        (old_version_with_variable, _ANY),
        (literal_in_string_equals, _ANY),
        (prefix_of_no_bits, _ANY),
        (address_of_other_family, _ANY),
        (default_without_space, _ANY),
        (default_of_multivalued_key, _ANY),
        (empty_list, _ANY),
        (empty_text_for_all, _ANY),
        (for_any_if_exists, _ANY),
        (date_as_number, _ANY),
        (binary_compared_as_text, _ANY),
        (variable_in_bool, _ANY),
        (wildcard_across_colons, _ANY),
        (wildcard_service, _ANY),
        (unreadable_in_negated_deny, _WE_DENY),
        (unresolved_in_negated_deny, _WE_DENY),
        (not_principal, _WE_DENY),
        (session_policy_and_direct_grant, _WE_ALLOW),
        (root_user, _WE_ALLOW),
        (service_and_scp, _WE_ALLOW | _THEY_DENY),
        (service_linked_role, _WE_ALLOW | _THEY_DENY),
        (rcp_of_other_service, _THEY_DENY),
        (unresolved_in_not_resource, frozenset({(_IMPLICIT, _ALLOWED)})),
        (role_without_trust_policy, frozenset({(_IMPLICIT, _ALLOWED)})),
    )
}
"""Each question with the answers, ours and the peer's, that it can explain."""
