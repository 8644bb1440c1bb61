"""``ormer check``: pipeline definitions against the controls."""

from __future__ import annotations

import argparse
import os
import sys
from typing import Any, Optional

from ormer.assess.access_rules import ACCESS_RULES
from ormer.assess.document_rules import DOCUMENT_RULES
from ormer.assess.waiver_rules import WAIVER_RULES
from ormer.model.errors import InputError
from ormer.report.findings.formats import Format, Setting, render
from ormer.run.batches import Asked, Batch, batches, only_changed
from ormer.run.check import Checked, check_batch
from ormer.sources.files import write_atomically


def add_parser(verbs: Any, summary: str) -> None:
    """The verb's options."""
    parser = verbs.add_parser(
        "check",
        help=summary,
        description="Check pipeline definitions (the JSON that pipeline.definition() returns), "
        "also those in CloudFormation templates and Terraform plans, against every control. "
        "Exit code 0: compliant; 1: findings; 2: it could not run.",
    )
    parser.add_argument(
        "target",
        nargs="*",
        metavar="TARGET",
        help="a definition, a CloudFormation template or a Terraform plan (terraform show -json), "
        "with all its pipelines or one of them (FILE#LogicalId, FILE#address); a glob; or - for "
        "standard input; default: what ormer.toml names",
    )
    add_check_options(parser)
    parser.add_argument(
        "--format", choices=[form.value for form in Format], default="text", help="default: text"
    )
    parser.add_argument("--output", metavar="FILE", help="write the report to FILE")
    add_template_options(parser)
    parser.add_argument(
        "--changed-since",
        metavar="REV",
        help="only what changed since this git revision; everything, if the profile, waivers, "
        "controls or ormer.toml did",
    )
    parser.add_argument(
        "--write-baseline",
        metavar="FILE",
        help="write what needs action as waivers into FILE; needs --owner and --until",
    )
    parser.add_argument("--owner", metavar="NAME", help="who accepts the findings of the baseline")
    parser.add_argument("--approver", metavar="NAME", help="who approved that; default: the owner")
    parser.add_argument(
        "--until", metavar="DATE", help="the last day of the baseline, such as 2026-12-31"
    )
    parser.add_argument(
        "--control", action="append", metavar="ID", help="run this control only (repeatable)"
    )


def add_template_options(parser: argparse.ArgumentParser) -> None:
    """Values for templates and plans; the lint has them, too."""
    parser.add_argument(
        "--template-parameter",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="a value for a template's parameter, or for whatever else it leaves open (repeatable)",
    )
    parser.add_argument(
        "--template-parameters",
        action="append",
        default=[],
        metavar="FILE",
        help="a file of such values, JSON or YAML, in CloudFormation's formats (repeatable)",
    )


def add_check_options(parser: argparse.ArgumentParser) -> None:
    """The options that decide what a check asks for; the gate has them, too."""
    parser.add_argument(
        "--environment",
        metavar="FILE",
        help="the environment profile (YAML); without it, ormer.toml says what is checked",
    )
    parser.add_argument(
        "--project", metavar="FILE", help="default: ormer.toml, here or in a folder above"
    )
    parser.add_argument(
        "--profile", metavar="NAME", help="of ormer.toml; default: every profile in it"
    )
    parser.add_argument(
        "--controls",
        metavar="DIR",
        help="a folder of your own controls, which add to or replace ours",
    )
    parser.add_argument(
        "--waivers", metavar="FILE", help="a file of waivers: findings accepted until a date"
    )
    parser.add_argument(
        "--access",
        metavar="FILE",
        help="an access file (docs/access.md): predict which calls of a run would be denied",
    )
    parser.add_argument(
        "--prove",
        action="store_true",
        help="with an access file: prove that each call is allowed whatever a caller passes, or "
        "show a value with which it is denied",
    )
    parser.add_argument(
        "--strict", action="store_true", help="also fail where a control is not configured"
    )


def run(options: argparse.Namespace) -> int:
    """Check every target and print one report."""
    if options.write_baseline or options.owner or options.until or options.approver:
        from ormer.cli.baseline import check_usage

        check_usage(options)
    asked = batches(_asked(options))
    _check_output(options.output, asked)
    if options.changed_since is not None:
        asked = only_changed(asked, options.changed_since)
    checked = [check_batch(batch, options.control) for batch in asked]
    if any(batch.waivers for batch in asked):
        from ormer.run.waivers import with_waivers

        reports = with_waivers(checked)
    else:
        reports = [report for one in checked for report in one.reports]
    if options.write_baseline is not None:
        from ormer.cli.baseline import write_baseline

        return write_baseline(reports, options, checked)
    _say_what_is_unchanged(asked, options.changed_since)
    _write(render(Format(options.format), reports, _setting(options, checked)), options.output)
    return 0 if all(report.passed(options.strict) for report in reports) else 1


def _asked(options: argparse.Namespace) -> Asked:
    return Asked(
        options.target,
        options.environment,
        options.project,
        options.profile,
        options.waivers,
        options.controls,
        options.changed_since,
        by_name=options.write_baseline is not None,
        parameter_files=options.template_parameters,
        parameters=options.template_parameter,
        access=options.access,
        prove=options.prove,
    )


def _check_output(output: Optional[str], asked: list[Batch]) -> None:
    if output is None:
        return
    real = os.path.realpath(output)
    for batch in asked:
        if any(os.path.exists(p) and os.path.realpath(p) == real for p in batch.inputs()):
            raise InputError(f"--output {output} would replace what is read from it")
        if batch.controls and os.path.dirname(real) == os.path.realpath(batch.controls):
            raise InputError(f"--output {output} would be one of the controls")


def _say_what_is_unchanged(asked: list[Batch], revision: Optional[str]) -> None:
    unchanged = sum(batch.unchanged for batch in asked)
    if unchanged:
        print(f"{unchanged} definitions are as they were at {revision}", file=sys.stderr)


def _setting(options: argparse.Namespace, checked: list[Checked]) -> Setting:
    rules = {rule.id: rule for one in checked for rule in one.checker.catalogue.controls}
    predicted = ACCESS_RULES if any(one.batch.access for one in checked) else ()
    of_waivers = WAIVER_RULES if any(one.batch.waivers for one in checked) else ()
    return Setting(
        rules=(*rules.values(), *DOCUMENT_RULES, *predicted, *of_waivers),
        strict=options.strict,
        colour=options.output is None and terminal_with_colour(),
        folder=working_folder(),
    )


def _write(text: str, output: Optional[str]) -> None:
    data = text.encode("utf-8", "backslashreplace")
    if output is not None:
        write_atomically(output, data)
    elif sys.stdout is None:
        raise InputError("standard output is closed")
    else:
        sys.stdout.buffer.write(data)


def terminal_with_colour() -> bool:
    """Whether standard output shows colours."""
    return sys.stdout is not None and sys.stdout.isatty() and "NO_COLOR" not in os.environ


def working_folder() -> str:
    """The folder that relative targets are relative to; empty where it is gone."""
    try:
        return os.getcwd()
    except OSError:
        return ""
