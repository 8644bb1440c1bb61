"""The Markdown report: a comment that says what to do, and says nothing for an attacker."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from ormer.model.finding import CheckedInput, Finding, Report, Severity, Verdict
from ormer.model.value import printable
from ormer.report.findings.markdown import render
from ormer.report.markdown.text import code, plain

Check = Callable[..., Report]
DEFINITIONS = Path(__file__).parents[1] / "definitions"
LARGEST = 65_536
GFM = MarkdownIt("commonmark", {"html": True}).enable("table").enable("strikethrough")


def training(name: str = "Train", **arguments: Any) -> dict[str, Any]:
    return {"Name": name, "Type": "Training", "Arguments": arguments}


def rows(text: str) -> list[list[str]]:
    """The cells of every row of findings, as a table's scanner cuts them."""
    lines = [line for line in text.splitlines() if line.startswith("| ")]
    cells = [re.split(r"(?<!\\)\|", line) for line in lines]
    return [[cell.strip() for cell in row[1:-1]] for row in cells if row[1].strip() != "severity"]


def shown(cell: str) -> str:
    """What a reader sees of a cell."""
    return html.unescape(re.sub(r"</?code>", "", cell))


def test_a_comment_says_verdict_counts_findings_and_digests(check: Check) -> None:
    report = check({"Steps": [training(VpcConfig={"Subnets": ["subnet-0zzz"]})]}, "build/p.json")
    text = render([report])
    lines = text.splitlines()
    assert lines[0] == "## Ormer: not compliant"
    assert lines[2].startswith("38 controls on 2 requests of 1 steps: ")
    assert lines[4] == "### <code>p</code>: not compliant"
    assert lines[6] == (f"<code>build/p.json</code>, sha256 <code>{report.input.sha256}</code>")
    assert lines[8:10] == [
        "| severity | control | step | what is wrong | what to write |",
        "|---|---|---|---|---|",
    ]
    (row,) = [row for row in rows(text) if row[1] == "NET-01"]
    assert row[0] == "high" and row[2] == "<code>Train</code>"
    assert row[3] == (
        "<code>VpcConfig.Subnets&#91;0&#93; is subnet-0zzz, which is not approved</code>"
    )
    assert row[4].startswith("Write the approved subnets as literals in VpcConfig.Subnets ")
    assert row[4].endswith(" Expected: <code>one of subnet-0aaa, subnet-0bbb</code>")
    assert report.controls_digest in lines[-1] and report.environment_sha256 in lines[-1]


def test_every_finding_that_needs_action_is_a_row_worst_first(reports: list[Report]) -> None:
    for report in reports:
        text = render([report])
        wrong = [f for f in report.findings if f.needs_action]
        made = rows(text)
        assert len(made) == len(wrong)
        order = ["critical", "high", "medium", "low"]
        assert [order.index(row[0].split()[0]) for row in made] == sorted(
            order.index(f.severity.value) for f in wrong
        )
        assert {(row[1], shown(row[3])) for row in made} == {(f.control, f.message) for f in wrong}


def test_ten_findings_are_open_and_the_others_folded(check: Check) -> None:
    text = render([check({"Steps": [training("A"), training("B"), training("C")]})])
    before, fold, after = text.partition("<details>")
    assert len(rows(before)) == 10
    assert fold and f"<summary>{len(rows(after))} more findings</summary>" in after
    assert "\n</details>\n" in after and text.count("<details>") == text.count("</details>") == 1


def test_unknown_is_said_with_the_severity(check: Check) -> None:
    (row,) = rows(render([check({"Steps": [{"Name": "N", "Type": "Nope"}]})]))
    assert row[:3] == ["high (unknown)", "DOC-01", "<code>N</code>"]


def test_a_compliant_pipeline_has_no_table(check: Check) -> None:
    text = render([check((DEFINITIONS / "v2" / "training_secure.json").read_bytes())])
    assert text.startswith("## Ormer: compliant\n")
    assert "| " not in text and "<details>" not in text


def test_the_headline_counts_pipelines_that_fail(check: Check) -> None:
    good = check({"Steps": []}, "good.json")
    bad = check({"Steps": [training()]}, "bad.json")
    text = render([good, bad])
    assert text.startswith("## Ormer: 1 of 2 not compliant\n")
    assert "### <code>good</code>: compliant\n" in text
    assert "### <code>bad</code>: not compliant\n" in text


def test_what_did_not_run_is_folded_and_strict_decides(check: Check, profile: str) -> None:
    less = (
        profile.replace("max_instance_count: 4\n", "") + "disabled_controls: {NET-01: by @team}\n"
    )
    report = check({"Steps": []}, environment=less)
    text = render([report])
    assert text.startswith("## Ormer: compliant\n")
    assert "<summary>2 controls did not run</summary>" in text
    assert "- CMP-02: not configured, the profile has no max_instance_count\n" in text
    assert "- NET-01: disabled by the profile, by @&#8203;team\n" in text
    assert render([report], strict=True).startswith("## Ormer: not compliant\n")


def report_of(*findings: Finding, target: str = "p.json", pipeline: str = "p") -> Report:
    return Report(
        input=CheckedInput(target, "0" * 64, "pipeline-definition", pipeline, {}, b"{}"),
        environment_path="e.yaml",
        environment_sha256="1" * 64,
        controls_digest="2" * 64,
        controls=("X-01",),
        overridden=(),
        versions={},
        findings=findings,
        requests=1,
        steps=1,
        not_configured={},
        disabled={},
    )


def finding(subject: str, message: str, fix: str = "fix") -> Finding:
    return Finding(
        "X-01", "t", Verdict.FAIL, Severity.HIGH, subject, (), message, message, None, fix
    )


TRICKY = st.text(
    st.sampled_from("|\\`*_[]()<>&#@!~$:/\n\r\t{}\"'.-+= aw1\x1b\u202e\ud800") | st.characters(),
    max_size=20,  # an escape has at most 10 characters, and a name of 200 is not cut
)


@settings(max_examples=400, deadline=None)
@given(subject=TRICKY, message=TRICKY, fix=TRICKY, target=TRICKY)
def test_any_text_keeps_a_row_in_its_cells_and_is_shown_as_it_is(
    subject: str, message: str, fix: str, target: str
) -> None:
    text = render([report_of(finding(subject, message, fix), target=target or "t")])
    (row,) = rows(text)
    assert len(row) == 5
    assert shown(row[2]) == (printable(subject) or "the document")
    assert shown(row[3]) == printable(message)
    tokens = GFM.parse(text)
    cells = [
        tokens[n + 1].content for n, t in enumerate(tokens) if t.type in ("td_open", "th_open")
    ]
    assert len(cells) == 10, "a parser of tables sees a head and one row"
    kinds = {child.type for token in tokens for child in token.children or ()}
    assert kinds <= {"text", "text_special", "html_inline", "softbreak"}, "no markup of its own"
    tags = {c.content for t in tokens for c in t.children or () if c.type == "html_inline"}
    assert tags <= {"<code>", "</code>"}


@pytest.mark.parametrize(
    "text, expected",
    [
        ("a|b", "a&#124;b"),
        ("`x`", "&#96;x&#96;"),
        ("<img src=x onerror=y>", "&#60;img src=x onerror=y&#62;"),
        ("</code>", "&#60;/code&#62;"),
        ("&lt;", "&#38;lt;"),
        ("two\nlines", "two&#92;nlines"),
        ("@octocat", "&#64;octocat"),
        ("owner/repo#123", "owner/repo&#35;123"),
        ("https://evil.example", "https&#58;//evil.example"),
        ("www.evil.example", "www&#46;evil.example"),
        ("arn:aws:kms:key/ebs", "arn:aws:kms:key/ebs"),
        ("snake_case and _this_", "snake_case and &#95;this&#95;"),
        ("__init__ a__b", "&#95;&#95;init&#95;&#95; a&#95;&#95;b"),
        ("a\\|b", "a&#92;&#124;b"),
    ],
)
def test_a_value_is_code_and_nothing_else(text: str, expected: str) -> None:
    assert code(text, 100) == f"<code>{expected}</code>"


def test_a_long_value_is_cut_before_it_is_escaped() -> None:
    assert code("|" * 50, 10) == f"<code>{'&#124;' * 7}...</code>"
    assert code("", 10) == ""


def test_prose_mentions_nobody() -> None:
    assert (
        plain("ask @team about #12\nor <b>") == "ask @&#8203;team about #&#8203;12 or &#60;b&#62;"
    )


def test_a_definition_cannot_write_markdown(check: Check) -> None:
    evil = "x |\n\n# compliant\n<details> @octocat #1 ![p](https://e.example/p.png) `"
    text = render([check(json.dumps({"Steps": [training(evil, RoleArn=evil)]}).encode())])
    assert text.count("\n#") == 1, "the one heading of the pipeline"
    assert "@octocat" not in text and "#1 " not in text and "https://e" not in text
    assert "<details> " not in text and "![" not in text


@pytest.mark.parametrize("pipelines, steps", [(1, 60), (40, 4), (900, 1), (3, 0)])
def test_a_comment_is_never_larger_than_github_takes(
    pipelines: int, steps: int, check: Check
) -> None:
    one = check({"Steps": [training(f"Step{n}") for n in range(steps)]})
    many = [
        one._replace(input=one.input._replace(pipeline=f"p{n}", target=f"{n}.json"))
        for n in range(pipelines)
    ]
    text = render(many)
    assert len(text.encode()) <= LARGEST
    assert text.count("<details>") == text.count("</details>")
    wrong = sum(f.needs_action for report in many for f in report.findings)
    left = re.search(r"^\*\*(\d+) more findings do not fit .* shows (\d+) of (\d+) ", text, re.M)
    assert len(rows(text)) + (int(left[1]) if left else 0) == wrong
    if left:
        assert int(left[3]) == pipelines and 1 <= int(left[2]) <= pipelines
        assert len(text.encode()) > LARGEST - 3000, "as much as fits"
    assert text.splitlines()[-1].startswith("Ormer "), "the digests are always there"
    assert all(len(row) == 5 for row in rows(text)), "cut between rows"


@settings(max_examples=60, deadline=None)
@given(names=st.lists(st.text(min_size=1), min_size=1, max_size=4), size=st.integers(1, 40_000))
def test_values_of_any_length_keep_it_in_bounds(names: list[str], size: int) -> None:
    findings = [finding(name * size, "|" * size, "é" * size) for name in names] * 20
    text = render([report_of(*findings, target="t" * size, pipeline="&" * size)])
    assert len(text.encode()) <= LARGEST
    assert not re.search(r"&(?!#\d+;)", text) and text.count("<code>") == text.count("</code>")
