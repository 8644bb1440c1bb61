"""Why a decision cannot be made: the statements that it depends on, and on what they depend."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ormer.evaluate.explain import statement_name
from ormer.evaluate.match_principal import match_principal
from ormer.evaluate.open.conditions import condition_holds
from ormer.evaluate.open.elements import about_action, about_resource, principal_readings
from ormer.evaluate.open.reading import OpenEvaluator, OpenStatement
from ormer.evaluate.open.values import open_template
from ormer.evaluate.variables import Variable
from ormer.model.authorization import AuthorizationRequest, Decision, Layer, Outcome
from ormer.model.policy import Condition
from ormer.model.symbol import readable, symbols


def doubts(
    narrowest: OpenEvaluator, denied: Decision, request: AuthorizationRequest
) -> Iterator[str]:
    """A line for each element in doubt of the statements by which the narrowest reading denies.

    These are its Denies, or else the Allows of the layers that it misses.
    """
    explicit = denied.outcome is Outcome.EXPLICITLY_DENIED
    layers = {missing.layer for group in denied.missing for missing in group}
    bounded = narrowest.compiled.bounded(request.principal)
    for each in narrowest.statements(request):
        wanted = each.reason in denied.reasons if explicit else each.layer in layers
        if wanted and each.is_deny is explicit and each.may_apply(request, bounded):
            for line in _elements(each, request, bounded):
                yield f"{statement_name(each.reason)}: {line}"
    if Layer.PUBLIC_ACCESS_BLOCK in layers:
        yield "RestrictPublicBuckets: whether the bucket's policy is public depends on its symbols"


def _elements(each: OpenStatement, request: AuthorizationRequest, bounded: bool) -> Iterator[str]:
    """The elements of a statement that cannot be said to match, nor not to."""
    statement, version = each.statement, each.policy.version
    if about_action(statement, request.action.lower()) is None:
        yield _element("Action", statement.not_action, statement.actions, ())
    grants = {
        match_principal(reading, request.principal, bounded)
        for reading in principal_readings(statement, request.principal)
    }
    if len(grants) > 1 and statement.principals is not None:
        names = [name for names in statement.principals[1:] for name in names]
        yield _element("Principal", statement.not_principal, names, ())
    if about_resource(statement, version, request) is None:
        yield _resource(each, request)
    for condition in statement.conditions:
        if condition_holds(condition, version, statement.effect, request) is None:
            yield _condition(condition, version, request)


def _element(name: str, negated: bool, texts: Iterable[str], more: Iterable[str]) -> str:
    """``NotAction s3:${Verb} depends on Verb``: of the texts, those with symbols."""
    shown = [text for text in texts if symbols(text)] or list(texts)
    names = dict.fromkeys(name for text in (*shown, *more) for name in symbols(text))
    about = ", ".join(map(readable, shown))
    made = f"{'Not' if negated else ''}{name} {about}"
    return f"{made} depends on {', '.join(names)}" if names else made


def _resource(each: OpenStatement, request: AuthorizationRequest) -> str:
    statement = each.statement
    texts = statement.resources or ()
    behind = [text for one in texts for text in _behind(one, each.policy.version, request)]
    made = _element("Resource", statement.not_resource, texts, (request.resource, *behind))
    if " depends on " in made:
        return made
    return f"{made} is about a part of {request.resource}"


def _condition(condition: Condition, version: str, request: AuthorizationRequest) -> str:
    key = condition.key.lower()
    made = f"{condition.operator} {condition.key} {', '.join(condition.values)}".rstrip()
    texts = [made, *_values(key, request)]
    texts += [text for one in condition.values for text in _behind(one, version, request)]
    names = dict.fromkeys(name for text in texts for name in symbols(text))
    why = [f"depends on {', '.join(names)}"] if names else []
    if key in request.uncertain:
        why.append(f"the request may have {condition.key} or not")
    return f"{readable(made)}: {' and '.join(why) or 'depends on a key that may be there or not'}"


def _behind(text: str, version: str, request: AuthorizationRequest) -> Iterator[str]:
    """The values of the variables in a text of a policy."""
    for part in open_template(text, version):
        if isinstance(part, Variable):
            yield from _values(part.key, request)


def _values(key: str, request: AuthorizationRequest) -> tuple[str, ...]:
    value = request.context.get(key, ())
    return (value,) if isinstance(value, str) else value
