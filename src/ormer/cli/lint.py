"""``ormer lint``: what is wrong with policies, each finding with the request that shows it."""

from __future__ import annotations

import argparse
import gc
import os
import sys
from typing import Any

from ormer.cli.check import working_folder
from ormer.facts.iam_actions import source_version
from ormer.lint.rules import LINT_RULES
from ormer.model.errors import InputError
from ormer.model.lint import Attached, Linted
from ormer.report import lint_json, lint_sarif, lint_text
from ormer.run.lint import check_rules, lint_target
from ormer.sources.files import write_atomically


def add_parser(verbs: Any, summary: str) -> None:
    """The verb's options."""
    parser = verbs.add_parser(
        "lint",
        help=summary,
        description="Find what is wrong with policies (JSON documents). Each finding comes with a "
        "request that gets through, or is wrongly denied, as `ormer decide` decides it. Exit "
        "code 0: nothing found; 1: findings; 2: it could not run.",
    )
    parser.add_argument("file", nargs="+", metavar="FILE", help="a policy, or - for standard input")
    parser.add_argument(
        "--kind",
        choices=[attached.value for attached in Attached],
        help="what the policies are attached to; default: a policy with a Principal is a "
        "resource's (a role's trust policy, if it has no Resource), any other an identity's",
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
    linted = [
        one for file in dict.fromkeys(options.file) for one in lint_target(file, attached, ignored)
    ]
    _write(_rendered(linted, options.format).encode("utf-8", "backslashreplace"), options)
    return 1 if any(one.findings for one in linted) else 0


def _rendered(linted: list[Linted], form: str) -> str:
    if form == "json":
        return lint_json.render(linted, source_version())
    if form == "sarif":
        return lint_sarif.render(linted, LINT_RULES, working_folder())
    return lint_text.render(linted)


def _write(data: bytes, options: argparse.Namespace) -> None:
    if options.output is not None:
        real = os.path.realpath(options.output)
        if any(os.path.exists(file) and os.path.realpath(file) == real for file in options.file):
            raise InputError(f"--output {options.output} would replace what is read from it")
        write_atomically(options.output, data)
    elif sys.stdout is None:
        raise InputError("standard output is closed")
    else:
        sys.stdout.buffer.write(data)
