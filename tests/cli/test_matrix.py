"""``ormer matrix``: the table, the other formats, exit codes and bad input."""

from __future__ import annotations

import json
from collections.abc import Callable
from importlib import resources
from pathlib import Path
from typing import Any

import pytest

from ormer.cli.main import main
from ormer.evaluate.decide import decide
from ormer.model.authorization import Outcome, PolicySet
from ormer.read.policies.decide_line import read_request
from ormer.read.policies.policy import PolicyKind, PolicyReader

PIPELINE = "arn:aws:iam::111122223333:role/sm-pipeline"
TRAIN = "sagemaker:CreateTrainingJob"
ISOLATION = "sagemaker:NetworkIsolation"
ALLOW = {"Effect": "Allow", "Action": "*", "Resource": "*"}
_DENY = {"Effect": "Deny", "Action": TRAIN, "Resource": "*"}
EXACT = [
    {**_DENY, "Sid": "Missing", "Condition": {"Null": {ISOLATION: "true"}}},
    {**_DENY, "Sid": "False", "Condition": {"Bool": {ISOLATION: "false"}}},
]

Ask = Callable[..., tuple[int, str, str]]


@pytest.fixture
def ask(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Ask:
    profile = (resources.files("ormer.controls") / "example_environment.yaml").read_text("utf-8")
    (tmp_path / "env.yaml").write_text(profile)
    monkeypatch.chdir(tmp_path)

    def _ask(statements: list[Any], *arguments: str) -> tuple[int, str, str]:
        document = {"Version": "2012-10-17", "Statement": statements}
        access = {"principals": [{"arn": PIPELINE, "identity_policies": [document]}]}
        (tmp_path / "access.json").write_text(json.dumps(access))
        files = ("--access", "access.json", "--environment", "env.yaml")
        code = main(["matrix", *files, "--control", "NET-03", *arguments])
        said = capsys.readouterr()
        return code, said.out, said.err

    return _ask


def test_text_is_a_table_with_its_words(ask: Ask) -> None:
    code, out, _ = ask([{**ALLOW, "Action": TRAIN}, *EXACT])
    lines = out.splitlines()
    assert code == 0
    assert lines[0].split() == [
        *("control", "action", "by", "identity", "its", "Denies", "its", "Allows", "together")
    ]
    assert lines[1].split() == [
        *("NET-03", TRAIN, "sm-pipeline", "prevented", "prevented", "open", "prevented")
    ]
    assert "Each layer is asked alone" in out
    assert "NET-03: nobody of those asked may call 10 actions of sagemaker" in out


def test_what_is_let_in_is_shown_and_exit_code_1(ask: Ask) -> None:
    code, out, _ = ask([ALLOW])
    assert code == 1
    assert f"{TRAIN} by sm-pipeline: let in: {TRAIN} on arn:aws:sagemaker:" in out


def test_json_has_a_request_that_decide_reads(ask: Ask) -> None:
    statements = [{**ALLOW, "Action": TRAIN}, EXACT[0]]
    code, out, _ = ask(statements, "--format", "json")
    made = json.loads(out)
    assert code == 1 and made["schema"] == 1
    (row,) = made["rows"]
    cell = row["cells"]["all together"]
    assert cell["verdict"] == "open"
    request = read_request({"request": cell["lets_in"]}, "line")
    reader = PolicyReader("p")
    document = {"Version": "2012-10-17", "Statement": statements}
    policy = reader.policy(document, (), PolicyKind.IDENTITY, "p")
    assert decide(PolicySet(identity=(policy,)), request).outcome is Outcome.ALLOWED


def test_json_names_what_it_takes(ask: Ask) -> None:
    _, out, _ = ask([{**ALLOW, "Action": TRAIN}, *EXACT], "--format", "json", "--each-principal")
    (row,) = json.loads(out)["rows"]
    statements = {one["statement"] for one in row["cells"]["identity Denies"]["statements"]}
    assert statements == {"Missing", "False"}
    assert row["principals"] == [PIPELINE]


def test_markdown_joins_what_is_alike(ask: Ask, tmp_path: Path) -> None:
    actions = [TRAIN, "sagemaker:CreateProcessingJob"]
    denies = [{**one, "Action": actions} for one in EXACT]
    statements = [{**ALLOW, "Action": actions}, *denies]
    code, out, _ = ask(statements, "--format", "markdown", "--output", "matrix.md")
    text = (tmp_path / "matrix.md").read_text("utf-8")
    assert (code, out) == (0, "")
    assert (
        f"| NET-03 | `sagemaker:CreateProcessingJob`, `{TRAIN}` | sm-pipeline | "
        "prevented | prevented | open | prevented |" in text
    )


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--principal", "arn:aws:iam::111122223333:role/sm-pipelin"), "no principal"),
        (("--control", "NET-99"), "no control 'NET-99'"),
        (("--timeout", "-1"), "'-1' is no time in seconds"),
        (("--access", "missing.yaml"), "missing.yaml"),
    ],
)
def test_bad_input_is_one_line(
    arguments: tuple[str, ...], said: str, ask: Ask, capsys: pytest.CaptureFixture[str]
) -> None:
    try:
        code, _, err = ask([ALLOW], *arguments)
    except SystemExit as ended:
        code, err = int(str(ended.code)), capsys.readouterr().err
    assert code == 2 and said in err and err.count("\n") == 1


def test_without_the_solver_it_says_what_to_install(
    ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ormer.proofs.installed.is_installed", lambda: False)
    code, out, err = ask([ALLOW])
    assert (code, out) == (2, "")
    assert err == "ormer: error: proofs need a SAT solver: pip install 'ormer[prove]'\n"


def test_output_is_never_what_is_read(
    ask: Ask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("access.json", "env.yaml"):
        code, out, err = ask([ALLOW], "--output", name)
        assert (code, out) == (2, "") and f"--output {name} would replace what is read" in err
        assert "identity" not in (tmp_path / name).read_text("utf-8").splitlines()[0].split()


def test_no_principals_are_no_success(
    ask: Ask, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ask([ALLOW])
    (tmp_path / "nobody.yaml").write_text("principals: []\n")
    code = main(["matrix", "--access", "nobody.yaml", "--environment", "env.yaml"])
    said = "ormer: error: nobody.yaml: has no principals: there is nothing to prove\n"
    assert (code, capsys.readouterr().err) == (2, said)


def test_the_words_of_the_table_are_all_explained(ask: Ask, tmp_path: Path) -> None:
    _, out, _ = ask([ALLOW, *EXACT])
    for name in ("prevented", "stricter", "detected", "open", "unknown"):
        assert any(line.startswith(f"{name}  ") for line in out.splitlines()), name
