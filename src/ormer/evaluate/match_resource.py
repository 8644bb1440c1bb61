"""Whether a statement is about a resource.

Source: "IAM JSON policy elements: Resource" and "NotResource". Resources have a case. A ``*``
that ends a segment of an ARN "can expand to match beyond the colon boundaries"; about other
wildcards the page is silent, and here each may.
"""

from __future__ import annotations

from typing import Optional

from ormer.evaluate.globs import TextTest, glob_test, is_anything, match_glob
from ormer.evaluate.predicate import Test
from ormer.evaluate.variables import Template, as_glob, is_static, parse_template
from ormer.model.authorization import AuthorizationRequest
from ormer.model.policy import Effect, Statement


def resource_test(statement: Statement, version: str) -> Optional[Test]:
    """A test of the request's resource, or None where every resource passes.

    A trust policy has no Resource: it is about what it is attached to. A variable that does
    not resolve "might cause the entire statement to be invalid": under NotResource an Allow
    then grants nothing, and a Deny still denies.
    """
    if statement.resources is None:
        return None
    templates = [parse_template(text, version) for text in statement.resources]
    fixed = [as_glob(template, {}) for template in templates if is_static(template)]
    globs = [glob for glob in fixed if glob is not None]
    everything = any(is_anything(glob) for glob in globs)
    if everything:
        return (lambda _: False) if statement.not_resource else None
    open_ = [template for template in templates if not is_static(template)]
    static = _any_of([glob_test(glob) for glob in globs])
    if not open_:
        if statement.not_resource:
            return lambda request: not static(request.resource)
        return lambda request: static(request.resource)
    return _with_variables(static, open_, statement)


def _any_of(tests: list[TextTest]) -> TextTest:
    if len(tests) == 1:
        return tests[0]
    fixed = tuple(tests)

    def test(text: str) -> bool:
        for each in fixed:  # noqa: SIM110  a generator costs more
            if each(text):
                return True
        return False

    return test


def _with_variables(static: TextTest, templates: list[Template], statement: Statement) -> Test:
    negated = statement.not_resource
    unresolved = negated and statement.effect is Effect.DENY

    def test(request: AuthorizationRequest) -> bool:
        if static(request.resource):
            return not negated
        doubtful = False
        for template in templates:
            glob = as_glob(template, request.context)
            if glob is None:
                doubtful = True
            elif match_glob(glob, request.resource):
                return not negated
        return unresolved if doubtful else negated

    return test
