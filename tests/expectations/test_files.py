"""Files of expectations of one's own: what they may say, and what is refused."""

from __future__ import annotations

import re

import pytest

from ormer.evaluate.open.verdict import AccessEvaluator
from ormer.expectations.answers import answer
from ormer.expectations.askers import with_any_role
from ormer.expectations.expectation import load_expectations
from ormer.expectations.questions import questions
from ormer.model.errors import InputError
from ormer.model.finding import Verdict

EXPECTATIONS = load_expectations()


GOOD = """
- id: OWN-01
  title: t
  severity: high
  why: w
  source: s
  expect: denied
  ask: {who: any role, do: "s3:GetObject", to: "arn:aws:s3:::x/y"}
"""


@pytest.mark.parametrize(
    ("old", "new", "error"),
    [
        ("expect: denied", "expect: deny", "own.yaml: entry 1 (OWN-01): expect is 'deny', not allowed or denied"),
        ("severity: high", "severity: urgent", "severity is not one of critical, high, medium, low"),
        ("why: w", "whi: w", "entry 1: unknown field 'whi'; did you mean 'why'?"),
        ("  why: w\n", "", "own.yaml: entry 1: no why"),
        ("id: OWN-01", "id: own", "an id looks like BKT-01"),
        ("id: OWN-01", "id: BKT-01", "a second expectation BKT-01"),
        ("any role", "{a: b}", "who: is not a text or a list of texts"),
        ("do:", "via: sideways, do:", "via is 'sideways', not one of outside, vpc"),
        ("do:", "given: [x], do:", "given is a mapping of condition keys"),
        ("do:", "does:", "ask: unknown field 'does'; did you mean 'do'?"),
        (GOOD, "a: b", "a file of expectations is a list of them"),
        (GOOD, "- x", "entry 1: is no mapping of fields"),
        (GOOD, "[", "own.yaml"),
    ],
)  # fmt: skip
def test_a_file_that_is_none_is_refused(tmp_path, old, new, error):
    (tmp_path / "own.yaml").write_text(GOOD.replace(old, new))
    with pytest.raises(InputError, match=re.escape(error)) as caught:
        load_expectations(tmp_path)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("old", "new", "error"),
    [
        ("any role", "somebody", "own.yaml: 'somebody' is nobody who can ask"),
        (
            "any role",
            "'arn:aws:iam::1:role/x'",
            "own.yaml: 'arn:aws:iam::1:role/x' has no account of 12 digits",
        ),
        ("x/y", "${nothing}/y", "own.yaml: ${nothing} is no placeholder"),
        (
            "x/y",
            "${env.buckts.data}/y",
            "own.yaml: ${env.buckts.data}: a profile has no such field",
        ),
    ],
)
def test_a_question_that_is_none_is_refused(tmp_path, old, new, error, environment, made):
    (tmp_path / "own.yaml").write_text(GOOD.replace(old, new))
    own = load_expectations(tmp_path)[-1]
    with pytest.raises(InputError, match=re.escape(error)):
        list(questions(own, environment, made.good))


def test_an_own_expectation_is_asked(tmp_path, environment, made):
    (tmp_path / "own.yaml").write_text(GOOD)
    own = load_expectations(tmp_path)[-1]
    whole = with_any_role(made.good, environment)
    asked = list(questions(own, environment, whole))
    assert [one.text for one in asked] == [
        "any role from outside the VPC: s3:GetObject arn:aws:s3:::x/y",
        "any role through the VPC: s3:GetObject arn:aws:s3:::x/y",
    ]
    assert [answer(own, one, AccessEvaluator(whole)).verdict for one in asked] == [
        Verdict.FAIL,
        Verdict.FAIL,
    ]


def test_a_principal_of_the_access_file_is_asked_by_its_arn(tmp_path, environment, made):
    (tmp_path / "own.yaml").write_text(
        GOOD.replace("any role", "'arn:aws:iam::${account}:role/nobody', via: outside")
    )
    own = load_expectations(tmp_path)[-1]
    whole = with_any_role(made.good, environment)
    (asked,) = questions(own, environment, whole)
    said = answer(own, asked, AccessEvaluator(whole))
    assert said.lines == ("the access file has no arn:aws:iam::111122223333:role/nobody",)
    known = whole.holders[made.execution]._replace(principal=asked.request.principal)
    whole = whole._replace(holders={**whole.holders, asked.request.principal.name: known})
    assert answer(own, asked, AccessEvaluator(whole)).verdict is Verdict.PASS


def test_a_folder_without_expectations_is_an_error(tmp_path):
    with pytest.raises(InputError, match=r"no folder with files of expectations"):
        load_expectations(tmp_path)
