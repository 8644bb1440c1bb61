"""``ormer check``: pipeline definitions against the controls."""

from __future__ import annotations

import argparse
import os
import sys
from typing import Any, Optional

from ormer.assess.check import Checker
from ormer.assess.document_rules import DOCUMENT_RULES
from ormer.controls.load import check_ids, load_catalogue, only
from ormer.model.environment import Environment
from ormer.model.errors import InputError
from ormer.read.environment import read_environment
from ormer.report.formats import Format, Setting, render
from ormer.sources.files import read_bytes, write_atomically

STANDARD_INPUT = "standard input"


def add_parser(verbs: Any, summary: str) -> None:
    """The verb's options."""
    parser = verbs.add_parser(
        "check",
        help=summary,
        description="Check pipeline definitions (the JSON that pipeline.definition() returns) "
        "against every control. Exit code 0: compliant; 1: findings; 2: it could not run.",
    )
    parser.add_argument(
        "target",
        nargs="+",
        metavar="TARGET",
        help="a definition file, a glob, or - for standard input",
    )
    add_check_options(parser)
    parser.add_argument(
        "--format", choices=[form.value for form in Format], default="text", help="default: text"
    )
    parser.add_argument("--output", metavar="FILE", help="write the report to FILE")
    parser.add_argument(
        "--control", action="append", metavar="ID", help="run this control only (repeatable)"
    )


def add_check_options(parser: argparse.ArgumentParser) -> None:
    """The options that decide what a check asks for; the gate has them, too."""
    parser.add_argument(
        "--environment", metavar="FILE", required=True, help="the environment profile (YAML)"
    )
    parser.add_argument(
        "--controls",
        metavar="DIR",
        help="a folder of your own controls, which add to or replace ours",
    )
    parser.add_argument(
        "--strict", action="store_true", help="also fail where a control is not configured"
    )


def run(options: argparse.Namespace) -> int:
    """Check every target and print one report."""
    if options.output is not None:
        for path in (*options.target, options.environment):
            if os.path.exists(path) and os.path.realpath(path) == os.path.realpath(options.output):
                raise InputError(f"--output {options.output} would replace what is read from it")
    checker = make_checker(options.environment, options.controls, options.control)
    reports = [
        checker.check(read_bytes(path), name_of(path), pipeline_of(path))
        for path in expanded(options.target)
    ]
    setting = Setting(
        rules=(*checker.catalogue.controls, *DOCUMENT_RULES),
        strict=options.strict,
        colour=options.output is None and _terminal_with_colour(),
        folder=_working_folder(),
    )
    text = render(Format(options.format), reports, setting)
    if options.output is not None:
        write_atomically(options.output, text.encode("utf-8", "backslashreplace"))
    else:
        if sys.stdout is None:
            raise InputError("standard output is closed")
        sys.stdout.buffer.write(text.encode("utf-8", "backslashreplace"))
    return 0 if all(report.passed(options.strict) for report in reports) else 1


def make_checker(
    environment: str, controls: Optional[str], ids: Optional[list[str]] = None
) -> Checker:
    """A checker of a profile's file and a folder of controls."""
    catalogue = load_catalogue(controls)
    profile = load_environment(environment)
    rules = [rule.id for rule in DOCUMENT_RULES]
    check_ids(catalogue, profile.mapping("disabled_controls"))
    if ids:
        check_ids(catalogue, ids, rules)
        catalogue = only(catalogue, [name for name in ids if name not in rules])
    return Checker(profile, catalogue)


def load_environment(path: str) -> Environment:
    """Read a profile's file."""
    return read_environment(read_bytes(path), name_of(path))


def name_of(path: str) -> str:
    """A path as errors and reports name it."""
    return STANDARD_INPUT if path == "-" else path


def pipeline_of(path: str) -> str:
    """The pipeline's name: a definition does not hold it, so the file's name stands for it."""
    return "" if path == "-" else os.path.splitext(os.path.basename(path))[0]


def expanded(targets: list[str]) -> list[str]:
    """The targets with globs expanded. Raises InputError for a glob that matches nothing."""
    paths: list[str] = []
    for target in targets:
        if target == "-" or os.path.exists(target) or not any(c in target for c in "*?["):
            paths.append(target)
            continue
        from glob import glob

        matches = sorted(glob(target, recursive=True))
        if not matches:
            raise InputError(f"{target}: matches no file")
        paths += matches
    return list(dict.fromkeys(paths))


def _terminal_with_colour() -> bool:
    return sys.stdout is not None and sys.stdout.isatty() and "NO_COLOR" not in os.environ


def _working_folder() -> str:
    """The folder that relative targets are relative to; empty where it is gone."""
    try:
        return os.getcwd()
    except OSError:
        return ""
