"""``ormer lint``: what is wrong with policies, each finding with the request that shows it."""

from __future__ import annotations

import argparse
import gc
import os
import sys
from typing import Any

from ormer.cli.check import add_template_options, working_folder
from ormer.facts.iam_actions import source_version
from ormer.lint.rules import LINT_RULES
from ormer.model.errors import InputError
from ormer.model.lint import Attached, Linted
from ormer.read.templates.parameters import Values
from ormer.report.lint import json as lint_json
from ormer.report.lint import sarif as lint_sarif
from ormer.report.lint import text as lint_text
from ormer.run.given import given_values
from ormer.run.lint import check_rules, lint_targets
from ormer.run.targets import split
from ormer.sources.files import write_atomically


def add_parser(verbs: Any, summary: str) -> None:
    """The verb's options."""
    parser = verbs.add_parser(
        "lint",
        help=summary,
        description="Find what is wrong with policies: JSON documents, and those in "
        "CloudFormation templates and Terraform plans. Each finding comes with a "
        "request that gets through, or is wrongly denied, as `ormer decide` decides it. Exit "
        "code 0: nothing found; 1: findings; 2: it could not run.",
    )
    parser.add_argument(
        "target",
        nargs="+",
        metavar="TARGET",
        help="a policy, a CloudFormation template or a Terraform plan (terraform show -json) with "
        "all its policies or those of one resource (FILE#LogicalId, FILE#address); or - for "
        "standard input",
    )
    parser.add_argument(
        "--kind",
        choices=[attached.value for attached in Attached],
        help="what JSON policies are attached to; default: a policy with a Principal is a "
        "resource's (a role's trust policy, if it has no Resource), any other an identity's",
    )
    parser.add_argument(
        "--together",
        action="store_true",
        help="the policies of one kind are attached to the same: what one lets through, another "
        "may deny",
    )
    add_template_options(parser)
    parser.add_argument(
        "--environment",
        metavar="FILE",
        help="an environment profile: the account and the region of templates",
    )
    parser.add_argument(
        "--format", choices=["text", "json", "sarif"], default="text", help="default: text"
    )
    parser.add_argument("--output", metavar="FILE", help="write the report to FILE")
    parser.add_argument(
        "--ignore", action="append", default=[], metavar="RULE", help="a rule's id (repeatable)"
    )


def run(options: argparse.Namespace) -> int:
    """Lint every file; 1 if anything was found."""
    gc.enable()  # policies are compiled again and again
    attached = None if options.kind is None else Attached(options.kind)
    ignored = check_rules(options.ignore)
    given = _given(options)
    linted = list(lint_targets(options.target, attached, ignored, given, options.together))
    _write(_rendered(linted, options.format).encode("utf-8", "backslashreplace"), options)
    return 1 if any(one.findings for one in linted) else 0


def _given(options: argparse.Namespace) -> Values:
    """What is given for templates: of several values for a name the last one counts."""
    values: Values = {}
    if options.environment is not None:
        from ormer.run.check import load_environment  # late: few ask for it
        from ormer.run.parts import of_environment

        values.update(of_environment(load_environment(options.environment)))
    values.update(given_values(options.template_parameters, options.template_parameter))
    return values


def _inputs(options: argparse.Namespace) -> list[str]:
    """Every file that is read."""
    profile = [] if options.environment is None else [options.environment]
    return [*(split(each)[0] for each in options.target), *options.template_parameters, *profile]


def _rendered(linted: list[Linted], form: str) -> str:
    if form == "json":
        return lint_json.render(linted, source_version())
    if form == "sarif":
        return lint_sarif.render(linted, LINT_RULES, working_folder())
    return lint_text.render(linted)


def _write(data: bytes, options: argparse.Namespace) -> None:
    if options.output is not None:
        real = os.path.realpath(options.output)
        if any(
            os.path.exists(file) and os.path.realpath(file) == real for file in _inputs(options)
        ):
            raise InputError(f"--output {options.output} would replace what is read from it")
        write_atomically(options.output, data)
    elif sys.stdout is None:
        raise InputError("standard output is closed")
    else:
        sys.stdout.buffer.write(data)
